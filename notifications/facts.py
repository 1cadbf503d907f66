"""The small print below a material: demands, ways, reasons, receipts."""

from collections.abc import Callable, Iterator

from duban.domain.terms import Status
from notifications.clean import cut, one_line, paragraphs
from notifications.days import day_and_weekday, due_phrase, moment
from notifications.letter import Filed, Letter, Line
from notifications.view import Fact
from notifications.wording import Case, is_review, status_words


def facts(line: Line, letter: Letter, case: Case) -> tuple[Fact, ...]:
    """What this letter says of one material, in the order in which one needs it."""
    case = Case.LIFTED if line.is_lifted else case
    found = _reviewed(line, letter) if is_review(line) else _FACTS.get(case, _asked)(line, letter)
    return tuple(fact for fact in found if any(fact.texts))


def _asked(line: Line, letter: Letter) -> Iterator[Fact]:
    if line.status is Status.RETURNED:
        yield Fact(label="前次意见", texts=paragraphs(line.reason))
    yield Fact(label="要求", texts=("；".join(map(one_line, line.requirements)),))
    yield Fact(label="报送", texts=tuple(map(one_line, line.tracks)))
    yield Fact(label="已收到", texts=tuple(map(one_line, line.tracks_done)))
    if line.personal:
        yield Fact(label="注意", texts=("含个人信息，请勿用邮件附件报送",))


def _returned(line: Line, letter: Letter) -> Iterator[Fact]:
    yield Fact(label="意见", texts=paragraphs(line.reason))
    yield from (fact for fact in _asked(line, letter) if fact.label not in ("前次意见", "已收到"))


def _moved(line: Line, letter: Letter) -> Iterator[Fact]:
    if line.old_due_day:
        yield Fact(label="原定", texts=(day_and_weekday(line.old_due_day, letter.now),))
    yield Fact(label="说明", texts=paragraphs(line.reason))
    yield Fact(label="报送", texts=tuple(map(one_line, line.tracks)))


def _stays(line: Line, letter: Letter) -> Iterator[Fact]:
    yield Fact(label="说明", texts=paragraphs(line.reason))
    yield Fact(label="报送", texts=tuple(map(one_line, line.tracks)))


def _lifted(line: Line, letter: Letter) -> Iterator[Fact]:
    yield Fact(label="说明", texts=paragraphs(line.reason))


def _restored(line: Line, letter: Letter) -> Iterator[Fact]:
    yield _handed_in(line, letter)
    yield Fact(label="回执号", texts=(one_line(line.receipt),))
    yield Fact(label="说明", texts=paragraphs(line.reason))


def _received(line: Line, letter: Letter) -> Iterator[Fact]:
    yield _handed_in(line, letter)
    yield Fact(label="回执号", texts=(one_line(line.receipt),))
    yield Fact(label="期限", texts=(due_phrase(line, letter.now) if line.due_day else "",))
    if came_late(line):
        yield Fact(label="说明", texts=("晚于截止时间，记为逾期报送",))
    yield Fact(label="文件", texts=tuple(map(filed, line.files)))
    if line.tracks_done:  # the ways are told apart: some have come, some have not
        yield Fact(label="已收到" if line.tracks else "报送方式", texts=_told_apart(line))
        yield Fact(label="待收", texts=tuple(map(one_line, line.tracks)))


def _told_apart(line: Line) -> tuple[str, ...]:
    """What has come in each way; of a whole that came at once nothing more is said."""
    return tuple(map(one_line, line.tracks_done)) if line.tracks or line.tracks_words else ()


def _reviewed(line: Line, letter: Letter) -> Iterator[Fact]:
    yield _handed_in(line, letter)
    if line.round > 1:
        yield Fact(label="说明", texts=(f"第{line.round}次报送",))
    if line.tracks_words:
        yield Fact(label="报送方式", texts=tuple(map(one_line, line.tracks_done)))
    yield Fact(label="要求", texts=("；".join(map(one_line, line.requirements)),))


def _handed_in(line: Line, letter: Letter) -> Fact:
    at = moment(line.submitted_at, letter.now) if line.submitted_at else ""
    return Fact(label="报送时间", texts=("，".join(filter(None, (at, "零报告" if line.is_nil else ""))),))


_FACTS: dict[Case, Callable[[Line, Letter], Iterator[Fact]]] = {
    Case.RETURNED: _returned,
    Case.RECEIVED: _received,
    Case.MOVED: _moved,
    Case.STAYS: _stays,
    Case.RESTORED: _restored,
    Case.LIFTED: _lifted,
}


def shared_facts(all_facts: list[tuple[Fact, ...]]) -> tuple[Fact, ...]:
    """What every one of several materials says alike; said once, above them."""
    if len(all_facts) < 2:
        return ()
    return tuple(fact for fact in all_facts[0] if all(fact in facts for facts in all_facts))


def came_late(line: Line) -> bool:
    """True for 逾期报送: handed in when it was too late."""
    return line.submitted_at is not None and line.due_at is not None and line.submitted_at >= line.due_at


def received_row(line: Line, letter: Letter) -> str:
    """``活动周工作方案：9月27日 15:20收到（办结）``."""
    at = f"{moment(line.submitted_at, letter.now)}收到" if line.submitted_at else "已收到"
    return f"{one_line(line.deliverable_name)}：{at}（{status_words(line, letter)}）"


def filed(file: Filed) -> str:
    """``总结.docx（24 KB，校验码 9f86d081884c）``: enough of the hash to compare by eye."""
    return f"{cut(one_line(file.name), 40)}（{size_words(file.size)}，校验码 {one_line(file.sha256)[:12]}）"


def size_words(size: int) -> str:
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"
