"""What stands around the text: number, title, issuer, day of issue, addressees, basis, attachments."""

import re
from dataclasses import dataclass
from datetime import date

from duban.drafting.layout import NUMBER, Document, Paragraph
from duban.drafting.numerals import DAY, MONTH, YEAR, number, year
from duban.drafting.offices import parts

_TITLE_END = re.compile(
    r".*(?:通知|函|意见|方案|通报|公告|通告|办法|要点|倡议书?|启事|请示|批复|细则|计划|预案|"
    r"决定|报告|规定|提示|提醒|催报|的信|通知书|提醒函|计划表)(?:\([^()]{1,20}\))?$"
)
_SKIPPED = re.compile(
    r"(?:特急|急件|加急|明电|平急|内部|秘密|机密|签发人|[^\n]{0,30}文件(?![\u4e00-\u9fff]{3})|[(]?此件|索引号|"
    r"主题分类|您?所在的?位置|发文机关|发布(?:时间|日期)|来源|浏览|字号|打印|首页|当前位置|"
    r"您?现在的位置|信息来源|分享).*"
)
_FULL_DATE = rf"(?P<year>{YEAR})[年\-./](?P<month>{MONTH})[月\-./](?P<day>{DAY})日?"
_DAY_ALONE = re.compile(rf"\(?{_FULL_DATE}\)?")
_DAY_ENDS = re.compile(rf".{{2,40}}?{_FULL_DATE}(?:[(]印章[)])?$")
_PRINTED = re.compile(rf"{_FULL_DATE} ?印发")
_PUBLISHED = re.compile(rf"(?:成文|发文|发布|印发|公开|发布)(?:日期|时间)[: ]{{0,2}}{_FULL_DATE}")
_BASIS = re.compile(
    rf"《(?P<title>[^《》]{{4,90}}(?:《[^《》]{{2,60}}》[^《》]{{0,30}})?)》(?:\((?P<number>{NUMBER.pattern})[^)]{{0,20}}\))?"
)
_BASED = re.compile(r"(?:根据|按照|依据|依照|贯彻|落实|转发|遵照)[^《》]{0,40}$")
_OFFICE_END = re.compile(
    r"(?:局|厅|委|办|处|室|中心|部|会|院|所|队|组|大学|学校|学院|公司|政府|机关|社|团|党校|署|"
    r"司|科|府|馆|海关)(?:\(.{1,12}\))?$"
)
_ADDRESS_START = re.compile(
    r"各|尊敬|广大|亲爱的|辖区|全|有关|相关|市直|省直|局属|直属|机关|局机关|委机关|院属|校属|驻|[\u4e00-\u9fff]{2,12}(?:局|厅|委|办|"
    r"会|院|部|市|县|区|校|府|中心|公司|单位)"
)


@dataclass(frozen=True, kw_only=True)
class Basis:
    """A document that this one rests on."""

    title: str
    number: str | None
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words of the head with their place; the value may be written otherwise."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The facts of a document's head and foot; what is not printed is None or empty."""

    number: Words | None
    title: Words | None
    issuer: Words | None
    issued_on: date | None
    #: 印发
    printed_on: date | None
    #: where the day of issue stands
    day_at: tuple[int, int] | None
    addressees: tuple[str, ...]
    addressed_at: tuple[int, int] | None
    basis: tuple[Basis, ...]
    attachments: tuple[str, ...]
    copies_to: tuple[str, ...]
    #: the year of the number or title: dates lean on it where no day of issue is printed
    year: int | None
    #: index of the first paragraph behind the head
    body: int


def read_heading(document: Document, shown: str) -> Heading:
    """The head and foot of a document; ``shown`` are the words as printed."""
    lines = document.paragraphs
    title_at, title_first = _title(lines)
    number_ = _number(lines[: title_at + 4], shown)
    title = _join(lines, title_first, title_at, shown) if title_at >= 0 else None
    addressed = _addressed(lines, title_at + 1)
    issued, day_at = _issued(document, title_at + 1)
    printed = _printed(lines)
    return Heading(
        number=number_,
        title=title,
        issuer=_issuer(document, title, title_first, shown),
        issued_on=issued or printed,
        printed_on=printed,
        day_at=day_at,
        addressees=parts(shown[lines[addressed].start : lines[addressed].end].replace("，", ",").strip(" ：:"))
        if addressed >= 0
        else (),
        addressed_at=(lines[addressed].start, lines[addressed].end) if addressed >= 0 else None,
        basis=tuple(_basis(lines, shown)),
        attachments=_attachments(lines, shown),
        copies_to=_copies(lines, shown),
        year=_year(number_, title, document),
        body=max(addressed, title_at, 0) + 1 if max(addressed, title_at) >= 0 else 0,
    )


