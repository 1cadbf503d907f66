"""A real Prefect server and our processes beside it, as ``duban run`` starts them, and its API asked plainly."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from duban.cli.children import Child
from duban.tied import TIED, die_with

ENDED = ("COMPLETED", "CANCELLED", "FAILED", "CRASHED")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(child: Child, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child as ``run`` starts it: a log, and its own children tied to it. It looks for runs more often."""
    child.log.parent.mkdir(exist_ok=True)
    parent = os.getpid()
    with (
        child.log.open("ab") as log,
        subprocess.Popen(
            child.command,
            env={**child.env, "PREFECT_WORKER_QUERY_SECONDS": "1", TIED: "yes", **env},
            stdout=log,
            stderr=log,
            preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - it only asks the kernel
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def until(look: Callable[[], Any], patience: float = 90) -> Any:
    """What ``look`` finds at last."""
    end = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < end, "not in time"
        time.sleep(0.2)
    return found


class Api:
    """Prefect's API, asked plainly."""

    def __init__(self, port: int) -> None:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}/api", trust_env=False, timeout=90)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """As Prefect's own client: 503 (its SQLite is locked) is asked again."""

        def answered() -> httpx.Response | None:
            answer = self.client.request(method, path, json=body)
            return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

        answer: httpx.Response = until(answered)
        return answer.raise_for_status().json() if answer.content else None

    def post(self, path: str, **body: Any) -> Any:
        return self.ask("POST", path, **body)

    def deployments(self) -> dict[str, Any]:
        return {found["name"]: found for found in self.post("/deployments/filter")}

    def pause(self, deployment: str) -> None:
        """As the switch in Prefect's pages does."""
        self.post(f"/deployments/{self.deployments()[deployment]['id']}/pause_deployment")

    def delete(self, deployment: str) -> None:
        self.ask("DELETE", f"/deployments/{self.deployments()[deployment]['id']}")

    def run(self, deployment: str, *, late: timedelta = timedelta(0), **parameters: Any) -> str:
        """Ask for a run that should have begun so long ago; answers its id."""
        due = (datetime.now(UTC) - late).isoformat()  # noqa: TID251 - Prefect's time is real
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due}}
        path = f"/deployments/{self.deployments()[deployment]['id']}/create_flow_run"
        return str(self.post(path, state=state, parameters=parameters)["id"])

    def found(self, run: str) -> dict[str, Any]:
        """A run."""
        (found,) = self.post("/flow_runs/filter", flow_runs={"id": {"any_": [run]}})
        return dict(found)

    def ended(self, run: str, patience: float = 90) -> tuple[str, str]:
        """How a run ended, and with which words."""

        def over() -> dict[str, Any] | None:
            state: dict[str, Any] = self.found(run)["state"]
            return state if state["type"] in ENDED else None

        state = until(over, patience)
        return state["name"], state["message"]

    def process_of(self, run: str) -> int:
        """The process of a run, once it is under way."""
        found = until(lambda: (f := self.found(run))["state"]["type"] == "RUNNING" and f["infrastructure_pid"])
        return int(found)

    def tasks_of(self, run: str) -> list[dict[str, Any]]:
        """Every task run of a run that is on record."""
        found: list[dict[str, Any]] = []
        while page := self.post("/task_runs/filter", flow_runs={"id": {"any_": [run]}}, limit=200, offset=len(found)):
            found += page
        return found
