"""Files from a browser to a submission: drafts, caps, rounds, versions, receipts; and the store beside the record."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from duban.domain.caps import MB
from duban.domain.content import Content, FileKind, Paragraph
from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.terms import Act, Status
from duban.services.delivering import Sender, deliver
from duban.services.intake import Asked
from duban.services.materials import (
    Version,
    assign,
    drafts,
    keep_former,
    remove,
    rename,
    reorder,
    versions,
)
from duban.services.receipts import Receipt, receipt, standing_receipt
from duban.services.storing import Amiss, Tidied, missing_or_changed, tidy
from duban.services.uploading import add, drop_upload, finish_upload, offset, receive, under_way, whose
from duban.store.parts import NotWhole, Parts, WrongOffset
from duban.store.store import Store, TooBig
from factories import at
from handing import CLERK, NOTICE, NOW, asked, begun, done, handed_in, names, opened, put
from models.event import chain
from models.material import Material, contents, drafts_of, put_content, unread
from models.obligation import owed_by_name
from models.outbox import mails
from models.session import reading, writing
from notifications.letter import Filed

LATER = at("2021-10-12 10:00")
OVER = "这次上传已结束或已失效，请重新上传"


@pytest.fixture
def office(engine: Engine) -> Engine:
    """A notice in force, on either kind of database."""
    opened(engine)
    return engine


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "uploads").prepare()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def draft(engine: Engine, about: Asked | None = None) -> list[Material]:
    with reading(engine) as session:
        return drafts(session, about or asked())


def number(engine: Engine, about: Asked | None = None) -> int:
    """The obligation's."""
    with reading(engine) as session:
        row = owed_by_name(session, **vars(about or asked()))
    assert row is not None
    return row.id


def files_there(store: Store) -> set[str]:
    """The hashes in the store, and whatever is temporary."""
    found = (path for path in store.root.rglob("*") if path.is_file() and path.name != "lock")
    return {path.name if path.parent.name == "tmp" else path.parent.name + path.name for path in found}


def test_an_upload_becomes_a_draft(office: Engine, store: Store) -> None:
    key = begun(office, store, r"C:\fakepath\总结.docx", 6)
    with reading(office) as session:
        assert whose(session, key) == asked()
        (row,) = under_way(session, asked())
        assert (row.id, row.name, row.size, row.added_by, row.began_at) == (key, "总结.docx", 6, CLERK, NOW)
    assert receive(office, store, key, offset=0, chunks=[b"abc"], real_now=LATER) == 3
    with pytest.raises(WrongOffset, match="请从第 3 字节续传"):
        receive(office, store, key, offset=0, chunks=[b"abc"], real_now=LATER)
    with pytest.raises(NotWhole, match="文件尚未传完，已收到 50%"):
        finish_upload(office, store, key, now=NOW)
    assert offset(store, key) == 3
    with reading(office) as session:
        assert [row.touched_at for row in under_way(session, asked())] == [LATER]
    assert receive(office, store, key, offset=3, chunks=[b"de", b"f"], real_now=LATER) == 6
    material = finish_upload(office, store, key, now=NOW)
    expected = Material(
        id=material.id,
        obligation_id=number(office),
        submission_id=None,
        name="总结.docx",
        sha256=digest(b"abcdef"),
        size=6,
        kind="",
        item="",
        position=1,
        added_at=NOW,
        added_by=CLERK,
        removed_at=None,
        read_at=None,
    )
    assert (material, draft(office)) == (expected, [expected])
    assert files_there(store) == {digest(b"abcdef")}
    for again in (
        lambda: finish_upload(office, store, key, now=NOW),
        lambda: receive(office, store, key, offset=6, chunks=[], real_now=NOW),
    ):
        with pytest.raises(NotFound, match=OVER):
            again()


