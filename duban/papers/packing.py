"""What .docx and .xlsx have in common: who made them, when, and that the same values give the same bytes."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: the first moment that a zip file can write
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """What a document says of itself in its properties: an office, never a person."""

    title: str
    office: str
    #: the day that it speaks of: of issue, or as of
    day: date

    @property
    def moment(self) -> datetime:
        """The beginning of the day, as a document's properties have it (UTC)."""
        return datetime.combine(self.day, time(), tzinfo=UTC)


def repacked(data: bytes) -> bytes:
    """A zip file with the same parts in the same order and no time of its own."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = ZipInfo(name, _EPOCH)
            part.compress_type = ZIP_DEFLATED
            # the same on every system
            part.create_system = 0
            new.writestr(part, old.read(name))
    return out.getvalue()
