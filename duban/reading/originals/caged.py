"""A notice's file, hostile until proved otherwise, read in a child process with limits."""

import json
import tempfile
from pathlib import Path

from duban.reading.materials.childhood import ask
from duban.reading.materials.limits import MIB, Limits
from duban.reading.originals import OriginalRefused

_CHILD = "duban.reading.originals.child"
#: A notice is text: whatever needs more than this is not one.
LIMITS = Limits(cpu_seconds=15, wall_seconds=30.0, memory=768 * MIB, answer_size=16 * MIB)


def read_caged(path: Path, *, limits: Limits = LIMITS) -> str:
    """The text of a notice's file; OriginalRefused, with what to do, also where reading it took too much."""
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        zh = f"打不开 {path}：请核对路径和权限"
        raise OriginalRefused(zh, f"cannot open {path}: {error.strerror}") from None
    try:
        return _said(ask("text", path, limits, module=_CHILD).said)
    except OriginalRefused as refusal:
        raise OriginalRefused(f"{path}：{refusal.zh}", f"{path}: {refusal.en}") from None


def text_caged(data: bytes, *, limits: Limits = LIMITS) -> str:
    """As ``read_caged``, for bytes that came by a form."""
    with tempfile.TemporaryDirectory(prefix="duban-original-") as folder:
        path = Path(folder) / "original"
        path.write_bytes(data)
        return _said(ask("text", path, limits, module=_CHILD).said)


def _said(answer: bytes) -> str:
    try:
        told: dict[str, str] = json.loads(answer)
    except ValueError:
        zh = "文件过大或过于复杂，读不了；请另存为 .txt，或直接粘贴正文"
        raise OriginalRefused(zh, "too large or too complex to read: save it as .txt, or paste its text") from None
    if "text" not in told:
        raise OriginalRefused(told["zh"], told["en"])
    return told["text"]