def _title(lines: tuple[Paragraph, ...]) -> tuple[int, int]:
    """Index of the last and first line of the title; -1 where there is none."""
    for at, line in enumerate(lines[:24]):
        text = line.text.strip()
        if len(text) > 160 or (text.endswith((":", "。")) and at):
            break
        if _SKIPPED.fullmatch(text) or not _TITLE_END.fullmatch(text) or NUMBER.fullmatch(text):
            continue
        first = at
        while (
            first > 0
            and at - first < 3
            and _goes_before(lines[first - 1].text, "".join(one.text for one in lines[first : at + 1]))
        ):
            first -= 1
        return at, first
    return -1, -1


def _goes_before(line: str, title: str) -> bool:
    """The title began a line earlier."""
    text = line.strip()
    if _SKIPPED.fullmatch(text) or NUMBER.search(text) or len(text) > 60 or text.endswith(("。", ":")):
        return False
    return "关于" not in title if not _OFFICE_END.search(text) else False


def _join(lines: tuple[Paragraph, ...], first: int, last: int, shown: str) -> Words:
    value = "".join(shown[line.start : line.end].strip() for line in lines[first : last + 1]).replace(" ", "")
    return Words(value=value, start=lines[first].start, end=lines[last].end)


def _number(lines: tuple[Paragraph, ...], shown: str) -> Words | None:
    for line in lines[:16]:
        found = NUMBER.search(line.text) if len(line.text) <= 60 else None
        if found and found.end() >= len(line.text.rstrip()) - 20 and "根据" not in line.text and "《" not in line.text:
            office = shown[line.start + found.start("office") : line.start + found.end("office")]
            value = f"{office.strip()}〔{found['year']}〕{found['count']}号"
            return Words(value=value, start=line.start + found.start(), end=line.start + found.end())
    return None


def _issuer(document: Document, title: Words | None, title_first: int, shown: str) -> Words | None:
    """Before 关于 in the title; else on the letterhead; else above the day at the end."""
    lines = document.paragraphs
    if title and (before := title.value.partition("关于")[0]) and before != title.value and _OFFICE_END.search(before):
        return Words(value=before, start=title.start, end=title.start + len(before))
    for line in lines[: max(title_first, 0)]:
        text = line.text.strip()
        name = re.sub(r"(?:文件|公文|函件)$", "", text)
        if (
            4 <= len(name) <= 40
            and _OFFICE_END.search(name)
            and not NUMBER.search(name)
            and not re.search(r"[:。]", name)
        ):
            printed = re.sub(r"(?:文件|公文|函件)$", "", shown[line.start : line.end].strip())
            return Words(value=printed.replace(" ", ""), start=line.start, end=line.start + len(printed))
    return _signed(document, shown)


def _signed(document: Document, shown: str) -> Words | None:
    lines = document.paragraphs[: document.attached]
    for at, line in enumerate(lines):
        text = line.text.strip()
        if (
            _DAY_ALONE.fullmatch(text)
            and at
            and len(lines[at - 1].text) <= 60
            and _OFFICE_END.search(lines[at - 1].text.strip())
        ):
            above = lines[at - 1]
            return Words(value=shown[above.start : above.end].strip(), start=above.start, end=above.end)
        if (found := _DAY_ENDS.fullmatch(text)) and len(text) < 50 and not re.search(r"[:,。]|印发", text):
            name = shown[line.start : line.start + found.start("year")].strip()
            if _OFFICE_END.search(name):
                return Words(value=name, start=line.start, end=line.start + len(name))
    return None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(year(found["year"]), number(found["month"]), number(found["day"]))
    except ValueError:
        return None


