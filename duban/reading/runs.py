"""What Prefect's server says of the runs of a notice. It may be down: then that is what is known, and nothing waits.

Read by its API over loopback, without Prefect's own library: a page must not take a second to import it.
"""

import http.client
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: Seconds that a page waits for an answer.
PATIENCE = 1.0
#: Runs that are looked at: those of one deployment.
MOST = 20
#: The flow of one notice.
FLOW = "chain"
#: States of runs that have begun.
BEGUN = ("RUNNING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED", "CANCELLING")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run; real time."""

    id: str
    #: as Prefect calls it: ``COMPLETED``
    state: str
    #: its state's own words
    message: str
    #: when it began, or is to begin
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Runs:
    """The runs of a notice."""

    #: the latest that has begun
    last: Run | None = None
    #: the next that is to begin
    next: Run | None = None


def runs_of(notice: str, names: Sequence[str], *, port: int, host: str = "127.0.0.1") -> Runs | None:
    """The last and the next run of ``notice``, whose deployment has one of ``names``; None: Prefect does not answer."""
    try:
        begun = _runs(host, port, names, states=BEGUN, sort="START_TIME_DESC")
        ahead = _runs(host, port, names, states=("SCHEDULED",), sort="EXPECTED_START_TIME_ASC")
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None
    return Runs(last=_first(begun, notice), next=_first(ahead, notice))


def _runs(host: str, port: int, names: Sequence[str], *, states: Sequence[str], sort: str) -> list[dict[str, Any]]:
    wanted = {
        "flows": {"name": {"any_": [FLOW]}},
        "deployments": {"name": {"any_": list(names)}},
        "flow_runs": {"state": {"type": {"any_": list(states)}}},
        "sort": sort,
        "limit": MOST,
    }
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("POST", "/api/flow_runs/filter", json.dumps(wanted), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise ValueError(answer.reason)
        found = json.loads(answer.read())
        if not isinstance(found, list):
            raise TypeError("no list of runs")
        return found
    finally:
        connection.close()


def _first(found: Sequence[dict[str, Any]], notice: str) -> Run | None:
    """The first of this notice: two may have the same number."""
    for run in found:
        with suppress(AttributeError, KeyError, TypeError, ValueError):
            if run["parameters"].get("notice") == notice:
                return _run(run)
    return None


def _run(run: dict[str, Any]) -> Run:
    state = run.get("state") or {}
    at = run.get("start_time") or run["expected_start_time"]
    message = str(state.get("message") or "")
    return Run(id=str(run["id"]), state=str(run["state_type"]), message=message, at=datetime.fromisoformat(at))
