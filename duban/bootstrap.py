"""The only place that builds engine, clock and post from settings."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from duban.clock import Clock
from duban.domain.errors import UsageError
from duban.domain.links import Mint
from duban.domain.pace import Profile
from duban.domain.profiles import PROFILES, profile_of
from duban.keyfile import read_key
from duban.reading.accounts import read_accounts
from duban.reading.workdays import seed
from duban.services.delivering import Sender
from duban.services.installing import seed_calendar
from duban.services.pooling import Outlet
from duban.settings import Settings, secret_in
from duban.store.previews import Previews
from duban.store.store import Store
from models.migrating import upgrade
from models.row import metadata
from models.session import make_engine, reading, writing
from models.setting import put_setting, setting
from notifications.local_server import LocalServer
from notifications.post import Account, Carrier, Post, Rehearsal

#: The From address of mails that stay on this machine; a reserved name.
LOCAL_SENDER = "duban@duban.invalid"
#: Facts of the installation, in the database.
DEMO = "demo"
#: What configures a real account, and where it is in the settings.
_REAL = (("DUBAN_SMTP_HOST", "smtp_host"), ("DUBAN_ACCOUNTS_FILE", "accounts_file"))
CLOCK_OFFSET = "clock_offset_seconds"


@dataclass(frozen=True)
class Duban:
    """An installation, opened: what every door needs."""

    settings: Settings
    engine: Engine
    clock: Clock
    is_demo: bool

    @property
    def store(self) -> Store:
        """The files that were handed in."""
        return Store(self.settings.uploads)

    @property
    def previews(self) -> Previews:
        """Pictures of their pages."""
        return Previews(self.settings.previews)

    def sender(self) -> Sender:
        """Who sends for this process: the configured accounts, or the local mail server. UsageError for a bad file."""
        first, *others = self._outlets()
        return Sender(
            name=f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}",
            carrier=first.carrier,
            account=first.address,
            profile=first.profile,
            others=tuple(others),
            mint=self.mint,
        )

    @property
    def mint(self) -> Mint | None:
        """What makes links; None while nobody has said under which address people reach the pages."""
        base_url = self.settings.base_url.rstrip("/")
        return Mint(key=read_key(self.settings.key_file), base_url=base_url) if base_url else None

    def _outlets(self) -> list[Outlet]:
        s = self.settings
        found = [_outlet(account, profile) for account, profile in _accounts(s)]
        if not found:
            return [_outlet(local_account(s.mail_port), PROFILES["relay"])]
        if len({outlet.address for outlet in found}) < len(found):
            raise UsageError("发信账号有重复的发件地址", "two accounts have the same address")
        return found


def _accounts(settings: Settings) -> Iterator[tuple[Account, Profile]]:
    """The account of the environment, then those of the file."""
    s = settings
    if s.smtp_host:
        profile = profile_of(s.smtp_host, s.smtp_profile)
        yield (
            Account(
                host=s.smtp_host,
                port=s.smtp_port,
                user=s.smtp_user,
                secret=s.secret,
                tls=s.smtp_tls,
                sender=s.smtp_sender or s.smtp_user,
                per_connection=s.smtp_per_connection or profile.per_connection,
            ),
            profile,
        )
    for entry in read_accounts(s.accounts_file) if s.accounts_file else ():
        profile = profile_of(entry.host, entry.profile)
        yield (
            Account(
                host=entry.host,
                port=entry.port,
                user=entry.user,
                secret=secret_in(entry.secret_file),
                tls=entry.tls,
                sender=entry.sender or entry.user,
                per_connection=profile.per_connection,
            ),
            profile,
        )


def _outlet(account: Account, profile: Profile) -> Outlet:
    return Outlet(address=account.sender, carrier=Post(account), profile=profile)


def local_account(port: int) -> Account:
    """The account of the local mail server on ``port``."""
    return Account(host="127.0.0.1", port=port, tls="none", sender=LOCAL_SENDER, per_connection=100)


def open_duban(settings: Settings | None = None) -> Duban:
    """Open the installation: data folder, database (migrated), clock.

    UsageError when demo data would go to a real account.
    """
    settings = settings or Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    Store(settings.uploads).prepare()
    engine = make_engine(settings.url)
    upgrade(engine)
    with writing(engine) as session:
        seed_calendar(session, seed())
    with reading(engine) as session:
        is_demo = setting(session, DEMO) == "yes"
        offset = timedelta(seconds=float(setting(session, CLOCK_OFFSET) or 0))
    if is_demo and settings.sends_out:
        names = [name for name, value in _REAL if getattr(settings, value)]
        raise UsageError(
            f"演示数据不会发往真实邮箱：请去掉 {'、'.join(names)}，或换一个 DUBAN_DATA_DIR",
            f"demo data never goes to a real account: unset {', '.join(names)} or use another DUBAN_DATA_DIR",
        )
    return Duban(settings, engine, Clock(offset), is_demo)


def set_clock(duban: Duban, clock: Clock) -> Duban:
    """Move the demo clock, for every process; UsageError outside the demo."""
    if not duban.is_demo:
        raise UsageError("只有演示环境可以拨动时钟", "only the demo's clock can be moved")
    with writing(duban.engine) as session:
        put_setting(session, CLOCK_OFFSET, str(clock.offset.total_seconds()))
    return Duban(duban.settings, duban.engine, clock, is_demo=True)


def mark_demo(duban: Duban) -> Duban:
    """Say, for good, that this database holds demo data."""
    with writing(duban.engine) as session:
        put_setting(session, DEMO, "yes")
    return Duban(duban.settings, duban.engine, duban.clock, is_demo=True)


def mark_production(duban: Duban) -> None:
    """Say, for good, that this database is in earnest: no demo is ever loaded into it."""
    with writing(duban.engine) as session:
        put_setting(session, DEMO, "no")


@contextmanager
def throw_away(mail_dir: Path | None = None) -> Iterator[tuple[Engine, Sender]]:
    """A database in memory and a sender for it: a rehearsal, or the real SMTP path into ``mail_dir``."""
    engine = make_engine("sqlite://")
    metadata.create_all(engine)
    with writing(engine) as session:
        seed_calendar(session, seed())
    try:
        with _carrier(mail_dir) as carrier:
            yield engine, Sender(name="replay", carrier=carrier, account=LOCAL_SENDER, budget=None)
    finally:
        engine.dispose()


@contextmanager
def _carrier(mail_dir: Path | None) -> Iterator[Carrier]:
    if mail_dir is None:
        yield Rehearsal()
        return
    server = LocalServer(mail_dir)
    server.start()
    try:
        yield Post(local_account(server.port))
    finally:
        server.stop()
