"""The reviewer's pages laid out: how near a day is, what of a file is shown, what a return says."""

from datetime import date

import pytest

from duban.domain.calendar import WorkCalendar
from duban.domain.checks import Handed
from duban.domain.content import Content, FileKind, Mark, Paragraph, Table
from duban.domain.errors import InputRefused
from duban.domain.notice import ISSUER_STEP
from duban.domain.returning import REASONS, proposed_day, reason
from duban.services.reviewing import Key
from duban.web.chip import LATE, SENT, SOON, Chip
from duban.web.review.inbox_view import MOST_CHOSEN, due_chip, read_keys, said, spelled
from duban.web.review.shown_view import LETTERS, PAGES, ROWS, Image, Place, Shown, shown
from factories import at
from models.material import Material

PLACE = Place(page="/p", previews="/previews", files="/files")
KEY = Key(notice="n1", unit="aa", deliverable="report@2021-10-15", submission=7)
NOW = at("2021-10-12 09:30")


@pytest.mark.parametrize(
    ("due", "left", "chip"),
    [
        ("2021-10-15 00:00", 2, Chip(SENT, "●", "剩2个工作日")),
        ("2021-10-14 00:00", 1, Chip(SOON, "◆", "剩1个工作日")),
        ("2021-10-13 00:00", 0, Chip(SOON, "◆", "今日应审")),
        ("2021-10-12 09:31", 0, Chip(SOON, "◆", "今日应审")),
        ("2021-10-12 09:30", 0, Chip(LATE, "▲", "审核逾期")),
    ],
)
def test_how_near_the_own_day_is(due: str, left: int, chip: Chip) -> None:
    assert due_chip(at(due), left, NOW) == chip


def test_a_key_travels_through_a_form() -> None:
    assert read_keys([spelled(KEY), spelled(KEY)]) == [KEY]
    many = [f"n1/aa/report/{n}" for n in range(MOST_CHOSEN)]
    assert len(read_keys(many)) == MOST_CHOSEN
    with pytest.raises(InputRefused, match=f"一次最多办理{MOST_CHOSEN}项"):
        read_keys([*many, "n1/aa/report/x"])


def test_only_known_words_are_said() -> None:
    assert (said("approved"), said("<b>"), said("")) == ("已审核通过。", "", "")


def test_what_a_return_says() -> None:
    assert reason("缺附件", "") == REASONS["缺附件"]
    assert reason("", " 缺章。 ") == "缺章"
    assert reason("缺附件", "附表1。") == f"{REASONS['缺附件']}；附表1"
    assert (reason("没有这一条", ""), reason("", " ")) == ("", "")


def test_the_proposed_day_counts_working_days() -> None:
    calendar = WorkCalendar(exceptions={date(2021, 10, 9): True}, known_until=date(2021, 12, 31))
    friday = date(2021, 10, 8)
    assert proposed_day(ISSUER_STEP, calendar, friday) == date(2021, 10, 12)
    assert proposed_day(ISSUER_STEP.model_copy(update={"workdays": 5}), calendar, friday) == date(2021, 10, 14)
    assert proposed_day(None, calendar, friday) == date(2021, 10, 12)


def file(name: str = "总结.pdf") -> Material:
    values = {"id": 3, "obligation_id": 1, "submission_id": 1, "name": name, "sha256": "a" * 64, "size": 2048}
    more = {"kind": "", "item": "", "position": 1, "added_at": NOW, "added_by": "", "removed_at": None}
    return Material(**values, **more, read_at=None)  # type: ignore[arg-type]


def look(content: Content | None, *, first: int = 1) -> Shown:
    return shown(file(), Handed(name="x", size=1, content=content), PLACE, on=2, first=first)


@pytest.mark.parametrize(
    ("pages", "first", "numbers", "before", "after"),
    [
        (PAGES, 1, (1, PAGES), "", ""),
        (PAGES + 1, 1, (1, PAGES), "", f"/p?file=2&from={PAGES + 1}"),
        (PAGES + 1, PAGES + 1, (PAGES + 1, PAGES + 1), "/p?file=2&from=1", ""),
        (3, 99, (3, 3), "/p?file=2&from=1", ""),
    ],
)
def test_a_long_document_is_turned(pages: int, first: int, numbers: tuple[int, int], before: str, after: str) -> None:
    found = look(Content(kind=FileKind.PDF, pages=pages), first=first)
    wanted = range(numbers[0], numbers[1] + 1)
    images = tuple(Image(url=f"/previews/3/{n}", alt=f"第{n}页，共{pages}页") for n in wanted)
    assert (found.images, found.before, found.after) == (images, before, after)


def test_a_long_text_is_cut_and_says_so() -> None:
    cut = "内容较长，这里只显示前面一部分，全文请下载原件查看。"
    line = Paragraph(text="字" * LETTERS)
    whole = look(Content(kind=FileKind.TXT, paragraphs=(line,)))
    assert (whole.paragraphs, whole.notes) == ((line,), ())
    longer = look(Content(kind=FileKind.TXT, paragraphs=(line, Paragraph(text="完"))))
    assert (longer.paragraphs, longer.notes) == ((line,), (cut,))
    rows = (("1",),) * ROWS
    assert look(Content(kind=FileKind.XLSX, tables=(Table(rows=rows),))).notes == ()
    table = look(Content(kind=FileKind.XLSX, tables=(Table(rows=(*rows, ("2",))),)))
    assert (table.tables, table.notes) == ((Table(rows=rows),), (cut,))


def test_what_cannot_be_shown_says_why() -> None:
    assert look(None).notes == ("文件尚未读取，稍后刷新即可查看；也可下载原件。",)
    assert look(Content(kind=FileKind.ZIP)).notes == ("这种文件不能在页面上显示，请下载原件查看。",)
    broken = look(Content(kind=FileKind.JPEG, marks=(Mark.BROKEN,), trouble="图片已损坏"))
    assert (broken.images, broken.notes) == ((), ("图片已损坏。",))
    macros = look(Content(kind=FileKind.DOCX, marks=(Mark.MACROS,), paragraphs=(Paragraph(text="x"),)))
    assert macros.notes == ("文件含宏，打开原件时请勿启用。",)
