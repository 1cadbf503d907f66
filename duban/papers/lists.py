"""A list as .csv for spreadsheets: UTF-8 with its mark, RFC 4180; text stays text, whatever it begins with."""

import csv
import io
from collections.abc import Iterable, Sequence

from duban.papers.texts import formula_safe

Cell = str | int | None


def list_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The file. What begins like a formula gets an apostrophe; a number is a number, None an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (headers, *rows):
        writer.writerow([formula_safe(value) if isinstance(value, str) else value for value in row])
    return out.getvalue().encode("utf-8-sig")