def test_a_file_kept_before_its_row_could_be_written_is_entered_when_it_is_sent_again(
    office: Engine, store: Store
) -> None:
    key = begun(office, store, "总结.docx", 3)
    receive(office, store, key, offset=0, chunks=[b"abc"], real_now=NOW)
    Parts(store).finish(key, 3)
    assert (offset(store, key), draft(office)) == (3, [])
    assert receive(office, store, key, offset=0, chunks=[b"abc"], real_now=LATER) == 3
    entered = finish_upload(office, store, key, now=NOW)
    assert (entered.name, entered.sha256, draft(office)) == ("总结.docx", digest(b"abc"), [entered])
    assert files_there(store) == {digest(b"abc")}


def test_an_upload_that_is_given_up_is_gone(office: Engine, store: Store) -> None:
    key = begun(office, store, "总结.docx", 6)
    receive(office, store, key, offset=0, chunks=[b"abc"], real_now=NOW)
    drop_upload(office, store, key)
    drop_upload(office, store, key)
    assert files_there(store) == set()
    with reading(office) as session:
        assert under_way(session, asked()) == []


def test_more_than_was_announced_ends_the_upload(office: Engine, store: Store) -> None:
    key = begun(office, store, "总结.docx", 3)
    with pytest.raises(TooBig):
        receive(office, store, key, offset=0, chunks=[b"abcd"], real_now=NOW)
    with reading(office) as session:
        assert under_way(session, asked()) == []
    assert files_there(store) == set()


def test_an_upload_whose_bytes_are_gone_is_over(office: Engine, store: Store) -> None:
    key = begun(office, store, "总结.docx", 3)
    (store.temporary / f"{key}.part").unlink()
    with pytest.raises(NotFound, match="这次上传已失效，请重新上传"):
        receive(office, store, key, offset=0, chunks=[b"abc"], real_now=NOW)
    with reading(office) as session:
        assert under_way(session, asked()) == []


def test_drafts_are_called_numbered_moved_and_taken_out(office: Engine, store: Store) -> None:
    one, two, three = (put(office, store, name, name.encode()) for name in ("总结.docx", "总结.docx", "照片.jpg"))
    assert names(draft(office)) == ["总结.docx", "总结（2）.docx", "照片.jpg"]
    with writing(office) as session:
        reorder(session, asked(), [three.id, one.id, two.id])
        assert rename(session, asked(), two.id, "../照片.jpg") == "照片（2）.jpg"
        assert rename(session, asked(), one.id, "总结.docx") == "总结.docx"
        assign(session, asked(), two.id, "  甲\n单位\u202e ")
    assert [(found.name, found.item) for found in draft(office)] == [
        ("照片.jpg", ""),
        ("总结.docx", ""),
        ("照片（2）.jpg", "甲 单位"),
    ]
    with writing(office) as session:
        remove(session, asked(), three.id, now=NOW)
    assert names(draft(office)) == ["总结.docx", "照片（2）.jpg"]
    put(office, store, "照片.jpg", b"new")
    assert names(draft(office)) == ["总结.docx", "照片（2）.jpg", "照片.jpg"]
    with pytest.raises(InputRefused, match="文件清单已有变动，请刷新后再调整次序"), writing(office) as session:
        reorder(session, asked(), [two.id, one.id])


def test_nobody_touches_what_is_not_of_the_own_draft(office: Engine, store: Store) -> None:
    mine, theirs = put(office, store, "a.txt", b"a"), put(office, store, "b.txt", b"b", to=asked(unit="bb"))
    handed_in(office, to=asked(unit="bb"))
    with writing(office) as session:
        remove(session, asked(), mine.id, now=NOW)
    steps: list[Callable[..., object]] = [
        lambda session, n: remove(session, asked(), n, now=NOW),
        lambda session, n: rename(session, asked(), n, "c.txt"),
        lambda session, n: assign(session, asked(), n, "甲"),
        lambda session, n: remove(session, asked(unit="bb"), n, now=NOW),
    ]
    for step in steps:
        for wrong in (mine.id, theirs.id, 999):
            with pytest.raises(NotFound, match="没有这个文件，或已经删去"), writing(office) as session:
                step(session, wrong)
    for nowhere in (asked("nothing"), asked(unit="cc"), Asked(notice="x", unit="aa", deliverable="report")):
        with pytest.raises(NotFound):
            put(office, store, "a.txt", b"a", to=nowhere)


