"""A database with rows in every table, and all of them as values."""

import hashlib
from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import Engine, MetaData, select, text
from sqlmodel import Session

from duban.domain.jumps import Reading
from duban.domain.links import Mint, hashed
from duban.domain.terms import Act, Hat
from duban.domain.throttle import ACCOUNT
from duban.reading.workdays import seed
from duban.services import sessions
from duban.services.acting import Request, act
from duban.services.choosing import Chosen
from duban.services.delivering import Sender
from duban.services.entering import login_link
from duban.services.holding import hold
from duban.services.installing import seed_calendar
from duban.services.noting import Call, note
from duban.services.people import add_person, give
from duban.services.pressing import press
from duban.services.pulse import beat
from duban.services.replaying import begin, live_through
from duban.services.throttling import may_try
from factories import at, deliverable, notice, on, roster, stage, unit
from models import (
    AccountRow,
    AdjustmentRow,
    AdviceRow,
    ApiTokenRow,
    CirculationRow,
    DefinitionDraftRow,
    DelegationRow,
    UnitWordRow,
    UploadRow,
)
from models.entry_link import links_of
from models.material import enter_material
from models.obligation import owed_by_name
from models.row import metadata
from models.session import make_engine, writing
from models.web_session import add_scope
from notifications.post import Rehearsal
from stories import did

#: What a file on record holds, and where it lies in an installation's folder.
FILE = "总结\n".encode() * 1000
FILE_HASH = hashlib.sha256(FILE).hexdigest()
FILE_NAME = f"uploads/{FILE_HASH[:2]}/{FILE_HASH[2:]}"
START, END = at("2021-09-24 10:00"), at("2021-10-26 10:00")
#: A day on which the ladder says nothing to bb.
LATER = at("2021-10-27 10:00")
BOTH = [{"medium": "electronic", "to": "office"}, {"medium": "paper", "to": "office", "copies": 2}]
NOTICE = notice(stage(on("2021-10-15"), deliverable("report"), deliverable("photos", tracks=BOTH)))
UNITS = roster(
    unit("aa", "clerk", "chief", order=2),
    unit("bb", "clerk", order=1),
    unit("county", "clerk", order=3, parent="bb", kind="county"),
    unit("mute", order=4),
)
SCRIPT = [
    did("2021-10-11 15:00", "aa", "report", "submit"),
    did("2021-10-12 10:00", "aa", "report", "return", note="缺照片", due="2021-10-20"),
    did("2021-10-13 10:00", "aa", "photos", "submit"),
    did("2021-10-14 10:00", "aa", "photos", "approve"),
    did("2021-10-13 12:00", "bb", "report", "request", note="公示期未满", due="2021-10-29"),
    did("2021-10-14 11:00", "bb", "report", "extend", note="公示期未满", due="2021-10-29"),
    did("2021-10-14 12:00", "bb", "photos", "send"),
]


def empty_database(server: str, name: str, *, like: str = "template0") -> Engine:
    """A database of its own on a PostgreSQL server; as another one that nobody is connected to."""
    main = make_engine(server)
    with main.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    main.dispose()
    return make_engine(server.replace("/postgres?", f"/{name}?"))


def fill(engine: Engine) -> None:
    """A season with returns, an extension, tasks and mails; an account, a circulation, signs of life."""
    mint = Mint(key=b"k" * 32, base_url="https://duban.example")
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid", mint=mint)
    with writing(engine) as session:
        seed_calendar(session, seed())
    begin(engine, NOTICE, UNITS, at=START)
    live_through(engine, NOTICE, SCRIPT, sender, start=START, until=END)
    ask = Request(
        notice=NOTICE.id,
        unit="aa",
        deliverable="report",
        act=Act.CONSULT,
        note="是否合格",
        to_name="李老师",
        to_email="li@prov.example",
    )
    with writing(engine) as session:
        act(session, replace(ask, act=Act.SUBMIT), now=END)
        act(session, ask, now=END)
        session.merge(AccountRow(address="office@prov.example", reason="550 拒绝", sent_today=3))
        session.add(AdjustmentRow(event=1, obligation_id=1, kind="moved", at=START, status_before="pending"))
        session.merge(CirculationRow(notice_id=NOTICE.id, event=1, at=START, after="aa", done_at=END))
        _hand_in(session)
        _draft(session)
        _chase(session)
        supervise(session)
        beat(session, "deliver", real_now=Reading(at=END.astimezone(UTC), boot="b", uptime=12.5))
        come_in(session, mint)


