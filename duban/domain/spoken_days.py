"""A form of deadline in words, as it stands in a definition: the printed words, and the day where it names one."""

from datetime import date

from duban.domain.deadline import AnySingle, ByClass, MonthEnd, OnDate, Recurring, Relative, Window
from duban.domain.notice import Notice

_EVERY = {"day": "每日", "week": "每周", "month": "每月", "quarter": "每季度", "year": "每年"}
_WEEKDAYS = "一二三四五六日"


def spoken(deadline: AnySingle | ByClass, notice: Notice) -> str:
    """``“9月28日前”（2021年9月28日）``, ``2021年10月8日15:00前``, ``各市“9月底前”，各高校未规定``."""
    if isinstance(deadline, ByClass):
        return "，".join(f"{notice.classes[name].name}{_one(form)}" for name, form in deadline.classes.items())
    return _one(deadline)


def _one(form: AnySingle) -> str:
    named = _named(form)
    if form.text:
        return f"“{form.text}”" + (f"（{named}{_set(form)}）" if named else "")
    return (named + "前" + _set(form, "（{}）")) if named else _counted(form)


def _set(form: AnySingle, brackets: str = "，{}") -> str:
    """A day that the notice does not print is marked."""
    return brackets.format("经办设定") if form.set_by == "coordinator" else ""


def _named(form: AnySingle) -> str:
    """The day in full, with its hour where it is not midnight; empty where the form names none."""
    hour = {"24:00": "", "closing": "下班"}.get(form.time, form.time)
    match form:
        case OnDate():
            return _day(form.date) + hour
        case MonthEnd():
            year, month = form.month.split("-")
            return f"{int(year)}年{int(month)}月底" + hour
        case Window():
            return _day(form.picked) + hour
    return ""


def _counted(form: AnySingle) -> str:
    match form:
        case Relative():
            return _relative(form)
        case Recurring():
            return _recurring(form)
    return "未规定期限"


def _relative(form: Relative) -> str:
    after = {"issue": "发文", "printing": "印发", "acknowledgement": "签收", "event": "活动"}[form.after]
    measures = ((form.workdays, "个工作日"), (form.days, "日"), (form.weeks, "周"), (form.months, "个月"))
    return f"{after}后{next(f'{n}{unit}' for n, unit in measures if n is not None)}内"


def _recurring(form: Recurring) -> str:
    month = f"{form.month}月" if form.every == "year" else f"第{form.month}个月" if form.month else ""
    on = f"周{_WEEKDAYS[form.weekday - 1]}" if form.every == "week" and form.weekday else ""
    day = f"{form.day}日" if form.day else ""
    return _EVERY[form.every] + (on[1:] if on else month + day) + "前"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
