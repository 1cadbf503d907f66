"""What can go wrong, whose fault it is, and whether trying again helps.

Every error is one line for a person: ``zh`` and ``en``; ``str(error)`` is the Chinese line.
"""

from collections.abc import Sequence


class DubanError(Exception):
    """The root: something that a person is told in one line."""

    #: exit code of the command line: 1 findings, 2 usage, 3 temporary, 4 lost integrity
    exit_code = 1

    def __init__(self, zh: str, en: str = "") -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en or zh

    def said_in(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


class InputRefused(DubanError):
    """A file or a value from outside is wrong: mend it and come again; nothing was kept of it."""


class ActRefused(DubanError):
    """The act is not possible for this thing as it stands, or not for this person; nothing changed."""


class ManyRefused(ActRefused):
    """Of many acts that are done together some are refused; none was done."""

    def __init__(self, refusals: Sequence[tuple[str, DubanError]]) -> None:
        """``refusals``: what each is about, as people name it, and why."""
        self.refusals = tuple(refusals)
        zh = "；".join(f"{about}：{error.zh}" for about, error in self.refusals)
        en = "; ".join(f"{about}: {error.en}" for about, error in self.refusals)
        super().__init__(f"有{len(self.refusals)}项不能办理，全部未办：{zh}", f"none was done, refused were {en}")


class Denied(DubanError):
    """Not for this person: outside of what the login or the link gives; nothing changed, nothing is told."""


class LoginNeeded(DubanError):
    """Nobody is logged in, or the session is over."""


class NotFound(DubanError):
    """No such notice, unit or obligation."""

    exit_code = 2


class UsageError(DubanError):
    """The command was called wrongly."""

    exit_code = 2


class Temporary(DubanError):
    """The world outside is not ready (a taken port, a server that is down): try again later."""

    exit_code = 3


class Busy(Temporary):
    """Too much at once; the same again in a moment will do."""

    #: seconds
    retry_after = 5


class NotStored(Temporary):
    """What was handed in could not be written to the disk: nothing of it was kept. It helps to make room first."""

    @classmethod
    def full(cls) -> "NotStored":
        """There is no room."""
        zh = "未提交成功，磁盘空间不足，请稍后再试或联系经办人"
        return cls(zh, "not submitted: the disk is full; try again later, or tell the coordinator")

    @classmethod
    def unwritable(cls, why: str) -> "NotStored":
        """The disk takes nothing, or the folder is gone; ``why`` in the system's words."""
        zh = f"未提交成功，文件无法写入磁盘（{why}），请稍后再试或联系经办人"
        return cls(zh, f"not submitted: the disk takes nothing ({why}); try again later")
