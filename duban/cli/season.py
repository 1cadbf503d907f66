"""The demo: one real notice lived through on first start, with invented people, by the same services and real SMTP."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import typer
from sqlmodel import Session

from duban.bootstrap import DEMO, Duban, local_account, mark_demo, open_duban, set_clock
from duban.cli.claims import folder_claimed
from duban.clock import Clock
from duban.domain.errors import UsageError
from duban.domain.links import Purpose
from duban.domain.terms import Hat, Role
from duban.reading.definitions import read_definition
from duban.reading.scripts import read_script
from duban.reading.units import read_units
from duban.services.entering import login_link
from duban.services.people import add_person, give
from duban.services.records import Records
from duban.services.replaying import begin, live_through, publication
from duban.settings import Settings
from models import PersonRow
from models.notice import notices
from models.person import person_by_address
from models.session import reading, writing
from models.setting import setting
from models.unit import all_units
from notifications.local_server import LocalServer
from notifications.post import Post

#: The notice of the demo; its units and its season lie beside it.
NOTICE = "jilin-2021-25"
ZONE = ZoneInfo("Asia/Shanghai")
#: When the season ends and the demo's clock begins.
ENDS = datetime(2021, 10, 20, 9, 30, tzinfo=ZONE)

#: A visitor may take his time before he uses a link.
VISIT = timedelta(hours=12)

#: Where the season is lived before it is put in place as a whole.
BEING_MADE = "demo.part"
DATABASE = ("duban.db", "duban.db-wal", "duban.db-shm")


def is_wanted(duban: Duban) -> bool:
    """True for an untouched installation: nothing configured, nothing in it, and nobody said that it is in earnest."""
    s = duban.settings
    if s.sends_out or s.database_url:
        return False
    with reading(duban.engine) as session:
        return setting(session, DEMO) is None and not notices(session) and not all_units(session)


def load(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Live through the season aside, then put it in place: an interruption leaves nothing half made.

    The database in place must be closed and empty (``is_wanted``).
    """
    aside = settings.data_dir / BEING_MADE
    shutil.rmtree(aside, ignore_errors=True)
    say("首次启动：正在装入示例通知，约需几秒……")
    # the key stays where it is: the links of the season are those of the installation
    _live(settings.model_copy(update={"data_dir": aside, "secret_key_file": settings.key_file}))
    _clear(settings)
    shutil.move(aside / "maildir", settings.maildir)
    # the database comes last: it says that the demo is complete
    (aside / DATABASE[0]).replace(settings.data_dir / DATABASE[0])
    shutil.rmtree(aside)


def reset(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Take the demo away, so that the next start begins its season again. UsageError where the data are in earnest."""
    with folder_claimed(settings.data_dir):
        if not settings.database_url and not (settings.data_dir / DATABASE[0]).exists():
            say(f"{settings.data_dir} 中没有示例数据，无需清除")
            return
        duban = open_duban(settings)
        duban.engine.dispose()
        if not duban.is_demo:
            raise UsageError(
                f"{settings.data_dir} 中不是示例数据，没有清除任何东西",
                f"{settings.data_dir} holds no demo data: nothing was taken away",
            )
        _clear(settings)
    say("示例数据已清除，下次启动重新开始")


def _live(settings: Settings) -> None:
    """The season, from publication to its last morning, in the data folder of ``settings``."""
    definition = settings.definitions_dir / f"{NOTICE}.yaml"
    notice = read_definition(definition)
    script = read_script(definition.with_suffix(".season.csv"), notice.tz)
    start = publication(notice)
    duban = mark_demo(open_duban(settings))
    try:
        with LocalServer(settings.maildir) as server:
            sender = replace(duban.sender(), carrier=Post(local_account(server.port)))
            begin(duban.engine, notice, read_units(definition.with_suffix(".units.csv")), at=start)
            live_through(duban.engine, notice, script, sender, start=start, until=ENDS)
        set_clock(duban, Clock.showing(ENDS))
    finally:
        duban.engine.dispose()


#: Who lets a visitor in: the hat, the person (role and unit of the roster), the unit for which it is worn.
PEOPLE = (
    (Hat.COORDINATOR, Role.CLERK, "jilin-edu"),
    (Hat.SUPERVISOR, Role.CHIEF, "jilin-edu"),
    (Hat.CLERK, Role.CLERK, "changchun"),
)


def entrances(duban: Duban, *, real_now: datetime) -> list[tuple[Hat, str, str]]:
    """For each of the demo's people a new one-time link: hat, name, link. Accounts are made where there are none."""
    mint = duban.mint
    assert mint is not None
    found = []
    with writing(duban.engine) as session:
        for hat, role, unit in PEOPLE:
            person = _person(session, role, unit, real_now)
            give(session, person.address, hat, unit, by=DEMO, now=real_now)
            nonce = login_link(session, mint, person, real_now=real_now, lasts=VISIT)
            found.append((hat, person.name, mint.url(Purpose.LOGIN, mint.login_token(person.id or 0, nonce))))
    return found


def _person(session: Session, role: Role, unit: str, now: datetime) -> PersonRow:
    contact = next(contact for contact in Records(session).unit(unit).contacts if contact.role is role)
    found = person_by_address(session, contact.email)
    return found or add_person(session, address=contact.email, name=contact.person, by=DEMO, now=now)


def _clear(settings: Settings) -> None:
    """Take away the database and the local mailbox."""
    for name in DATABASE:
        (settings.data_dir / name).unlink(missing_ok=True)
    shutil.rmtree(settings.maildir, ignore_errors=True)


if __name__ == "__main__":
    from duban.cli.main import guarded

    guarded(lambda: reset(Settings(), say=typer.echo))