def _issued(document: Document, first: int) -> tuple[date | None, tuple[int, int] | None]:
    """The day above which an office stands; else a day alone; else a day behind an office's name, or at the head."""
    lines = document.paragraphs
    ranked: list[tuple[int, int, date, Paragraph]] = []
    for at, line in enumerate(lines):
        text = line.text.strip()
        rank, found = _day_rank(lines, at, text, first, document.attached)
        day = _day(found) if found else None
        if day:
            ranked.append((rank, at, day, line))
    if not ranked:
        return None, None
    _, _, day, line = min(ranked, key=lambda one: one[:2])
    return day, (line.start, line.end)


def _day_rank(
    lines: tuple[Paragraph, ...], at: int, text: str, first: int, attached: int
) -> tuple[int, re.Match[str] | None]:
    if len(text) > 90:
        return 9, None
    if alone := _DAY_ALONE.fullmatch(text):
        signed = at > first and _OFFICE_END.search(lines[at - 1].text.strip()) and len(lines[at - 1].text) < 60
        return (0 if signed else 2 if first <= at < attached else 4), alone
    if (
        (ends := _DAY_ENDS.fullmatch(text))
        and at >= first
        and not re.search(r"[:,。;前至]|印发", text[: ends.start("year")])
        and _OFFICE_END.search(text[: ends.start("year")].strip())
    ):
        return 1, ends
    return 5, _PUBLISHED.search(text)


def _printed(lines: tuple[Paragraph, ...]) -> date | None:
    for line in reversed(lines):
        if len(line.text) < 90 and (found := _PRINTED.search(line.text)):
            return _day(found)
    return None


def _addressed(lines: tuple[Paragraph, ...], first: int) -> int:
    for at in range(first, min(first + 6, len(lines))):
        text = lines[at].text.strip()
        if (
            text.endswith(":")
            and len(text) <= 400
            and _ADDRESS_START.match(text)
            and not re.search(r"如下|通知|以下|[。]", text)
        ):
            return at
        if lines[at].level < 9 or (len(text) > 60 and text.endswith("。")):
            break
    return -1


def _basis(lines: tuple[Paragraph, ...], shown: str) -> list[Basis]:
    found = []
    for line in lines[:14]:
        for match in _BASIS.finditer(line.text):
            if match["number"] or _BASED.search(line.text[: match.start()]):
                start, end = line.start + match.start("title"), line.start + match.end("title")
                number_ = f"{match['office'].strip()}〔{match['year']}〕{match['count']}号" if match["number"] else None
                found.append(Basis(title=shown[start:end], number=number_, start=start, end=end))
    return found


def _attachments(lines: tuple[Paragraph, ...], shown: str) -> tuple[str, ...]:
    """The list behind 附件：."""
    for at, line in enumerate(lines):
        if not re.match(r"附件? ?[:]|附件[1一][.、:]", line.text):
            continue
        names = [re.sub(r"^附件? ?[:：]? ?", "", shown[line.start : line.end])]
        for more in lines[at + 1 : at + 20]:
            if not re.match(r"(?:附件)?\d{1,2}[.、]", more.text):
                break
            names.append(shown[more.start : more.end])
        whole = " ".join(names)
        found = re.split(r"(?:^|[\s;；。])(?:附件)?\d{1,2}[.、](?!\d{1,3}(?!\d))", whole)
        return tuple(name.strip(" ;；。") for name in found if name.strip(" ;；。"))
    return ()


def _copies(lines: tuple[Paragraph, ...], shown: str) -> tuple[str, ...]:
    for line in lines:
        if re.match(r"抄送[: ]", line.text):
            return parts(
                shown[line.start : line.end].strip("。").replace("，", ",").replace("：", ":").partition(":")[2]
            )
    return ()


def _year(number_: Words | None, title: Words | None, document: Document) -> int | None:
    if number_ and (found := re.search(r"〔(\d{4})〕", number_.value)):
        return int(found[1])
    if title and (found := re.search(r"(20\d\d)(?:-20\d\d)?(?:学)?年", title.value)):
        return int(found[1])
    return None
