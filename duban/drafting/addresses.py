"""Mailboxes, telephones and whom to ask, only as printed."""

import re
from dataclasses import dataclass
from itertools import pairwise

from duban.drafting.layout import Paragraph

MAILBOX = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63} ?@ ?[A-Za-z0-9-]{1,40}(?: ?\. ?[A-Za-z0-9-]{1,20}){1,4}"
)
_PHONE = re.compile(
    r"(?<![\dA-Za-z@.\-])(?:\(0\d{2,3}\) ?\d{7,8}|"
    r"0\d{2,3} ?-{1,2} ?\d{7,8}(?:-\d{1,5})?(?:/\d{1,8})?|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|"
    r"400-?\d{3}-?\d{4}|[2-8]\d{6,7}|\d{3,4}-\d{7,8})(?![\d@])"
)
_OFFICE_LINE = re.compile(
    r"(?P<office>[\u4e00-\u9fff()]{3,24}(?:局|厅|委|办|处|科|室|中心|部|会|司|院|所|"
    r"股))[:] ?(?:[\u4e00-\u9fff]{2,3}[, ])?(?=\d)"
)
_PHONE_NEAR = re.compile(r"电话|手机|传真|热线|联系|[Tt]el|咨询|座机")
_PERSON = re.compile(
    r"联系人(?:及(?:联系)?(?:电话|方式))?[:]? ?"
    r"(?P<names>[\u4e00-\u9fff、 ×*]{2,24}?)(?=[,;。(:\d]|电话|联系|手机|邮箱|$)"
)
_ASKED = re.compile(
    r"(?P<office>[\u4e00-\u9fff()]{2,30}?)(?:业务|政策|技术)?(?:咨询)?(?:联系人|联系电话|"
    r"联系方式|咨询电话|咨询|电话|邮箱)"
)
_FORM_LINE = re.compile(r"[_＿]{2,}")
_NOT_OFFICE = re.compile(
    r"^(?:业务|政策|技术|工作|会务|材料|报名|填表|会议|平台|系统|活动|具体|单位|办公|固定|移动|"
    r"电子|联系|报送|各|请|如|将|监督|举报|其他|本|专用|指定|公共|政务|工作)"
)
_OTHER_LINE = re.compile(r"[\u4e00-\u9fff]{2,10}(?:支持|服务|咨询|热线|监督|举报|客服)(?:电话)?:")
_LABELLED = re.compile(
    r"(?:\d{1,2}[.、])?(?:联系|咨询|办公|电子|工作)?(?:电话|手机|邮箱|传真|信箱|邮件|[Ee]-?mail|方式|邮编)"
)
_REACH = 3


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An office (or, where none is printed, a name) that one can ask."""

    name: str | None
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    #: the paragraph in which it begins
    paragraph: int


def mailboxes(text: str) -> tuple[str, ...]:
    """The mailboxes of a text in order, none twice."""
    return tuple(dict.fromkeys(found[0].replace(" ", "").rstrip(".") for found in MAILBOX.finditer(text)))


def phones(text: str) -> tuple[str, ...]:
    """The telephone numbers of a text in order, none twice; a number counts where a word near it says so."""
    found = []
    for match in _PHONE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if (_PHONE_NEAR.search(before) or _OFFICE_LINE.match(text)) and not re.search(
            r"(?:QQ|qq|微信|账号|群|编码|邮编|邮政编码)[群号:]{0,3}\D{0,3}$", before
        ):
            found.append(re.sub(r"\s", "", match[0]))
    return tuple(dict.fromkeys(found))


def contacts(paragraphs: tuple[Paragraph, ...]) -> tuple[Contact, ...]:
    """The contacts of a document; one that has neither telephone nor mailbox is a blank form."""
    found: list[Contact] = []
    for at, paragraph in enumerate(paragraphs):
        text = paragraph.text
        if "\t" in text or _FORM_LINE.search(text):
            continue
        for piece in _pieces(text):
            numbers, boxes = phones(piece), mailboxes(piece)
            if not numbers and not boxes:
                _begin(found, piece, at)
            elif _ASKED.search(piece) or _PERSON.search(piece) or _LABELLED.match(piece) or _OFFICE_LINE.match(piece):
                _extend(found, piece, at, numbers, boxes)
    return tuple(one for one in _without_empty(found))


def _without_empty(found: list[Contact]) -> list[Contact]:
    return [one for one in found if one.phones or one.emails]


def _pieces(text: str) -> list[str]:
    """A piece for each 联系人 of a paragraph; the office before it belongs to it."""
    if len(text) > 4000:
        return []
    starts = [0]
    for found in re.finditer(r"(?<=[。;\d])[,; ]?(?=[\u4e00-\u9fff()]{0,20}联系人)", text):
        starts.append(found.end())
    bounds = [*starts, len(text)]
    return [text[start:end] for start, end in pairwise(bounds) if end > start]


def _name(piece: str) -> str | None:
    """The office before 联系人 or 电话, else the name behind it."""
    if line := _OFFICE_LINE.match(piece):
        return line["office"]
    person = _PERSON.search(piece)
    asked = _ASKED.search(piece[-200:] if len(piece) > 200 else piece)
    if (
        asked
        and not _NOT_OFFICE.match(asked["office"])
        and re.search(r"[局厅委办处科室心部会司院所站队组学社司馆台网]\)?$", asked["office"])
    ):
        return re.sub(r"^(?:请联系|联系|请与|与|和|及)", "", asked["office"])
    return (person["names"] or "").strip(" 、,") or None if person else None


def _begin(found: list[Contact], piece: str, at: int) -> None:
    if "联系人" in piece or "联系方式" in piece:
        found.append(Contact(name=_name(piece), phones=(), emails=(), paragraph=at))


def _extend(found: list[Contact], piece: str, at: int, numbers: tuple[str, ...], boxes: tuple[str, ...]) -> None:
    """A line of telephone or mailbox goes with the contact above it, where that has none of its kind yet."""
    begins = "联系人" in piece or _name(piece) is not None or bool(_OTHER_LINE.match(piece))
    last = found[-1] if found and at - found[-1].paragraph <= _REACH else None
    if last is None or (begins and (last.phones or last.emails or last.name)) or (numbers and last.phones):
        found.append(Contact(name=_name(piece), phones=numbers, emails=boxes, paragraph=at))
    else:
        merged = tuple(dict.fromkeys((*last.phones, *numbers))), tuple(dict.fromkeys((*last.emails, *boxes)))
        found[-1] = Contact(name=last.name or _name(piece), phones=merged[0], emails=merged[1], paragraph=at)
