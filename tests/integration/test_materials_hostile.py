"""Files that mean harm: each gets an answer, in time, and harms nobody (R23)."""

import gc
import os
import random
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from duban.domain.content import Content, FileKind, Mark, Paragraph, Picture
from duban.reading.materials.limits import MIB, Limits
from duban.reading.materials.reader import read_material
from hostile_files import Hostile, forms, hostile, locked_zip, parts_of, real_picture, xlsx
from material_files import docx, ole, p, pdf, picture, run, word_stream, zipped

HOSTILE = hostile()
#: mutated samples: now, and in a soak
FEW, MANY = 16, 2000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where materials lie; the temporary folder of the reader is another, and stays empty."""
    (tmp_path / "scratch").mkdir()
    (tmp_path / "store").mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "store"


def read(folder: Path, data: bytes, name: str, limits: Limits | None = None) -> Content:
    path = folder / os.urandom(8).hex()
    path.write_bytes(data)
    try:
        return read_material(path, name, limits=limits or Limits())
    finally:
        path.unlink()


@pytest.mark.parametrize("sample", HOSTILE, ids=[sample.name for sample in HOSTILE])
def test_each_is_refused_by_name(folder: Path, sample: Hostile) -> None:
    found = read(folder, sample.data, sample.name)
    assert found == Content(kind=sample.kind, marks=sample.marks, trouble=sample.trouble)
    assert list((folder.parent / "scratch").iterdir()) == []


def peak() -> int:
    """The most memory of this process since ``forget``, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def forget() -> None:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def test_the_parent_stays_as_it_is(folder: Path) -> None:
    """What unfolds does so in the child; here the memory is flat."""
    worst = [sample for sample in HOSTILE if sample.name in ("炸弹.zip", "巨幅.png", "太碎.docx", "laughs.xlsx")]
    paths = [folder / str(number) for number in range(len(worst))]
    for path, sample in zip(paths, worst, strict=True):
        path.write_bytes(sample.data)
    forget()
    before = peak()
    found = [read_material(path, sample.name).marks for path, sample in zip(paths, worst, strict=True)]
    assert (found, peak() - before < 20 * MIB) == ([sample.marks for sample in worst], True)


@pytest.mark.parametrize(
    ("data", "name", "content"),
    [
        # the bound's twins
        (
            real_picture(10_000, 5_000),
            "大.png",
            Content(kind=FileKind.PNG, pictures=(Picture(width=10_000, height=5_000, name="大"),)),
        ),
        (
            zipped({str(n): b"" for n in range(2000)}),
            "多.zip",
            Content(kind=FileKind.ZIP, entries=tuple(str(n) for n in range(2000))),
        ),
        (docx("<w:p/>" * 100_000), "碎.docx", Content(kind=FileKind.DOCX, words=0)),
        (zipped({"a": bytes(8 * MIB)}), "松.zip", Content(kind=FileKind.ZIP, entries=("a",))),
        # a bomb in an archive in an archive is not touched
        (
            zipped({"内.zip": zipped({"a": bytes(16 * MIB)})}),
            "外.zip",
            Content(kind=FileKind.ZIP, entries=("内.zip",), notes=("压缩包内还有压缩包，未打开",)),
        ),
        # what is inside is told although it is locked
        (
            locked_zip(),
            "锁.zip",
            Content(
                kind=FileKind.ZIP,
                marks=(Mark.ENCRYPTED,),
                trouble="无法自动核验：压缩包有密码，请去掉密码后重新上传",
                entries=("甲.txt",),
            ),
        ),
        # programs in documents are told, and the document is read
        (
            docx(p("甲"), {"word/vbaProject.bin": b"x"}),
            "宏.docm",
            Content(kind=FileKind.DOCX, marks=(Mark.MACROS,), paragraphs=(Paragraph(text="甲"),), words=1),
        ),
        (
            docx(p("甲"), {"[Content_Types].xml": "<Types><Override ContentType='x.macroEnabled.main+xml'/></Types>"}),
            "宏.docx",
            Content(kind=FileKind.DOCX, marks=(Mark.MACROS,), paragraphs=(Paragraph(text="甲"),), words=1),
        ),
        (
            ole(("WordDocument", word_stream()), ("Macros", b"")),
            "宏.doc",
            Content(
                kind=FileKind.DOC,
                marks=(Mark.MACROS, Mark.BY_HAND),
                trouble="无法自动核验，请人工核验：旧版 .doc 文档",
            ),
        ),
        # two things at once are what they begin as
        (
            picture("GIF") + zipped({"a": b"x"}),
            "两样.gif",
            Content(kind=FileKind.GIF, pictures=(Picture(width=64, height=48, name="两样"),)),
        ),
        (
            picture("JPEG") + zipped({"a": b"x"}),
            "两样.zip",
            Content(kind=FileKind.JPEG, marks=(Mark.MISNAMED,), pictures=(Picture(width=64, height=48, name="两样"),)),
        ),
        (
            pdf([(72, 700, 12, "总结")]) + zipped({"a": b"x"}),
            "两样.pdf",
            Content(kind=FileKind.PDF, paragraphs=(Paragraph(text="总结"),), pages=1, words=2),
        ),
        (
            b"MZ" + zipped({"a": b"x"}),
            "自解压.exe",
            Content(kind=FileKind.OTHER, marks=(Mark.BY_HAND,), trouble="无法自动核验，请人工核验：文件类型无法识别"),
        ),
        # text that no database keeps
        (
            docx(f"<w:p>{run('甲&#xFFFD;')}{run('&#x202E;乙')}</w:p>"),
            "乱.docx",
            Content(kind=FileKind.DOCX, paragraphs=(Paragraph(text="甲�乙"),), words=3),
        ),
    ],
)
def test_what_is_let_in(folder: Path, data: bytes, name: str, content: Content) -> None:
    assert read(folder, data, name) == content


