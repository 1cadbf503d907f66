"""What programs are answered of a notice that changes: shapes, each field with its meaning."""

from duban.web.api.answers import Answer


class Change(Answer):
    """One thing that a changed definition changes."""

    #: a word for programs
    kind: str
    #: the line for people
    text: str


class SupplementAhead(Answer):
    """What a supplement would do; nothing is written."""

    notice: str
    #: the revision that it would make
    revision: int
    changes: tuple[Change, ...]
    #: obligations by what becomes of them
    moved: int
    added: int
    dropped: int
    restored: int
    unchanged: int
    #: units of which something changes
    units: int
    #: reminders that wait and would not be said
    reminders: int
    #: people who would get one mail of new days, or of what is no longer asked
    mails: int
    #: people who would get one mail of what is newly asked
    notices: int


class SupplementDone(Answer):
    """What a supplement has done; its mails leave by the next tick."""

    notice: str
    #: the revision in force
    revision: int
    #: the number of its event in the record
    event: int
    changes: tuple[Change, ...]
    #: obligations by what became of them
    moved: int
    added: int
    dropped: int
    restored: int
