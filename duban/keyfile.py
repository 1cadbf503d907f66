"""The key of an installation: 32 random bytes in a file that only its owner reads, never in the database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from duban.domain.errors import UsageError

BYTES = 32


def read_key(file: Path) -> bytes:
    """The key in ``file``, made there at first use. UsageError for a file that holds none."""
    if not file.exists():
        _make(file)
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) < BYTES:
        zh = f"密钥文件 {file} 内容不正确：应为 64 位十六进制数。请从原处取回；不要的话删去，系统会另建一个"
        raise UsageError(zh, f"{file} holds no key of 64 hex digits: bring it back, or remove it to have a new one")
    return key


def _make(file: Path) -> None:
    """Whole under its name, or not there; of two processes that make it, the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as writer:
        writer.write(secrets.token_hex(BYTES) + "\n")
        writer.flush()
        os.fsync(writer.fileno())
    with suppress(FileExistsError):
        os.link(made, file)
    made.unlink()
