"""The strict, frozen base of everything that is loaded from a definition."""

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

#: An id: ASCII, as it appears in files, columns and JSON.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
#: Words for people: never blank.
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
#: A time of day as the file writes it; 24:00 is the end of the day.
ClockTime = Annotated[
    str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00|closing)$"), Field(examples=["24:00", "15:00"])
]
#: When an office closes: a time that the clock shows.
ClosingTime = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
#: A month, YYYY-MM.
Month = Annotated[str, StringConstraints(pattern=r"^(19|20|21)\d{2}-(0[1-9]|1[0-2])$")]


def _read_day(value: object) -> object:
    """A day from text, which is YYYY-MM-DD or refused (pydantic would take ``"86400"`` too); the rest as it is."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("day_format")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("no_such_day") from None


#: A day, named so that a field may be called ``date``; bounded, so that counting from it stays in the calendar.
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31)), BeforeValidator(_read_day)]


class Strict(BaseModel):
    """Frozen; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
