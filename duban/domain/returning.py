"""Why materials are returned: the reasons that offices write again and again, and the day that is proposed."""

from datetime import date

from duban.domain.calendar import WorkCalendar
from duban.domain.notice import Step

#: Whoever mends something has at least so many working days.
LEAST_WORKDAYS = 3

#: The reason in short → the sentence that the unit reads. In the order in which they are offered.
REASONS = {
    "字数不足": "字数不足，请按通知要求补足",
    "缺附件": "附件不全，请对照通知补齐",
    "图片不清晰或未命名": "图片不清晰或未逐张命名，请更换清晰图片并逐张命名",
    "表格填写不完整": "表格填写不完整，请将空缺各栏补填齐全",
    "未按模板填写": "未使用通知所附表样，请按表样重新填写",
    "缺盖章件": "缺盖章件，请加盖公章后补报",
    "内容与要求不符": "内容与通知要求不符，请对照通知修改",
    "文件打不开": "文件无法打开，请另存后重新上传",
}


def reason(template: str, free: str) -> str:
    """What the unit reads: the sentence of a template (none: empty or unknown), then what the reviewer wrote."""
    said = (REASONS.get(template, ""), free.strip().rstrip("。；;"))
    return "；".join(part for part in said if part)


def proposed_day(step: Step | None, calendar: WorkCalendar, today: date) -> date:
    """As many working days from ``today`` as the step has itself, and not fewer than the least."""
    return calendar.shift(today, max(step.workdays if step else 0, LEAST_WORKDAYS))