#: How an obligation comes to stand so.
WAYS: dict[Status, list[Act]] = {
    Status.PENDING: [],
    Status.SUBMITTED: [Act.SUBMIT],
    Status.RETURNED: [Act.SUBMIT, Act.RETURN],
    Status.COMPLETED: [Act.SUBMIT, Act.APPROVE],
    Status.WAIVED: [Act.WAIVE],
}


@pytest.mark.parametrize("status", list(Status))
def test_files_come_and_go_exactly_where_handing_in_is_possible(office: Engine, store: Store, status: Status) -> None:
    early = begun(office, store, "b.txt", 1)
    kept = put(office, store, "a.txt", b"a", to=asked("photos"))
    for words in WAYS[status]:
        done(office, words)
    with reading(office) as session:
        row = owed_by_name(session, **vars(asked()))
        assert row is not None
        assert row.status == status
    before = draft(office)
    reasons = {Status.COMPLETED: "不能上传或改动文件：已办结", Status.WAIVED: "不能上传或改动文件：已免报"}
    steps: list[Callable[[], object]] = [
        lambda: begun(office, store, "a.txt", 1),
        lambda: put(office, store, "a.txt", b"a"),
        lambda: receive(office, store, early, offset=0, chunks=[b"a"], real_now=NOW),
        lambda: finish_upload(office, store, early, now=NOW),
    ]
    for step in steps:
        if status in reasons:
            with pytest.raises(ActRefused) as refusal:
                step()
            assert str(refusal.value) == reasons[status]
        else:
            step()
    assert len(draft(office)) == len(before) + (0 if status in reasons else 2)
    assert draft(office, asked("photos")) == [kept]


def test_what_is_handed_in_goes_with_its_files_and_the_event_names_them(office: Engine, store: Store) -> None:
    put(office, store, "总结.docx", b"one")
    put(office, store, "照片.jpg", b"two")
    gone = put(office, store, "错的.jpg", b"wrong")
    with writing(office) as session:
        remove(session, asked(), gone.id, now=NOW)
    made = handed_in(office)
    assert made == Receipt(
        number="R000001",
        submission=1,
        at=NOW,
        withdrawn_at=None,
        notice_id=NOTICE.id,
        notice_title="关于测试的通知",
        document_number="测〔2021〕1号",
        issuer_name="prov市",
        unit_id="aa",
        unit_name="aa市",
        deliverable="report",
        deliverable_name="report",
        round=1,
        is_nil=False,
        note="",
        files=(
            Filed(name="总结.docx", size=3, sha256=digest(b"one")),
            Filed(name="照片.jpg", size=3, sha256=digest(b"two")),
        ),
    )
    assert draft(office) == []
    with reading(office) as session:
        assert receipt(session, 1) == made
        event = chain(session)[-1]
        assert (event.name, json.loads(event.data)["files"]) == ("submitted", sorted([digest(b"one"), digest(b"two")]))
        assert list(missing_or_changed(session, store)) == []
        with pytest.raises(NotFound, match="没有回执 R000002"):
            receipt(session, 2)
        assert standing_receipt(session, asked("photos")) is None


def test_handing_in_without_files_stays_possible_and_its_event_is_as_before(office: Engine) -> None:
    assert handed_in(office).files == ()
    with reading(office) as session:
        assert "files" not in json.loads(chain(session)[-1].data)


def test_a_nil_report_takes_no_files(office: Engine, store: Store) -> None:
    put(office, store, "总结.docx", b"one")
    done(office, Act.NIL)
    assert names(draft(office)) == ["总结.docx"]
    with reading(office) as session:
        (version,) = versions(session, asked())
        assert (version.is_nil, version.files) == (True, ())


