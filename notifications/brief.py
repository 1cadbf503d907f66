"""The page of the coordinator's summary: what will be said, what to do, what failed."""

from collections.abc import Iterator

from notifications.clean import one_line
from notifications.days import day, day_and_weekday, full_date, moment
from notifications.letter import Person, Planned, Summary, Todo, Undelivered
from notifications.view import Action, Listing, Page
from notifications.wording import called


def brief_of(summary: Summary) -> Page:
    """The page of the summary."""
    name = called(Person(name=summary.to.name, email=summary.to.email))
    return Page(
        headline=_headline(summary),
        greeting=f"{name}，您好：" if name else "您好：",
        opening=tuple(filter(None, (_opening(summary),))),
        listings=tuple(_listings(summary)),
        action=Action(label="打开工作台", url=one_line(summary.url)) if summary.url else None,
        sender=one_line(summary.sender_name),
        date=full_date(summary.now.date()),
        foot=tuple(_foot(summary)),
    )


def _foot(summary: Summary) -> Iterator[str]:
    yield "本邮件只发经办人，仅供内部掌握。"
    if summary.record_end:
        yield f"事件记录末条 {one_line(summary.record_end)}，请随邮件留存，供日后核验记录未被改动。"


def _headline(summary: Summary) -> str:
    named = day_and_weekday(summary.next_workday, summary.now, summary.next_hint)
    planned = f"{named}9时将发邮件{len(summary.planned)}封" if summary.planned else f"{named}没有要发的邮件"
    return f"{planned}，待办{len(summary.todos)}项，未送达{len(summary.undelivered)}封。"


def _opening(summary: Summary) -> str:
    figures = "，".join(f"{one_line(name)}{count}" for name, count in summary.figures)
    counted = f"截至{moment(summary.now, summary.now)}：{figures}。" if figures else ""
    held = "如有已收到或不宜提醒的，请在工作台暂缓。" if summary.planned else ""
    broken = "".join(map(one_line, summary.interruptions))
    quiet = "" if broken or summary.planned or summary.todos or summary.undelivered else "没有需要处理的事项。"
    return counted + broken + held + quiet


def _listings(summary: Summary) -> Iterator[Listing]:
    """Empty lists are left out: the headline has said 0."""
    if summary.planned:
        yield Listing(
            title=f"{day(summary.next_workday, summary.now)}将发送", rows=tuple(map(_planned, summary.planned))
        )
    if summary.todos:
        yield Listing(title="待办", rows=tuple(map(_todo, summary.todos)))
    if summary.undelivered:
        yield Listing(title="未送达", rows=tuple(map(_undelivered, summary.undelivered)))


def _planned(mail: Planned) -> str:
    items = "、".join(map(one_line, mail.items))
    return f"{_who(mail.unit_name, mail.person_name)}（{mail.role.zh}）：{mail.kind.zh}，{items}"


def _todo(todo: Todo) -> str:
    unit = f"{one_line(todo.unit_name)}，" if todo.unit_name else ""
    return f"{todo.kind.zh}：{unit}{one_line(todo.text)}"


def _undelivered(mail: Undelivered) -> str:
    return f"{_who(mail.unit_name, mail.person_name)}：{one_line(mail.subject)}，{one_line(mail.reason)}"


def _who(unit: str, person: str) -> str:
    return f"{one_line(unit)} {one_line(person)}".strip()
