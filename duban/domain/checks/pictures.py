"""Pictures: how many, whether each bears a name, how large they are, and which look like the same one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duban.domain.checks.finding import Finding, Grade, Handed
from duban.domain.checks.labels import plain
from duban.domain.checks.matter import Matter
from duban.domain.checks.measure import Bounds, Measure
from duban.domain.checks.sorts import Sort, sort_by_name, stem
from duban.domain.checks.spoken import listed, shown
from duban.domain.phrases import requirement_phrase
from duban.domain.requirement import Pictures

#: what cameras, telephones and programs call a picture: no name
_CAMERA_WORDS = re.compile(
    "screenshot|microsoft|mmexport|untitled|wxcamera|picture|camera|wechat|burst|image|mvimg|photo|cimg|copy|dscf|dscn"
    "|gopr|imge|jpeg|pano|scan|tiff|word|bmp|dji|dsc|img|jpg|new|pic|png|qq|幻灯片|扫描件|无标题|未命名|未标题|浏览器|文件夹"
    "|下载|位图|副本|图像|图片|复制|屏幕|微信|快照|截图|截屏|扫描|文件|文档|新建|照片|相片|图|照"
)
_HASH = re.compile(r"[0-9a-f]{12,}")
#: ``a (1)``, ``a - 副本``, ``a_copy2``: the same picture once more
_COPY = re.compile(r"[\s_-]*(?:\(\d+\)|副本|复件|copy)\s*\d*\s*$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: a file, inside an archive, or inside a document."""

    #: the file that it is or stands in
    file: str
    name: str
    #: how people find it: the file's name, or its number in the document
    shown: str
    width: int | None = None
    height: int | None = None
    #: bytes of a picture that is a file of its own
    size: int | None = None

    @property
    def shorter(self) -> int | None:
        return None if self.width is None or self.height is None else min(self.width, self.height)


def shots(matter: Matter) -> tuple[Shot, ...]:
    """Files and what archives list; only where there are none, those inside documents."""
    own = [_own(one) for one in matter.of(Sort.PICTURE) if one.content is not None]
    listed_ = [shot for one in matter.of(Sort.ARCHIVE) for shot in _in_archive(one)]
    return tuple(own + listed_) or tuple(shot for one in matter.of(Sort.TEXT, Sort.SLIDES) for shot in _inside(one))


def _own(one: Handed) -> Shot:
    first = one.content.pictures[0] if one.content and one.content.pictures else None
    width, height = (first.width, first.height) if first else (None, None)
    return Shot(file=one.name, name=stem(one.name), shown=one.name, width=width, height=height, size=one.size)


def _in_archive(one: Handed) -> Iterator[Shot]:
    for entry in one.content.entries if one.content else ():
        # what macOS keeps beside each file is no picture
        if sort_by_name(entry) is Sort.PICTURE and "__MACOSX" not in entry:
            yield Shot(file=one.name, name=stem(entry), shown=stem(entry))


def _inside(one: Handed) -> Iterator[Shot]:
    for number, picture in enumerate(one.content.pictures if one.content else (), start=1):
        where = f"文中第{number}张"
        yield Shot(file=one.name, name=picture.name, shown=where, width=picture.width, height=picture.height)


def closed_pictures(matter: Matter, found: Sequence[Shot]) -> tuple[str, ...]:
    """Files that may hold further pictures, but are still being read or cannot be."""
    in_documents = () if any(shot.size is not None for shot in found) else (Sort.TEXT, Sort.SLIDES)
    unread = [one for one in matter.of(Sort.PICTURE, Sort.OTHER, *in_documents) if one.content is None]
    return tuple(one.name for one in (*unread, *matter.shut_archives))


def check_pictures(asked: Pictures, matter: Matter) -> tuple[Finding, ...]:
    """The number first, then names and sizes where they are asked for."""
    phrase = requirement_phrase(asked, matter.notice)
    found = shots(matter)
    number = Measure(
        kind="pictures",
        requirement=phrase,
        bounds=Bounds.of(asked),
        subject="图片",
        unit="张",
        count=len(found),
        files=tuple(dict.fromkeys(shot.file for shot in found)),
        closed=closed_pictures(matter, found),
        shortage=matter.shortage,
    ).judged()
    names = _names(phrase, found) if asked.named else ()
    sizes = _sizes(phrase, asked.min_pixels, found) if asked.min_pixels else ()
    return (number, *names, *sizes)


def _names(phrase: str, found: Sequence[Shot]) -> Iterator[Finding]:
    nameless = [shot for shot in found if not is_name(shot.name)]
    if nameless:
        gap = f"{len(nameless)}张图片未命名"
        yield _finding(phrase, Grade.GAP, f"{gap}：{listed([shot.shown for shot in nameless])}", nameless, gap)
    elif found:
        yield _finding(phrase, Grade.MET, "图片均已命名", found)


def is_name(name: str) -> bool:
    """Somebody gave it: more than digits, a camera's or a program's words, or a sum of letters."""
    letters = re.sub(r"[\W_]+", "", plain(name).casefold())
    if _HASH.fullmatch(letters):
        return False
    rest = _CAMERA_WORDS.sub("", re.sub(r"\d+", "", letters))
    return len(rest) > 2 if rest.isascii() else bool(rest)


def _sizes(phrase: str, least: int, found: Sequence[Shot]) -> Iterator[Finding]:
    small = [shot for shot in found if shot.shorter is not None and shot.shorter < least]
    unknown = [shot for shot in found if shot.shorter is None]
    if small:
        gap = f"{len(small)}张图片短边不足{least}像素"
        which = "、".join(f"{shown(shot.shown)}（{shot.shorter}像素）" for shot in small[:5])
        yield _finding(phrase, Grade.GAP, f"{gap}：{which}{'等' if len(small) > 5 else ''}", small, gap)
    if unknown:
        zh = f"{len(unknown)}张图片的尺寸未能自动核验：{listed([shot.shown for shot in unknown])}"
        yield _finding(phrase, Grade.UNKNOWN, zh, unknown)
    if found and not small and not unknown:
        yield _finding(phrase, Grade.MET, f"图片短边均不少于{least}像素", found)


def check_duplicates(matter: Matter) -> Iterator[Finding]:
    """Pictures that are alike in size, dimensions and, but for a mark of copying, name."""
    groups: dict[tuple[str, int, int | None, int | None], list[Shot]] = {}
    for shot in shots(matter):
        if shot.size is not None:
            groups.setdefault((_original(shot.name), shot.size, shot.width, shot.height), []).append(shot)
    for group in groups.values():
        if len(group) > 1:
            zh = f"图片疑似重复：{listed([shot.shown for shot in group])}"
            yield _finding("文件", Grade.NEAR, zh, group)


def _original(name: str) -> str:
    """The name before it was copied, once or more often."""
    found = plain(name)
    while (mark := _COPY.search(found)) and mark.start() > 0:
        found = found[: mark.start()]
    return found.casefold()


def _finding(phrase: str, grade: Grade, zh: str, found: Sequence[Shot], gap: str = "") -> Finding:
    files = tuple(dict.fromkeys(shot.file for shot in found))
    return Finding(kind="pictures", requirement=phrase, grade=grade, zh=zh, gap=gap, files=files)
