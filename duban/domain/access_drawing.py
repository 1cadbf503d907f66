"""Draws the table of permissions for people: ``docs/access.md`` is made here, and a test compares it."""

import sys

from duban.domain.deeds import HANDLING, HATS, REVIEWING, TABLE, TOUCHING, Deed, Reach

_HEAD = """# Who may do what

Drawn from `duban/domain/deeds.py` by `python -m duban.domain.access_drawing > docs/access.md`; do not edit by hand.
A hat is worn for a unit, and its reach counts from there: `own`, what the unit owes; `below`, the unit and all below
it; `issued`, the notices that it has issued; `reviewed`, what it reviews; `all`. A link of a mail gives the hat of a
clerk or a reviewer for one unit in one notice. An empty cell is a refusal.
"""


def drawn() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_table(), "", *_rules(), ""])


def _table() -> list[str]:
    rows = ["| deed | 事项 | " + " | ".join(f"{hat} {hat.zh}" for hat in HATS) + " |", "|---" * (len(HATS) + 2) + "|"]
    for deed in Deed:
        cells = " | ".join(_cell(TABLE[hat, deed]) for hat in HATS)
        rows.append(f"| `{deed}` | {deed.zh} | {cells} |")
    return rows


def _cell(reach: Reach) -> str:
    return str(reach)


def _rules() -> list[str]:
    def named(deeds: frozenset[Deed]) -> str:
        return ", ".join(f"`{deed}`" for deed in Deed if deed in deeds)

    hats = ", ".join(str(hat) for hat in HATS if hat in HANDLING)
    return [
        f"- Nobody reviews what he has handed in himself: {named(REVIEWING)}.",
        "- During leave a colleague wears a hat of the absent person from day to day; he reviews neither what he nor",
        "  what the absent person has handed in, and lends on nothing that is lent to him.",
        f"- Where a material holds personal data, {named(TOUCHING)} are for {hats} alone, and ask for a login or the",
        "  unit's 口令: the bare link is not enough.",
    ]


if __name__ == "__main__":
    sys.stdout.write(drawn())
