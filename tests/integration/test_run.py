"""``duban run`` as a person starts it: pages first, Prefect after them, and nothing left behind, however it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from duban.bootstrap import mark_demo, open_duban
from duban.cli.season import ENDS, NOTICE, is_wanted
from duban.services.ledger import ledger
from duban.services.replaying import begin
from duban.settings import Settings
from factories import at, notice, roster
from models.event import count
from models.outbox import mails
from models.session import reading

#: the command as it is installed
DUBAN = str(Path(sys.executable).with_name("duban"))


@dataclass
class Place:
    """A data folder and three free ports."""

    folder: Path
    web: int
    prefect: int
    mail: int

    @property
    def env(self) -> dict[str, str]:
        own = {
            "DUBAN_DATA_DIR": str(self.folder),
            "DUBAN_PORT": str(self.web),
            "DUBAN_PREFECT_PORT": str(self.prefect),
            "DUBAN_MAIL_PORT": str(self.mail),
        }
        return {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")} | own

    def call(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself."""
        return subprocess.run(
            command, env=self.env | env, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
        )

    def counts(self) -> tuple[int, int]:
        """Events and mails on record."""
        duban = open_duban(Settings(data_dir=self.folder))
        with reading(duban.engine) as session:
            found = count(session), len(mails(session))
        duban.engine.dispose()
        return found


def states(place: Place) -> set[tuple[str, bool]]:
    """What the ledger of the season shows on its last morning: status, and whether it is overdue."""
    duban = open_duban(Settings(data_dir=place.folder))
    with reading(duban.engine) as session:
        found = {(str(entry.status), entry.overdue) for entry in ledger(session, NOTICE, now=ENDS)}
    duban.engine.dispose()
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where nothing has been started yet."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(3)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        ports = [int(probe.getsockname()[1]) for probe in probes]
    return Place(tmp_path_factory.mktemp("var"), *ports)


class Started:
    """A run in a session of its own, as a terminal would start it."""

    def __init__(self, place: Place) -> None:
        self.place, self.began = place, time.monotonic()
        self.out = place.folder.with_suffix(".out")
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [DUBAN, "run"], env=place.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True
            )

    @cached_property
    def cookies(self) -> httpx.Cookies:
        """What a browser keeps when the coordinator enters by the link that the terminal says."""
        links = re.findall(r"http://\S+/l/\S+", self.said)
        assert len(links) == 3
        entered = httpx.post(links[0], headers={"sec-fetch-site": "same-origin"}, trust_env=False, timeout=10)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        return entered.cookies

    def get(self, path: str) -> str:
        url = f"http://127.0.0.1:{self.place.web}{path}"
        answer = httpx.get(url, cookies=self.cookies, trust_env=False, timeout=10)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def wait_for(self, path: str, port: int | None = None) -> float:
        """Seconds after the start at which a page first answers."""
        url = f"http://127.0.0.1:{port or self.place.web}{path}"

        def answers() -> bool:
            assert self.process.poll() is None, self.said
            try:
                return httpx.get(url, trust_env=False, timeout=2).status_code == 200
            except httpx.TransportError:
                return False

        until(answers)
        return time.monotonic() - self.began

    @property
    def said(self) -> str:
        return self.out.read_text(encoding="utf-8")

    def members(self) -> list[str]:
        """The processes of the session that live."""
        return [name for session, state, name in processes() if session == self.process.pid and state not in "ZX"]


