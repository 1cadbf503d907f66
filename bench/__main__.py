"""``python -m bench NAME``: run a workload, print one JSON line (name, n, seconds, rate, peak_mb)."""

import argparse
import json
import resource
import sys
from collections.abc import Callable
from time import perf_counter

from bench.replay import replay

#: A workload answers how many things it did, and of what kind.
WORKLOADS: dict[str, Callable[[], tuple[int, str]]] = {"replay": replay}


def main() -> int:
    """Run the workload that is named."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("name", choices=sorted(WORKLOADS))
    name = parser.parse_args().name
    start = perf_counter()
    count, of = WORKLOADS[name]()
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = {"name": name, "n": count, "of": of, "seconds": round(seconds, 3)}
    print(json.dumps(line | {"rate": round(count / seconds, 1), "peak_mb": round(peak, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
