"""The file of sending accounts (YAML or JSON): where each secret lies, never the secret itself."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from duban.domain.errors import UsageError
from duban.domain.profiles import PROFILES
from duban.domain.strict import Strict

#: Keys under which people would write a secret.
INLINE = frozenset({"secret", "password", "passwd", "pass", "授权码", "密码"})
#: bytes of such a file
MOST_BYTES = 64 * 1024

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class AccountEntry(Strict):
    """One account of the file."""

    #: the address in From; empty: the login
    sender: str = ""
    host: Line
    port: int = Field(default=465, ge=1, le=65535)
    #: login; empty: no login
    user: str = ""
    tls: Literal["ssl", "starttls", "none"] = "ssl"
    #: the kind of account; empty: by its server
    profile: str = ""
    #: a file that holds the secret (授权码)
    secret_file: Path | None = None

    @field_validator("profile")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name and name not in PROFILES:
            raise ValueError(f"profile 只能是 {'、'.join(PROFILES)}")
        return name


def read_accounts(path: Path) -> list[AccountEntry]:
    """The accounts of a file, in its order; a secret file is meant relative to it. UsageError, in one line."""
    found = [_entry(path, number, value) for number, value in enumerate(_values(path), start=1)]
    if not found:
        raise UsageError(f"{path}：没有发信账号", f"{path}: no accounts")
    return found


def _values(path: Path) -> list[Any]:
    try:
        text = path.read_bytes()[:MOST_BYTES].decode()
        value = YAML(typ="safe", pure=True).load(text)
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        why = type(error).__name__
        raise UsageError(
            f"发信账号文件 {path} 读不出（{why}）", f"cannot read the accounts in {path}: {why}"
        ) from error
    entries = value.get("accounts") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise UsageError(f"{path}：应为账号的列表", f"{path}: a list of accounts is wanted")
    return entries


def _entry(path: Path, number: int, value: Any) -> AccountEntry:
    where = f"{path} 第{number}个账号"
    if isinstance(value, dict) and INLINE & {str(key).lower() for key in value}:
        raise UsageError(
            f"{where}：授权码不写在这里，请存入单独的文件，此处写 secret_file",
            f"{path}, account {number}: no secrets here: put it into a file of its own and name it in secret_file",
        )
    try:
        entry = AccountEntry.model_validate(value)
    except ValidationError as fault:
        # without the values: one of them may be a secret in the wrong place
        first = fault.errors(include_input=False, include_url=False)[0]
        what = f"{'.'.join(map(str, first['loc']))} {first['msg'].removeprefix('Value error, ')}".strip()
        raise UsageError(f"{where}：{what}", f"{path}, account {number}: {what}") from None
    if not (entry.sender or entry.user):
        raise UsageError(f"{where}：请写 sender 或 user", f"{path}, account {number}: sender or user is wanted")
    secret = entry.secret_file and path.parent / entry.secret_file
    if secret and not secret.is_file():
        raise UsageError(f"{where}：没有授权码文件 {secret}", f"{path}, account {number}: no secret file {secret}")
    return entry.model_copy(update={"secret_file": secret})