def test_a_return_begins_with_the_former_files_and_every_version_stays(office: Engine, store: Store) -> None:
    put(office, store, "总结.docx", b"one", item="甲单位")
    put(office, store, "照片.jpg", b"two")
    first = handed_in(office)
    done(office, Act.RETURN, now=LATER)
    renewed = draft(office)
    assert [(m.name, m.sha256, m.item, m.added_at, m.added_by) for m in renewed] == [
        ("总结.docx", digest(b"one"), "甲单位", LATER, CLERK),
        ("照片.jpg", digest(b"two"), "", LATER, CLERK),
    ]
    with writing(office) as session:
        remove(session, asked(), renewed[1].id, now=LATER)
    put(office, store, "照片.jpg", b"better")
    second = handed_in(office, now=LATER)
    with reading(office) as session:
        found = versions(session, asked())
        assert receipt(session, 1) == first
    told = [[(m.name, m.sha256) for m in version.files] for version in found]
    assert told == [
        [("总结.docx", digest(b"one")), ("照片.jpg", digest(b"two"))],
        [("总结.docx", digest(b"one")), ("照片.jpg", digest(b"better"))],
    ]
    assert [Version(**(vars(version) | {"files": ()})) for version in found] == [
        Version(submission=1, round=1, at=NOW, is_nil=False, note="", withdrawn_at=None, files=()),
        Version(submission=2, round=2, at=LATER, is_nil=False, note="", withdrawn_at=None, files=()),
    ]
    assert (second.number, second.round) == ("R000002", 2)


@pytest.mark.parametrize("words", [Act.WITHDRAW, Act.RETURN])
def test_a_draft_that_has_begun_stays_as_it_is(office: Engine, store: Store, words: Act) -> None:
    put(office, store, "总结.docx", b"one")
    handed_in(office)
    put(office, store, "新的.docx", b"new")
    done(office, words)
    assert names(draft(office)) == ["新的.docx"]


def test_what_is_withdrawn_or_reopened_is_a_draft_again(office: Engine, store: Store) -> None:
    put(office, store, "总结.docx", b"one")
    handed_in(office)
    done(office, Act.WITHDRAW, now=LATER)
    assert names(draft(office)) == ["总结.docx"]
    handed_in(office)
    done(office, Act.APPROVE)
    assert draft(office) == []
    done(office, Act.REOPEN)
    assert names(draft(office)) == ["总结.docx"]
    with reading(office) as session:
        found = [(v.submission, v.withdrawn_at, names(v.files)) for v in versions(session, asked())]
        assert found == [(1, LATER, ["总结.docx"]), (2, None, ["总结.docx"])]
        assert receipt(session, 1).withdrawn_at == LATER


def test_one_file_of_several_is_replaced_while_nobody_reviews(office: Engine, store: Store) -> None:
    put(office, store, "总结.docx", b"one")
    put(office, store, "照片.jpg", b"two")
    handed_in(office)
    with writing(office) as session:
        assert names(keep_former(session, asked(), now=LATER)) == ["总结.docx", "照片.jpg"]
        assert names(keep_former(session, asked(), now=LATER)) == ["总结.docx", "照片.jpg"]
    with writing(office) as session:
        remove(session, asked(), drafts(session, asked())[1].id, now=LATER)
    assert handed_in(office, now=LATER).files == (Filed(name="总结.docx", size=3, sha256=digest(b"one")),)


def test_what_was_read_of_a_file_goes_with_it(office: Engine, store: Store) -> None:
    made = put(office, store, "总结.txt", b"one")
    other = put(office, store, "照片.jpg", b"two")
    with reading(office) as session:
        assert unread(session, 9) == [made, other]
        assert unread(session, 1) == [made]
    content = Content(kind=FileKind.TXT, paragraphs=(Paragraph(text="总结"),), words=2).model_dump_json()
    with writing(office) as session:
        put_content(session, made.id, kind="txt", content=content, at=LATER)
        remove(session, asked(), other.id, now=LATER)
    handed_in(office)
    done(office, Act.RETURN)
    (again,) = draft(office)
    assert (again.kind, again.read_at) == ("txt", LATER)
    with reading(office) as session:
        assert contents(session, [made.id, again.id, other.id]) == {made.id: content, again.id: content}
        assert unread(session, 9) == []


