"""``duban run``: pages, mail and Prefect on this machine, as one process tree that ends together."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import uvicorn
from uvicorn.importer import import_from_string

from duban.bootstrap import Duban, open_duban
from duban.cli import prefect_processes, season
from duban.cli.children import keep
from duban.cli.claims import claim_ports, folder_claimed
from duban.cli.people import is_without_administrator
from duban.clock import real_now
from duban.settings import Settings
from notifications.local_server import LocalServer

#: The pages are a door like this one: doors are joined by name, not by import.
PAGES = "duban.web.app:create_app"

#: The exit code of a start that Ctrl-C broke off, as shells have it.
INTERRUPTED = 130

Say = Callable[[str], None]


def run(settings: Settings, *, say: Say) -> int:
    """Start everything and go on until Ctrl-C or SIGTERM; answers the exit code.

    In order: claim the data folder and the ports (Temporary); open the installation, with the demo when nothing is
    there yet (UsageError: demo data and a real account); local mail; pages; then Prefect, which nothing waits for.
    """
    settings = _reached(settings)
    try:
        with folder_claimed(settings.data_dir), claim_ports(settings) as web:
            duban = _installation(settings, say)
            with _mail(settings):
                asyncio.run(_go_on(duban, web, say))
    except KeyboardInterrupt:
        say("启动已中断")
        return INTERRUPTED
    return 0


def _reached(settings: Settings) -> Settings:
    """With the address of the pages, where nobody has set it: that of this machine."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared, not bound
    return settings.model_copy(update={"base_url": settings.base_url or f"http://{host}:{settings.port}"})


def _installation(settings: Settings, say: Say) -> Duban:
    duban = open_duban(settings)
    if not season.is_wanted(duban):
        return duban
    duban.engine.dispose()
    season.load(settings, say=say)
    return open_duban(settings)


def _mail(settings: Settings) -> AbstractContextManager[Any]:
    """The local mail server, unless mails leave by a real account."""
    return nullcontext() if settings.sends_out else LocalServer(settings.maildir, settings.mail_port)


async def _go_on(duban: Duban, web: socket.socket, say: Say) -> None:
    """Everything together until a signal; then Prefect first, the pages last."""
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    pages = _pages(duban)
    serving = asyncio.create_task(pages.serve(sockets=[web]))
    serving.add_done_callback(lambda _: over.set())
    while not pages.started and not over.is_set():
        await asyncio.sleep(0.01)
    if not over.is_set():
        _welcome(duban, say)
    children = _prefect(duban.settings, say)
    await over.wait()
    say("正在停止……")
    for child in children:
        child.cancel()
    await asyncio.gather(*children, return_exceptions=True)
    # open streams end at once, not when their patience ends
    pages.config.app.state.watch.end()  # type: ignore[union-attr]
    pages.should_exit = True
    await serving
    say("已停止")


class _Pages(uvicorn.Server):
    """uvicorn that leaves the signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _pages(duban: Duban) -> uvicorn.Server:
    """The web server: no access log, no word of what serves; its errors go to a log of their own."""
    logs = duban.settings.data_dir / "logs"
    logs.mkdir(exist_ok=True)
    handler = logging.FileHandler(logs / "web.log", encoding="utf-8", delay=True)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    app = import_from_string(PAGES)(duban)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=2)
    return _Pages(config)


def _prefect(settings: Settings, say: Say) -> list[asyncio.Task[None]]:
    """Server and timetable, each kept alive; the timetable whenever the server answers."""
    healthy = prefect_processes.healthy(settings)
    server = keep(prefect_processes.server(settings), ready=None, say=say)
    timetable = keep(prefect_processes.timetable(settings), ready=healthy, say=say)
    return [asyncio.create_task(timetable), asyncio.create_task(server), asyncio.create_task(_tell(healthy, say))]


async def _tell(healthy: Callable[[], Any], say: Say) -> None:
    await healthy()
    say("Prefect 已就绪")


def _welcome(duban: Duban, say: Say) -> None:
    s = duban.settings
    base = s.base_url.rstrip("/")
    say(f"督办已启动，请用浏览器打开 {base}/")
    say(f"  台账     {base}/")
    if s.sends_out:
        say(f"  发信     {s.smtp_host or s.accounts_file}")
    else:
        say(f"  邮箱     {base}/mail   邮件只存本机，不外发（{s.maildir}）")
    say(f"  Prefect  http://127.0.0.1:{s.prefect_port}/   稍后就绪")
    say(f"  数据     {s.data_dir.absolute()}   日志在其中 logs/")
    if duban.is_demo:
        say(f"  示例     吉教职成〔2021〕25号，时钟现为 {_local(duban)}；重新开始：make demo-reset")
        say("  登录     下列链接各能用一次，12小时内有效；每次启动给出新的")
        for hat, name, url in season.entrances(duban, real_now=real_now()):
            say(f"    {hat.zh}  {name}  {url}")
    elif is_without_administrator(duban):
        say("  登录     还没有系统管理员：duban person add 邮箱 --administrator --password")
    say("  停止     Ctrl-C")


def _local(duban: Duban) -> str:
    return f"{duban.clock.now().astimezone(season.ZONE):%Y-%m-%d %H:%M}"
