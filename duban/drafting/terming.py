"""A term as a definition writes it: ``deadline: {kind: date, …}``; what it cannot say stays a note to be confirmed."""

from collections.abc import Iterator

from duban.drafting.facts import Obligation
from duban.drafting.lines import comment, scalar
from duban.drafting.naming import Names, event_of, origin_of

_EVERY = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
_NEEDED = {"daily": (), "weekly": ("weekday",), "monthly": ("day",), "quarterly": ("day",), "yearly": ("day", "month")}
_MEASURES = ("workdays", "days", "weeks", "months")


def deadline_of(one: Obligation, names: Names) -> Iterator[str]:
    """The lines of a stage's deadline."""
    quote = one.quotes.get("deadline")
    where = f"  # {comment(quote)}" if quote else "  # 原文没有写期限"
    yield f"deadline: {{{', '.join(_form(one, names))}}}{where}"
    if one.meaning.doubt:
        yield f"# 待确认：{one.meaning.doubt}"
    if one.deadline.kind == "vague" and not one.meaning.doubt:
        yield "# 待确认：原文没有写明日期，请由经办定日"


def _form(one: Obligation, names: Names) -> list[str]:
    deadline, meaning = one.deadline, one.meaning
    words = [f"text: {scalar(deadline.text)}"] if deadline.text else []
    time = "closing" if meaning.closing else deadline.time
    more = [f'time: "{time}"'] if time else []
    if deadline.kind == "absolute" and deadline.date:
        return ["kind: date", f"date: {deadline.date.isoformat()}", *more, *words]
    if deadline.kind == "recurring" and deadline.recurrence and _is_whole(deadline.recurrence):
        return ["kind: recurring", *_rule(deadline.recurrence), *more, *words]
    if deadline.kind == "relative" and meaning.count and meaning.unit in _MEASURES and origin_of(one):
        event = [f"event: {names.events[event_of(one)]}"] if origin_of(one) == "event" else []
        return ["kind: relative", f"after: {origin_of(one)}", *event, f"{meaning.unit}: {meaning.count}", *more, *words]
    note = [f"note: {scalar(f'待确认：原文写“{deadline.text}”，请由经办定日。')}"] if deadline.text else []
    return ["kind: none", *words, *note]


def _is_whole(rule: dict[str, str | int]) -> bool:
    freq = str(rule["freq"])
    return all(name in rule for name in _NEEDED[freq]) and "every" not in rule


def _rule(rule: dict[str, str | int]) -> list[str]:
    named = [f"{name}: {rule[name]}" for name in ("weekday", "month", "day") if name in rule]
    every = _EVERY[str(rule["freq"])]
    return [f"every: {every}", *named, *([] if "on" in rule or every != "day" else ["on: all"])]