@pytest.mark.parametrize("name", ["..\\../x\r\n\0.png", "\u202eCON.png", "长" * 400, "", "\ud800"])
def test_names_are_only_names(folder: Path, name: str) -> None:
    """Whatever a file is called, it is read, and its name is printed in one line."""
    found = read(folder, picture("PNG"), name)
    (shot,) = found.pictures
    assert (found.kind, found.marks, "/" in shot.name, shot.name.isprintable()) == (FileKind.PNG, (), False, True)


UNREADABLE = "无法自动核验，请人工核验：文件过大或过于复杂，超出读取的限度"


def test_a_file_that_never_ends_is_ended(folder: Path) -> None:
    """Forms that show each other a million times: the clock of the processor stops them, and the kind is known."""
    found = read(folder, forms(12), "总结.pdf", Limits(cpu_seconds=1))
    assert found == Content(kind=FileKind.PDF, marks=(Mark.UNREADABLE,), trouble=UNREADABLE)


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (Limits(wall_seconds=0.01), FileKind.OTHER),
        (Limits(answer_size=10), FileKind.OTHER),
        (Limits(answer_size=400), FileKind.DOCX),
    ],
)
def test_a_child_that_dies_or_says_too_much_is_answered_for(folder: Path, limits: Limits, kind: FileKind) -> None:
    found = read(folder, docx(p("甲")), "甲.docx", limits)
    assert found == Content(kind=kind, marks=(Mark.UNREADABLE,), trouble=UNREADABLE)


def test_a_file_that_eats_memory_is_ended(folder: Path) -> None:
    """Half a million elements, which are no bomb by their bytes."""
    data = docx("<a/>" * 500_000)
    assert read(folder, data, "a.docx") == Content(kind=FileKind.DOCX, words=0)
    found = read(folder, data, "a.docx", Limits(memory=80 * MIB))
    assert found == Content(kind=FileKind.DOCX, marks=(Mark.UNREADABLE,), trouble=UNREADABLE)


def test_nothing_is_left_running(folder: Path) -> None:
    before = set(_children())
    read(folder, forms(12), "总结.pdf", Limits(wall_seconds=0.5))
    assert set(_children()) - before == set()


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def seeds() -> list[tuple[bytes, str]]:
    good = [
        (docx(p("工作总结") * 30), "a.docx"),
        (xlsx(), "a.xlsx"),
        (pdf([(72, 700, 12, "总结")], pictures=[(4, 3)]), "a.pdf"),
        (ole(("WordDocument", word_stream())), "a.doc"),
        (zipped({"a": b"x" * 500, "b": b"y"}), "a.zip"),
        ("通知\n各市".encode("utf-16"), "a.txt"),
        *((picture(form), f"a.{form.lower()}") for form in ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")),
    ]
    return good + [(sample.data, sample.name) for sample in HOSTILE if len(sample.data) < 100_000]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A sample gone wrong; in every second archive only a part of it, so that the readers see it."""
    try:
        parts = parts_of(data) if chance.random() < 0.5 else {}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        parts = {}
    if not parts or sum(map(len, parts.values())) > MIB:
        return garbled(data, chance)
    name = chance.choice(sorted(parts))
    return zipped({**parts, name: garbled(bytes(parts[name]), chance)})


def garbled(data: bytes, chance: random.Random) -> bytes:
    """Some bytes other, some gone, some twice, or the end off."""
    whole = bytearray(data)
    for _ in range(chance.choice((1, 3, 10, 100))):
        at = chance.randrange(len(whole) + 1)
        act: Callable[[], object] = chance.choice(
            (
                lambda at=at: whole.__setitem__(slice(at, at + 1), bytes([chance.randrange(256)])),
                lambda at=at: whole.__delitem__(slice(at, at + chance.randrange(1, 40))),
                lambda at=at: whole.__setitem__(slice(at, at), whole[at : at + 60]),
                lambda at=at: whole.__setitem__(slice(at, at + 4), b"\xff\xff\xff\xff"),
            )
        )
        act()
    return bytes(whole[: chance.randrange(len(whole) + 1)] if chance.random() < 0.1 else whole)


def is_well_answered(found: Content) -> bool:
    """Read, or a clear sentence; never both unread and unsaid."""
    silent = not found.trouble and not set(found.marks) - {Mark.MISNAMED, Mark.MACROS}
    return silent or (found.trouble.startswith("无法自动核验") and found.trouble.isprintable())


def fuzz(folder: Path, count: int) -> list[tuple[int, Content]]:
    """The answers that are none, of ``count`` mutated samples."""
    kinds = seeds()

    def answered(number: int) -> tuple[int, Content]:
        chance = random.Random(number)
        data, name = kinds[number % len(kinds)]
        return number, read(folder, mutated(data, chance), f"{number}-{name}")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(answered, range(count)))
    return [answer for answer in answers if not is_well_answered(answer[1])]


def test_mutated_samples_are_answered(folder: Path) -> None:
    assert fuzz(folder, FEW) == []


@pytest.mark.soak
def test_many_mutated_samples_are_answered(folder: Path) -> None:
    before = peak()
    assert fuzz(folder, MANY) == []
    assert (peak() - before < 20 * MIB, list((folder.parent / "scratch").iterdir())) == (True, [])
