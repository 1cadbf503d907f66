"""The sentences between greeting and table: why this mail comes, and what is asked of the reader."""

from duban.domain.terms import Role
from notifications.clean import one_line
from notifications.days import is_late, moment
from notifications.letter import Letter, Section
from notifications.wording import Case, awaits_paper, case_of, is_peer, pleading, review_lines, said_lines


def opening(letter: Letter) -> tuple[str, ...]:
    """One paragraph a string; to leaders and supervisors three short sentences at most."""
    first = _OPENINGS[case_of(letter)](letter)
    if case_of(letter) in (Case.REMIND, Case.LATE, Case.UPWARD) and review_lines(letter):
        first += "另有待您审核的材料，列在其后。"
    return tuple(filter(None, (first, one_line(letter.note))))


def named(section: Section) -> str:
    """``《关于…的通知》（吉教职成〔2021〕25号）``."""
    title, number = one_line(section.notice_title).strip("《》"), one_line(section.document_number)
    return f"《{title}》" + (f"（{number}）" if number else "")


def _notice(letter: Letter) -> str:
    if not said_lines(letter):
        notices = "、".join(map(named, letter.sections))
        return f"{notices}已印发，请查收。本通知未要求贵单位按期报送材料，有关事项列后，供工作中参考。"
    if letter.role is Role.CLERK:
        return "请按下列通知的要求按期报送材料，各项要求以通知原文为准。"
    return "下列通知要求贵单位报送材料，请予统筹安排。各项要求以通知原文为准。"


def _remind(letter: Letter) -> str:
    if letter.role is Role.CLERK:
        near = "今日截止" if said_lines(letter)[0].due_day == letter.now.date() else "临近报送期限"
        return f"下列材料{near}，特此提醒。如已寄出，不必重复报送。"
    return "贵单位下列材料临近报送期限，特此告知，请予关注。"


def _late(letter: Letter) -> str:
    words = f"截至{moment(letter.now, letter.now)}，贵单位下列材料尚未收到，{pleading(letter)}。"
    words += "如已寄出，请告知寄送信息；确有困难，可申请延期，或与我们联系。"
    if any(not is_late(line, letter.now) for line in said_lines(letter)):
        words += "近期到期的材料一并列出。"
    return words


def _upward(letter: Letter) -> str:
    late = any(is_late(line, letter.now) for line in said_lines(letter))
    whose = "贵单位下列材料"
    if letter.role is Role.SUPERVISOR:
        own = any(line.unit_name == letter.unit_name for line in said_lines(letter))
        whose = f"贵单位{'及' if own else ''}所辖下列单位的材料"
    if not late:
        return f"{whose}临近报送期限。特此报告，恭请关注。"
    asked = "恭请关注，并请督促。" if letter.role is Role.SUPERVISOR else "恭请关注，并请督促有关同志尽早报送。"
    return f"截至{moment(letter.now, letter.now)}，{whose}尚未收到。{asked}如有特殊情况，请告知我们。"


def _returned(letter: Letter) -> str:
    if is_peer(letter):
        return "贵单位报送的下列材料已拜阅，烦请参照所附意见修改后再报。"
    return "贵单位报送的下列材料已审阅，请按所附意见补正后重新报送。"


def _received(letter: Letter) -> str:
    if any(line.tracks and line.tracks_done for line in said_lines(letter)):
        return "贵单位报送的下列材料已收到一部分，感谢支持。标为“待收”的，请按期报送。"
    return "贵单位报送的下列材料已收到，感谢支持。审核中如有问题，会及时与您联系。"


def _moved(letter: Letter) -> str:
    lines = [line for section in letter.sections for line in section.lines]
    dropped = "其中标明“不再报送”的，不必再报。" if any(line.is_lifted for line in lines) else ""
    return f"下列材料的报送期限已作调整，请以本邮件为准，此前通知的期限不再执行。{dropped}"


def _lifted(letter: Letter) -> str:
    return "下列材料不再要求报送，请以本邮件为准，此前的通知和提醒不再执行。已经报送的，予以留存。"


def _stays(letter: Letter) -> str:
    late = any(is_late(line, letter.now) for line in said_lines(letter))
    asked = pleading(letter) if late else f"{'烦请' if is_peer(letter) else '请'}按期报送"
    considered = "经研究，" if not is_peer(letter) else "因工作安排，"
    return f"贵单位的延期申请收悉。{considered}下列材料的报送期限不作调整，{asked}。"


def _restored(letter: Letter) -> str:
    return "此前对下列材料提出的意见已收回，仍按原报送的材料办理审核，无须修改或重新报送，请以本邮件为准。"


def _review(letter: Letter) -> str:
    if awaits_paper(review_lines(letter)):
        if any(is_late(line, letter.now) for line in review_lines(letter)):
            return "下列材料已审核通过，纸质件至今未登记收到，烦请核实寄送情况，收到后请登记。"
        return "下列材料已审核通过，纸质件尚在途中，收到后请登记。"
    if any(is_late(line, letter.now) for line in review_lines(letter)):
        return "下列材料尚待审核，烦请拨冗处理，以便及时回复报送单位。"
    return "下列材料已报送，请予审核。"


_OPENINGS = {
    Case.NOTICE: _notice,
    Case.REMIND: _remind,
    Case.LATE: _late,
    Case.UPWARD: _upward,
    Case.RETURNED: _returned,
    Case.RECEIVED: _received,
    Case.MOVED: _moved,
    Case.STAYS: _stays,
    Case.RESTORED: _restored,
    Case.LIFTED: _lifted,
    Case.REVIEW: _review,
}