def processes() -> Iterator[tuple[int, str, str]]:
    """Session, state and command of every process."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, rest = (folder / "stat").read_text(errors="replace").rsplit(")", 1)
        except OSError:
            continue
        state, _, _, session, *_ = rest.split()
        yield int(session), state, name


def until(look: Callable[[], Any], patience: float = 90) -> None:
    end = time.monotonic() + patience
    while not look():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.1)


@pytest.fixture
def start(place: Place) -> Iterator[Callable[[], Started]]:
    """Starts a run; one that is left over at the end of the test is killed, and its children die with it."""
    started: list[Started] = []

    def begin_run() -> Started:
        started.append(Started(place))
        return started[-1]

    yield begin_run
    for run in started:
        run.process.kill()
        run.process.wait()


def test_first_start_shows_the_season_and_ctrl_c_leaves_nothing(place: Place, start: Callable[[], Started]) -> None:
    run = start()
    run.wait_for("/healthz")
    assert "长春市教育局" in run.get("/notices/jilin-2021-25")
    assert "jilin.example" in run.get("/mail")
    assert len(list((place.folder / "maildir" / "new").iterdir())) == place.counts()[1] > 150
    unit_holds = {(status, late) for status in ("pending", "returned") for late in (False, True)}
    assert states(place) == unit_holds | {("submitted", False), ("completed", False), ("waived", False)}
    run.wait_for("/api/health", place.prefect)
    until(lambda: "Prefect 已就绪" in run.said)

    os.killpg(run.process.pid, signal.SIGINT)
    assert run.process.wait(10) == 0
    assert run.members() == []
    assert re.sub(r"/l/\S+", "/l/***", re.sub(r"\d", "9", run.said)).splitlines() == [
        "首次启动：正在装入示例通知，约需几秒……",
        f"督办已启动，请用浏览器打开 http://999.9.9.9:{'9' * len(str(place.web))}/",
        *run_lines(place),
        "Prefect 已就绪",
        "正在停止……",
        "已停止",
    ]


def run_lines(place: Place) -> list[str]:
    """Where to look, with every digit a 9."""
    lines = [
        f"  台账     http://127.0.0.1:{place.web}/",
        f"  邮箱     http://127.0.0.1:{place.web}/mail   邮件只存本机，不外发（{place.folder / 'maildir'}）",
        f"  Prefect  http://127.0.0.1:{place.prefect}/   稍后就绪",
        f"  数据     {place.folder}   日志在其中 logs/",
        "  示例     吉教职成〔2021〕25号，时钟现为 2021-10-20 09:30；重新开始：make demo-reset",
        "  登录     下列链接各能用一次，12小时内有效；每次启动给出新的",
        f"    经办  张老师（职成处经办）  http://127.0.0.1:{place.web}/l/***",
        f"    督办  梁处长  http://127.0.0.1:{place.web}/l/***",
        f"    填报人  石老师  http://127.0.0.1:{place.web}/l/***",
        "  停止     Ctrl-C",
    ]
    return [re.sub(r"\d", "9", line) for line in lines]


@pytest.mark.contract("A second `make run` goes on with the data it has")
def test_second_start_goes_on_and_even_kill_9_leaves_nothing(place: Place, start: Callable[[], Started]) -> None:
    before = place.counts()
    run = start()
    run.wait_for("/healthz")
    assert place.counts() == before
    assert "示例通知" not in run.said
    run.wait_for("/api/health", place.prefect)
    until(lambda: len(run.members()) == 3)
    assert place.call(DUBAN, "run").returncode == 3, "one run a folder"

    run.process.kill()
    run.process.wait()
    until(lambda: run.members() == [], patience=5)


def test_a_taken_port_is_said_in_one_line(place: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "var", place.web, place.prefect, place.mail)
    for variable, port in (("DUBAN_PORT", place.web), ("DUBAN_MAIL_PORT", place.mail)):
        with socket.create_server(("127.0.0.1", port)):
            refused = other.call(DUBAN, "run")
        assert refused.returncode == 3
        assert refused.stderr == (
            f"端口 {port} 不可用（Address already in use）：请停掉占用它的程序，或用 {variable} 换一个端口\n"
        )
    assert [path.name for path in other.folder.iterdir()] == ["run.lock"]


@pytest.mark.contract("Demo data never goes to a configured SMTP account: refused in one line.")
def test_demo_data_never_goes_to_a_real_account(place: Place, tmp_path: Path) -> None:
    duban = mark_demo(open_duban(Settings(data_dir=tmp_path)))
    duban.engine.dispose()
    refused = Place(tmp_path, place.web, place.prefect, place.mail).call(DUBAN, "run", DUBAN_SMTP_HOST="smtp.test")
    assert refused.returncode == 2
    assert (refused.stdout, len(refused.stderr.splitlines())) == ("", 1)
    assert "演示数据不会发往真实邮箱" in refused.stderr


@pytest.mark.contract("`make demo-reset` starts the season again.")
def test_reset_takes_away_the_demo_and_nothing_else(place: Place, tmp_path: Path) -> None:
    earnest = open_duban(Settings(data_dir=tmp_path / "earnest"))
    begin(earnest.engine, notice(), roster(), at=at("2021-09-24 10:00"))
    earnest.engine.dispose()
    refused = Place(tmp_path / "earnest", 1, 1, 1).call(sys.executable, "-m", "duban.cli.season")
    assert (refused.returncode, refused.stderr) == (2, f"{tmp_path / 'earnest'} 中不是示例数据，没有清除任何东西\n")

    taken = place.call(sys.executable, "-m", "duban.cli.season")
    assert (taken.returncode, taken.stdout) == (0, "示例数据已清除，下次启动重新开始\n")
    assert not (place.folder / "maildir").exists()
    again = open_duban(Settings(data_dir=place.folder))
    assert is_wanted(again)
    again.engine.dispose()
