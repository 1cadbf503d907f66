"""What is wrong with a file, and what to do about it."""

from collections.abc import Iterator

from duban.domain.checks.finding import Finding, Grade, Handed
from duban.domain.checks.spoken import in_line, listed, shown
from duban.domain.content import Content, FileKind, Mark

#: the demand that a file stands to by itself
FILE = "文件"

#: a fault of the file, and how its sender mends it
_FAULTS = {
    Mark.EMPTY: "是空文件，请重新上传",
    Mark.ENCRYPTED: "设有密码，请取消密码后重新上传",
    Mark.MACROS: "含有宏，请另存为不含宏的文件后重新上传",
    Mark.BOMB: "展开后过大，未予核验，请拆分或压缩图片后重新上传",
    Mark.ENTITIES: "含有外部引用，未予核验，请用办公软件另存后重新上传",
    Mark.BROKEN: "已损坏，无法打开，请重新上传",
}
#: no fault of the sender: a person must look
_BY_PERSON = {
    Mark.SCAN: "是扫描件，没有可核验的文字，请人工核验",
    Mark.UNREADABLE: "未能自动核验，请人工核验",
    Mark.BY_HAND: "的格式不能自动核验，请人工核验",
}
#: what people call a kind of file
_CALLED = {
    FileKind.DOC: "Word 97—2003 文档",
    FileKind.DOCX: "Word 文档",
    FileKind.WPS: "WPS 文字",
    FileKind.XLS: "Excel 97—2003 工作簿",
    FileKind.XLSX: "Excel 工作簿",
    FileKind.ET: "WPS 表格",
    FileKind.PPTX: "演示文稿",
    FileKind.TXT: "纯文本",
    FileKind.MEDIA: "音视频",
    FileKind.OTHER: "其他类型文件",
    FileKind.EMPTY: "空文件",
}


#: endings of what a machine runs: never a material
_PROGRAMS = frozenset({
    *("exe", "com", "scr", "pif", "msi", "dll", "sys", "cpl", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf"),
    *("hta", "jar", "lnk", "reg", "sh", "apk", "app", "deb", "rpm"),
})  # fmt: skip


def is_program(name: str) -> bool:
    """True for a name that a machine takes for a program."""
    return name.rpartition(".")[2].strip().lower() in _PROGRAMS and "." in name


def check_files(handed: tuple[Handed, ...]) -> Iterator[Finding]:
    """Each file's faults in the order of its marks; at the end, in one sentence, those still being read."""
    for one in handed:
        if is_program(one.name):
            yield _finding(Grade.WARNING, f"{shown(one.name)}是程序文件，不能作为材料报送，请移除", one.name)
        elif one.content is not None:
            yield from _of_content(one, one.content)
    unread = tuple(one.name for one in handed if one.content is None)
    if unread:
        yield _finding(Grade.UNKNOWN, f"正在核验：{listed(unread)}", *unread)


def _of_content(one: Handed, content: Content) -> Iterator[Finding]:
    name = shown(one.name)
    for mark in dict.fromkeys(content.marks):
        if mark is Mark.MISNAMED:
            called = _CALLED.get(content.kind, content.kind.upper())
            yield _finding(Grade.WARNING, f"{name}实为{called}，与扩展名不符，请改正扩展名后重新上传", one.name)
        elif mark in _FAULTS:
            yield _finding(Grade.WARNING, name + _FAULTS[mark], one.name)
        else:
            yield _finding(Grade.UNKNOWN, name + _BY_PERSON[mark], one.name)
    trouble = in_line(content.trouble).rstrip("。")
    if trouble and not content.marks:
        yield _finding(Grade.UNKNOWN, f"{name}：{trouble}", one.name)


def _finding(grade: Grade, zh: str, *files: str) -> Finding:
    gap = zh if grade is Grade.WARNING else ""
    return Finding(kind="file", requirement=FILE, grade=grade, zh=zh, gap=gap, files=files)
