"""What can go wrong, whose fault it is, and whether trying again helps.

Every error is one line for a person: ``zh`` and ``en``; ``str(error)`` is the Chinese line.
"""


class DubanError(Exception):
    """The root: something that a person is told in one line."""

    #: exit code of the command line: 1 findings, 2 usage, 3 temporary
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


class NotFound(DubanError):
    """No such notice, unit or obligation."""

    exit_code = 2


class UsageError(DubanError):
    """The command was called wrongly."""

    exit_code = 2


class Temporary(DubanError):
    """The world outside is not ready (a taken port, a server that is down): try again later."""

    exit_code = 3
