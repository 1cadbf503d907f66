"""``python -m bench NAME``: run a workload, print one JSON line: name, n, seconds, rate, peak_mb, and more."""

import json
import resource
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from bench.acts import act
from bench.drafting import draft
from bench.kills import kill
from bench.mails import mail
from bench.pages import pages
from bench.record import publish, rebuild, sweep
from bench.replay import replay

#: A workload answers what it did (``n``) and how long it took (``seconds``), and what else there is to say.
WORKLOADS: dict[str, Callable[[Namespace], dict[str, Any]]] = {
    "act": act,
    "draft": draft,
    "kill": kill,
    "mail": mail,
    "pages": pages,
    "publish": publish,
    "rebuild": rebuild,
    "replay": replay,
    "sweep": sweep,
}


def main() -> int:
    """Run the workload that is named."""
    asked = _arguments()
    found = WORKLOADS[asked.name](asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = {"name": asked.name, "database": asked.database.partition(":")[0] or "sqlite", **found}
    line["rate"] = found["n"] / found["seconds"]
    print(json.dumps({key: _short(value) for key, value in line.items()} | {"peak_mb": round(peak, 1)}))
    return 0


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m bench")
    parser.add_argument("name", choices=sorted(WORKLOADS))
    parser.add_argument("--obligations", type=int, default=1_000_000, help="stored obligations")
    parser.add_argument("--due", type=float, default=0.01, help="sweep: the share of them that is due")
    parser.add_argument("--count", type=int, default=1000, help="act: obligations completed; kill: kills")
    parser.add_argument("--mails", type=int, default=2000, help="mail: mails sent")
    parser.add_argument("--senders", type=int, default=1, help="kill, mail: senders at once")
    parser.add_argument("--seed", type=int, default=1, help="kill: of the moments of death")
    parser.add_argument("--database", default="", help="postgresql://… (it is emptied); else a file, thrown away")
    return parser.parse_args()


def _short(value: Any) -> Any:
    return round(value, 4 if value < 10 else 1) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
