"""Drafting out of hostile texts: no punctuation, only digits, nested brackets, random bytes; cost by length."""

import random
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from bench.stopwatch import stopwatch
from duban.drafting.surveying import survey
from duban.drafting.writing import definition

#: What is repeated, or made, to the length that is asked.
HOSTILE: dict[str, str | Callable[[int], str]] = {
    "no punctuation": "报送材料前月日",
    "digits": "1234567890",
    "nested": lambda size: "(" * (size // 2) + ")" * (size // 2),
    "quotes": "《“（",
    "random": lambda size: random.Random(1).randbytes(size).decode("gb18030", errors="replace"),
    "latin": lambda size: random.Random(1).randbytes(size).decode("latin-1"),
    "sentences": "请各单位于5月10日前将工作总结报送市局办公室。",
    "lines": "请各单位于5月10日前将工作总结报送市局办公室。\n",
    "labels": "报送时间：5月10日前\n报送材料：总结\n",
    "dates": "5月10日、",
    "rhythms": "每月5日前",
    "units": "各市各县",
    "rows": "材料\t时间\n",
    "spaces": "材 料 ",
    "mailboxes": "a.b@c.d.e.f@",
    "numbers": "甲发〔2024〕1号\n关于报送总结的通知\n",
}
#: characters
SIZES = (250_000, 500_000, 1_000_000)


def hostile(name: str, size: int) -> str:
    """A hostile text of about ``size`` characters."""
    kind = HOSTILE[name]
    return kind(size) if callable(kind) else kind * (size // len(kind))


def draft(_: Namespace) -> dict[str, Any]:
    """A million characters of each kind; the slowest is told, and for three sizes how the seconds grow."""
    seconds = {name: [_seconds(hostile(name, size)) for size in SIZES] for name in HOSTILE}
    slowest = max(seconds, key=lambda name: seconds[name][-1])
    return {
        "n": SIZES[-1],
        "of": "characters",
        "seconds": seconds[slowest][-1],
        "slowest": slowest,
        "sizes": list(SIZES),
        "growth": [round(found, 3) for found in seconds[slowest]],
    }


def _seconds(text: str) -> float:
    """Of the processor: other work on the machine does not count."""
    with stopwatch() as watch:
        for facts in survey(text):
            definition(facts)
    return watch.cpu
