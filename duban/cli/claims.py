"""What a start needs for itself alone: its ports and its data folder."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from duban.domain.errors import Temporary
from duban.settings import Settings

LOOPBACK = "127.0.0.1"


def claim_ports(settings: Settings) -> socket.socket:
    """Find the ports free, all at once; answers the web's socket, bound and kept. Temporary names what to set."""
    with ExitStack() as held:
        web = held.enter_context(_bind(settings.host, settings.port, "DUBAN_PORT"))
        held.enter_context(_bind(LOOPBACK, settings.prefect_port, "DUBAN_PREFECT_PORT"))
        if not settings.sends_out:
            held.enter_context(_bind(LOOPBACK, settings.mail_port, "DUBAN_MAIL_PORT"))
        return web.dup()


def _bind(host: str, port: int, variable: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise Temporary(
            f"端口 {port} 不可用（{error.strerror}）：请停掉占用它的程序，或用 {variable} 换一个端口",
            f"port {port} is not available ({error.strerror}): free it, or set {variable}",
        ) from None
    return bound


@contextmanager
def folder_claimed(data_dir: Path) -> Iterator[None]:
    """Hold the data folder while a start uses it; Temporary when another one does. The kernel lets go of it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Temporary(
                f"数据目录 {data_dir} 正由另一个 duban run 使用：请先停止它（Ctrl-C），或用 DUBAN_DATA_DIR 换一个目录",
                f"another duban run uses {data_dir}: stop it, or set DUBAN_DATA_DIR",
            ) from None
        yield