def supervise(session: Session) -> None:
    """A supervisor's advice."""
    session.add(
        AdviceRow(kind="pause", notice_id=NOTICE.id, unit_id="aa", day=END.date(), text="汛期", at=END, by_person="")
    )


def come_in(session: Session, mint: Mint) -> None:
    """Somebody with an account, hats, a login link, a session with a link in it, a token; a 口令; a wrong try."""
    person = add_person(session, address="chief@prov.example", name="处长", by="test", now=END)
    give(session, person.address, Hat.SUPERVISOR, "prov", by="test", now=END)
    login_link(session, mint, person, real_now=END)
    other = add_person(session, address="deputy@prov.example", name="副处长", by="test", now=END)
    days = {"first_day": END.date(), "last_day": END.date(), "zone": "Asia/Shanghai", "made_at": END}
    session.add(
        DelegationRow(giver_id=person.id or 0, taker_id=other.id or 0, hat="supervisor", unit_id="prov", **days)
    )
    browser = sessions.begin(session, person=person.id, real_now=END)
    add_scope(session, hashed(browser), links_of(session)[0].hash)
    session.add(ApiTokenRow(hash="0" * 64, person_id=person.id or 0, name="报表", made_at=END, expires_at=END))
    session.merge(UnitWordRow(unit_id="aa", word="$argon2id$", set_at=END))
    may_try(session, ACCOUNT, "nobody", real_now=END)


def _chase(session: Session) -> None:
    """A unit is reminded by hand, held, and telephoned."""
    press(session, Chosen(notice=NOTICE.id, ticked=frozenset({"bb/report"})), key="k", by="zhang", now=LATER)
    hold(session, NOTICE.id, [("bb", "report")], reason="已收到", by="zhang", now=LATER)
    call = Call(notice=NOTICE.id, unit="bb", person="王老师", called_at=END, said="本周报送")
    note(session, call, key="k", by="zhang", now=LATER)


def _hand_in(session: Session) -> None:
    """A draft and an upload under way; the draft's content is ``FILE``."""
    owed = owed_by_name(session, notice=NOTICE.id, unit="bb", deliverable="report")
    assert owed is not None
    kept = {"sha256": FILE_HASH, "size": len(FILE)}
    enter_material(session, obligation=owed.id, name="总结.txt", item="", at=END, by="clerk@bb.example", **kept)
    whose = {"obligation_id": owed.id, "added_by": "clerk@bb.example"}
    session.add(UploadRow(id="0" * 40, name="视频.mp4", size=3 << 30, began_at=END, touched_at=END, **whose))


def _draft(session: Session) -> None:
    """A definition that nobody has published yet."""
    who = {"made_by": "clerk@prov.example", "changed_by": "clerk@prov.example", "made_at": END, "changed_at": END}
    session.add(
        DefinitionDraftRow(unit_id="prov", name="关于测试的通知", text="id: test-2021-2\n", original="原文", **who)
    )


def rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All rows at the newest schema, as the program reads them: the same from every kind of database."""
    with engine.connect() as connection:
        return {t.name: sorted(map(tuple, connection.execute(select(t))), key=repr) for t in metadata.sorted_tables}


def everything(engine: Engine) -> dict[str, list[tuple[tuple[str, Any], ...]]]:
    """All rows of all tables as the database has them, sorted; columns by name."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (tuple(sorted(row._mapping.items())) for row in connection.execute(select(table))), key=repr
            )
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def fingerprint(engine: Engine) -> str:
    """One value for all of it but when a session was last used: whoever looks for longer than a minute moves that."""
    found = everything(engine)
    found["web_session"] = [tuple(pair for pair in row if pair[0] != "seen_at") for row in found["web_session"]]
    return hashlib.sha256(repr(found).encode()).hexdigest()
