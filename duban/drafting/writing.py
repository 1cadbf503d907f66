"""Facts into a draft definition (YAML) that a person confirms: behind each value the words it came from, and where.

Nothing is invented: what the notice does not print stays out and is named, or stands as a placeholder marked 待确认.
"""

import re
from collections.abc import Iterator

from duban.drafting.asking import requirement_of
from duban.drafting.facts import Contact, Facts, Obligation
from duban.drafting.lines import Lines, comment, scalar
from duban.drafting.naming import Names, names_of
from duban.drafting.terming import deadline_of

#: What a person must fill in: the schema wants an id where the notice has a name.
ISSUER = "issuer"
_KINDS = (
    ("scheme", re.compile(r"方案$|预案$")),
    ("summary", re.compile(r"总结$|小结$|报告$")),
    ("case", re.compile(r"案例$")),
    ("photos", re.compile(r"照片$|图片$")),
    ("form", re.compile(r"(?:表|册|清单|台账|名单|回执)(?:（附件\d+）)?$")),
    ("panel", re.compile(r"展板素材$")),
)
_MEDIUM = {
    "email": "electronic",
    "oa": "electronic",
    "disc": "electronic",
    "fax": "electronic",
    "platform": "platform",
    "paper": "paper",
    "post": "paper",
    "in_person": "paper",
}


def definition(facts: Facts) -> str:
    """The draft of one document's definition."""
    names = names_of(facts)
    lines = Lines()
    _head(lines, facts)
    _classes(lines, names)
    _offices(lines, facts, names)
    _events(lines, names)
    _stages(lines, facts, names)
    return str(lines)


def missing(facts: Facts) -> tuple[str, ...]:
    """What the notice does not print and a definition wants, in Chinese."""
    found = []
    if not facts.document_number:
        found.append("发文字号：原文未见")
    if not facts.title:
        found.append("标题：原文未见")
    if not facts.issued_on:
        found.append("成文日期：原文未见，请写 issued_on，或由经办设定 publish_on 并说明理由")
    if any(one.deadline.kind == "recurring" for one in facts.obligations):
        found.append("定期报送到何时为止：请写 ends_on")
    found.append("单位类别 kinds 与发文单位 issuer：请按单位名册改写")
    return tuple(found)


def _head(lines: Lines, facts: Facts) -> None:
    lines.note("由通知原文起草，逐项核对后方可使用。行尾注明原文位置和原话；标“待确认”的，原文没有写明或读法存疑。")
    for gap in missing(facts):
        lines.note(f"待确认：{gap}")
    lines.add("id", scalar(identity(facts)), "待确认：编号由文号或日期拟定，可改")
    lines.add("document_number", scalar(facts.document_number or "待确认"), _quoted(facts, "document_number"))
    lines.add("title", scalar(facts.title or "待确认"), _quoted(facts, "title"))
    lines.add("issuer", ISSUER, f"待确认：写名册中的单位编号；原文为“{facts.issuer or '未见'}”")
    if facts.issuer:
        lines.add("issuing_office", scalar(facts.issuer), _quoted(facts, "issuer"))
    _days(lines, facts)
    if facts.addressees:
        lines.add("addressees", scalar("、".join(facts.addressees)), _quoted(facts, "addressees"))
    _basis(lines, facts)
    if facts.copies_to:
        lines.open("copies_to")
        for name in facts.copies_to:
            lines.item(scalar(name), "抄送只作记载")
        lines.close()


def _days(lines: Lines, facts: Facts) -> None:
    """Where only the day of printing is printed, it is the coordinator's to say that it counts."""
    if facts.issued_on and "issued_on" in facts.quotes:
        lines.add("issued_on", facts.issued_on.isoformat(), _quoted(facts, "issued_on"))
    if facts.printed_on:
        lines.add("printed_on", facts.printed_on.isoformat(), "印发日期")
        if "issued_on" not in facts.quotes:
            note = "经办设定：原文未印成文日期，以印发日期为发布日期。"
            lines.add("publish_on", f"{{date: {facts.printed_on.isoformat()}, note: {note}}}", "待确认")


def _basis(lines: Lines, facts: Facts) -> None:
    if not facts.basis:
        return
    lines.open("based_on")
    for basis in facts.basis:
        lines.item(f"title: {scalar(basis.title)}", comment(basis.quote))
        if basis.document_number:
            lines.more(f"document_number: {scalar(basis.document_number)}")
    lines.close()


def identity(facts: Facts) -> str:
    """An id of letters and digits: the year and number of the document, else its day."""
    found = re.search(r"〔(\d{4})〕(\d+)号", facts.document_number or "")
    if found:
        return f"draft-{found[1]}-{found[2]}"
    return f"draft-{facts.issued_on.isoformat()}" if facts.issued_on else "draft"


def _quoted(facts: Facts, name: str) -> str:
    quote = facts.quotes.get(name)
    return comment(quote) if quote else "待确认：原文未见"