def test_the_mail_of_a_receipt_names_the_files(office: Engine, store: Store, sender: Sender) -> None:
    put(office, store, "总结.docx", b"one" * 1000)
    handed_in(office)
    deliver(office, sender, now=NOW, real_now=NOW)
    with reading(office) as session:
        (mail,) = [mail for mail in mails(session) if mail.kind == "received"]
    assert f"文件：总结.docx（3 KB，校验码 {digest(b'one' * 1000)[:12]}）" in mail.text
    assert "回执号：R000001" in mail.text


BIG = b"x" * MB


def test_a_file_is_refused_beyond_its_cap(office: Engine, store: Store) -> None:
    words = "“a.mp4”未上传：超过单个文件上限 1 MB"
    for refused in (
        lambda: put(office, store, "a.mp4", BIG + b"x", to=asked("video")),
        lambda: begun(office, store, "a.mp4", MB + 1, to=asked("video")),
    ):
        with pytest.raises(InputRefused) as refusal:
            refused()
        assert str(refusal.value) == words
    with pytest.raises(InputRefused, match="超过单个文件上限 20 MB"):
        begun(office, store, "a.mp4", 20 * MB + 1)
    assert files_there(store) == set()
    put(office, store, "a.mp4", BIG, to=asked("video"))
    begun(office, store, "a.mp4", 20 * MB)


def test_caps_of_its_own_are_counted_alone(office: Engine, store: Store) -> None:
    put(office, store, "a.mp4", BIG, to=asked("video"))
    begun(office, store, "b.mp4", MB - 1, to=asked("video"))
    with pytest.raises(InputRefused, match=r"“c\.mp4”未上传：文件已达上限 2 个，请先删去不需要的"):
        put(office, store, "c.mp4", b"", to=asked("video"))
    put(office, store, "c.mp4", b"c")


def test_the_common_cap_counts_all_other_materials_of_the_unit(office: Engine, store: Store) -> None:
    for n in range(5):
        begun(office, store, f"{n}.zip", 20 * MB)
        begun(office, store, f"{n}.zip", 20 * MB - 1, to=asked("photos"))
    put(office, store, "rest.txt", b"1234", to=asked("photos"))
    for refused in (
        lambda: put(office, store, "more.txt", b"12", to=asked("photos")),
        lambda: begun(office, store, "more.txt", 2),
    ):
        with pytest.raises(InputRefused) as refusal:
            refused()
        assert str(refusal.value) == "“more.txt”未上传：已有 200 MB，合计将超过上限 200 MB"
    put(office, store, "last.txt", b"1")
    # another unit, another kind of cap, an occurrence: each counts for itself
    for other in (asked(unit="bb"), asked("video"), asked("weekly@2021-10-15")):
        put(office, store, "other.txt", b"other", to=other)


def test_thirty_files_of_a_unit_are_enough(office: Engine, store: Store) -> None:
    for n in range(15):
        begun(office, store, f"{n}.txt", 1)
        begun(office, store, f"{n}.txt", 1, to=asked("photos"))
    with pytest.raises(InputRefused, match="文件已达上限 30 个，请先删去不需要的"):
        put(office, store, "more.txt", b"")
    with reading(office) as session:
        upload, *_ = under_way(session, asked())
    drop_upload(office, store, upload.id)
    put(office, store, "more.txt", b"")


def test_a_new_draft_counts_instead_of_what_it_replaces(office: Engine, store: Store) -> None:
    for name in ("a.mp4", "b.mp4"):
        put(office, store, name, BIG, to=asked("video"))
    handed_in(office, to=asked("video"))
    done(office, Act.RETURN, to=asked("video"))
    one, _ = draft(office, asked("video"))
    with pytest.raises(InputRefused, match="文件已达上限 2 个"):
        put(office, store, "c.mp4", BIG, to=asked("video"))
    with writing(office) as session:
        remove(session, asked("video"), one.id, now=NOW)
    put(office, store, "c.mp4", BIG, to=asked("video"))
    assert len(handed_in(office, to=asked("video")).files) == 2


