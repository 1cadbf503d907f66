"""Prefect beside us: its server and the process that serves our deployments, with the settings that keep it at home."""

import asyncio
import http.client
import os
import sys
from collections.abc import Awaitable, Callable

from duban.cli.children import Child
from duban.cli.claims import LOOPBACK
from duban.settings import Settings

#: Seconds between two looks whether the server answers.
LOOK_EVERY = 0.5


def environment(settings: Settings) -> dict[str, str]:
    """The environment of Prefect's processes: ours without anybody's PREFECT_ settings, and with these.

    Nothing calls outside, no proxy stands between processes of one machine, and no server is forked on the side.
    """
    home = settings.data_dir.absolute() / "prefect"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    local = ",".join(filter(None, (kept.get("no_proxy") or kept.get("NO_PROXY"), LOOPBACK, "localhost")))
    return kept | {
        "DUBAN_DATA_DIR": str(settings.data_dir.absolute()),
        "DUBAN_MAIL_PORT": str(settings.mail_port),
        "DUBAN_BASE_URL": settings.base_url,
        "DO_NOT_TRACK": "1",
        "NO_PROXY": local,
        "no_proxy": local,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://{LOOPBACK}:{settings.prefect_port}/api",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / "ui"),
        # a run that was killed before it began, or with its server, gives its slot back
        "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "60",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_CLI_COLORS": "false",
    }


def server(settings: Settings) -> Child:
    """Prefect's server, on loopback."""
    where = ("--host", LOOPBACK, "--port", str(settings.prefect_port))
    return _child(settings, "prefect-server", "-m", "prefect", "server", "start", *where)


def timetable(settings: Settings) -> Child:
    """The process that starts our flows when their time comes."""
    return _child(settings, "prefect-serve", "-m", "deployments.serve")


def _child(settings: Settings, name: str, *arguments: str) -> Child:
    log = settings.data_dir / "logs" / f"{name}.log"
    return Child(name=name, command=(sys.executable, *arguments), env=environment(settings), log=log)


def healthy(settings: Settings) -> Callable[[], Awaitable[None]]:
    """What waits until the server answers."""

    async def wait() -> None:
        while not await asyncio.to_thread(answers, settings.prefect_port):
            await asyncio.sleep(LOOK_EVERY)

    return wait


def answers(port: int) -> bool:
    """True when Prefect's server on ``port`` says that it is well; asks no proxy."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