def _classes(lines: Lines, names: Names) -> None:
    if not names.classes:
        lines.add("classes", "{}", "原文没有约束任何单位报送材料")
        return
    lines.open("classes")
    for name, key in names.classes.items():
        lines.open(key)
        quote = names.quotes.get(name)
        lines.add("name", scalar(name), comment(quote) if quote else "待确认：条款未点名，暂按主送单位")
        lines.add("kinds", f"[{key}]", "待确认：改成名册中的单位种类")
        if quote is None:
            lines.add("set_by", "coordinator")
            lines.add("note", scalar("待确认：报送条款没有写明由谁报送。"))
        lines.close()
    lines.close()


def _offices(lines: Lines, facts: Facts, names: Names) -> None:
    if not names.offices:
        return
    lines.open("offices")
    for name, key in names.offices.items():
        lines.open(key)
        quote = names.quotes.get(name)
        lines.add("name", scalar(name), comment(quote) if quote else "待确认：原文未写明接收处")
        for field, value, where in _reached(facts, names, name):
            lines.add(field, scalar(value), where)
        lines.close()
    lines.close()


def _reached(facts: Facts, names: Names, office: str) -> Iterator[tuple[str, str, str]]:
    """The office's mailbox and landline, as printed; a private mobile number stays in the notice."""
    for box in names.boxes.get(office, ())[:1]:
        quote = names.quotes.get(box)
        yield "email", box, comment(quote) if quote else ""
    contact = next((one for one in facts.contacts if one.name and _same_office(one, office)), None)
    for phone in contact.phones if contact else ():
        if phone.startswith(("0", "(0", "400")) or len(phone) <= 8:
            assert contact is not None
            quote = contact.quotes.get(phone)
            yield "phone", phone, comment(quote) if quote else ""
            return
    if contact and contact.phones:
        yield "note", "联系方式见原文。", ""


def _same_office(contact: Contact, office: str) -> bool:
    name = contact.name or ""
    return name in office or office in name


def _events(lines: Lines, names: Names) -> None:
    if not names.events:
        return
    lines.open("events")
    for name, key in names.events.items():
        lines.open(key)
        lines.add("name", scalar(name), "待确认：期限由此起算，原文没有写明日期")
        lines.add("tentative", "true")
        lines.close()
    lines.close()


def _stages(lines: Lines, facts: Facts, names: Names) -> None:
    if not facts.obligations:
        lines.note("原文没有要求报送材料。")
        return
    lines.open("stages")
    for number, one in enumerate(facts.obligations, 1):
        lines.item(f"id: stage-{number}", comment(one.quotes["clause"]))
        lines.more(f"name: {scalar(_stage_name(one))}")
        for line in deadline_of(one, names):
            lines.more(line)
        lines.more("deliverables:")
        _deliverables(lines, one, names, number)
    lines.close()


def _stage_name(one: Obligation) -> str:
    first = one.deliverables[0] if one.deliverables else "报送事项"
    return f"{first}等" if len(one.deliverables) > 1 else first


def _deliverables(lines: Lines, one: Obligation, names: Names, stage: int) -> None:
    given = one.deliverables or ("待确认",)
    for number, name in enumerate(given, 1):
        quote = one.quotes.get(name)
        doubt = "" if one.deliverables else "待确认：原文没有写明材料名称"
        lines.deeper(f"id: s{stage}-{number}", first=True)
        lines.deeper(f"name: {scalar(name)}", comment(quote) if quote else doubt)
        lines.deeper(f"kind: {_kind(name)}")
        lines.deeper(f"who: [{', '.join(names.classes_of(one))}]")
        for line in _tracks(one, names, name):
            lines.deeper(line)
        wanted = [requirement_of(words, given, one.owners.get(words)) for words in one.requirements]
        mine = [line for owner, line in wanted if owner == name]
        if mine:
            lines.deeper("requirements:")
            for line in mine:
                lines.deepest(line)


def _kind(name: str) -> str:
    return next((kind for kind, form in _KINDS if form.search(name)), "material")


def _tracks(one: Obligation, names: Names, material: str) -> Iterator[str]:
    """A track for each medium and receiver that is printed; without any medium, one that is unstated."""
    office = names.office_of(one)
    media = tuple(dict.fromkeys(_MEDIUM[channel] for channel in one.channels if channel in _MEDIUM))
    said = [name for name in one.deliverables if "纸质" in name]
    elsewhere = {form for form, _ in one.also}
    if said and material not in said:
        media = tuple(medium for medium in media if medium != "paper")
    doubt = "  # 待确认：是否每件材料都要纸质" if len(one.deliverables) > 1 and not said else ""
    yield "tracks:"
    for medium in tuple(medium for medium in media if medium not in elsewhere) or ("unstated",):
        copies = f", copies: {one.copies}" if medium == "paper" and one.copies else ""
        yield f"  - {{medium: {medium}, to: {office}{copies}}}{doubt if medium == 'paper' else ''}"
    for form, name in one.also:
        yield f"  - {{medium: {form or 'unstated'}, to: {names.offices[name]}}}"