def test_a_line_that_breaks_leaves_nothing(office: Engine, store: Store) -> None:
    def broken() -> object:
        yield b"abc"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        add(office, store, asked(), name="a.txt", chunks=broken(), by=CLERK, now=NOW)  # type: ignore[arg-type]
    assert (draft(office), files_there(store)) == ([], set())


def test_what_is_missing_or_changed_is_named(office: Engine, store: Store) -> None:
    for name, data in (("一.txt", b"one"), ("二.txt", b"two"), ("三.txt", b"three"), ("四.txt", b"four")):
        put(office, store, name, data)
    handed_in(office)
    taken_out = put(office, store, "五.txt", b"five")
    with writing(office) as session:
        remove(session, asked(), taken_out.id, now=NOW)
    store.path(digest(b"one")).unlink()
    store.path(digest(b"two")).write_bytes(b"tw")
    store.path(digest(b"three")).write_bytes(b"eerht")
    store.path(digest(b"five")).unlink()
    marks = {name: digest(data)[:12] for name, data in (("一", b"one"), ("二", b"two"), ("三", b"three"))}
    with reading(office) as session:
        found = {amiss.name: amiss for amiss in missing_or_changed(session, store)}
    assert found["一.txt"] == Amiss(
        name="一.txt",
        sha256=digest(b"one"),
        zh=f"文件“一.txt”（{marks['一']}）缺失",
        en=f"一.txt ({marks['一']}) is missing",
    )
    assert {name: amiss.zh for name, amiss in found.items()} == {
        "一.txt": f"文件“一.txt”（{marks['一']}）缺失",
        "二.txt": f"文件“二.txt”（{marks['二']}）与报送时不一致",
        "三.txt": f"文件“三.txt”（{marks['三']}）与报送时不一致",
    }


def test_what_nobody_needs_goes_after_a_day(office: Engine, store: Store) -> None:
    handed = put(office, store, "报送.txt", b"handed in")
    handed_in(office)
    gone, late = put(office, store, "误传.txt", b"gone"), put(office, store, "刚删.txt", b"late")
    with writing(office) as session:
        remove(session, asked(), gone.id, now=NOW)
        remove(session, asked(), late.id, now=NOW + timedelta(hours=2))
    stale = begun(office, store, "旧.txt", 3)
    fresh = begun(office, store, "新.txt", 3, real_now=NOW + timedelta(hours=2))
    store.put([b"no row"], most=9)
    for path in store.root.rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    os.utime(store.temporary / f"{fresh}.part", None)
    assert tidy(office, store, now=NOW, real_now=NOW + timedelta(hours=24)) == Tidied(files=0, uploads=0, temporary=0)
    after = NOW + timedelta(hours=25)
    assert tidy(office, store, now=after, real_now=after) == Tidied(files=2, uploads=1, temporary=0)
    assert files_there(store) == {handed.sha256, late.sha256, f"{fresh}.part"}
    with reading(office) as session:
        assert [row.id for row in under_way(session, asked())] == [fresh]
        assert list(missing_or_changed(session, store)) == []
    with pytest.raises(NotFound, match=OVER):
        receive(office, store, stale, offset=0, chunks=[b"abc"], real_now=after)


def test_the_rows_of_an_obligation_are_of_no_other(office: Engine, store: Store) -> None:
    put(office, store, "a.txt", b"same")
    put(office, store, "b.txt", b"same", to=asked(unit="bb"))
    handed_in(office)
    with reading(office) as session:
        assert names(drafts_of(session, number(office, asked(unit="bb")))) == ["b.txt"]
    assert files_there(store) == {digest(b"same")}
