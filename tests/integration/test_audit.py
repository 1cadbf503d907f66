"""The record of events shows whatever is done to it, and the database refuses to do it."""

import json
import tracemalloc
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from commands import Duban
from conftest import installed
from duban.domain.chain import BEGINNING, End, Fault, Harm, Verdict
from duban.services.auditing import last_look, verify
from factories import at
from models.event import chain_is_whole, look_through
from models.migrating import downgrade, upgrade
from models.session import make_engine, reading, writing
from records import empty_database
from tampering import DAMAGES, ONLY_BY_ANCHOR, Damage, cut_with_head, delete, seals, unsealed, written

EVENTS = 60
UTC_TEXT = "2021-10-11 07:00:00.000000"


def damaged(engine: Engine, damage: Damage, end: End, random: Random) -> Verdict:
    """What looking through shows of a damage, given the anchor; the damage is taken back."""
    with engine.execution_options(duban_writes=True).connect() as connection, Session(connection) as session:
        damage(connection, end.seq, random)
        found = look_through(session, anchor=end)
        alone = look_through(session)
        assert alone.is_whole == (damage in ONLY_BY_ANCHOR), damage.__name__
        connection.rollback()
    return found


def found_of(engine: Engine, end: End, rounds: int, random: Random) -> Counter[str]:
    """Damages done, by whether they were found."""
    return Counter(
        "missed" if damaged(engine, DAMAGES[n % len(DAMAGES)], end, random).is_whole else "found" for n in range(rounds)
    )


def test_every_damage_is_found_given_the_anchor(engine: Engine) -> None:
    end = written(engine, EVENTS)
    rounds = 400 if engine.dialect.name == "sqlite" else 130
    with unsealed(engine):
        assert found_of(engine, end, rounds, Random(30)) == {"found": rounds}
    with reading(engine) as session:
        assert look_through(session, anchor=end) == Verdict(end=end)


@pytest.mark.soak
def test_any_of_a_hundred_thousand_events(tmp_path: Path) -> None:
    engine = installed(make_engine(f"sqlite:///{tmp_path / 'long.db'}"))
    end = written(engine, 100_000)
    with unsealed(engine):
        assert found_of(engine, end, 130, Random(31)) == {"found": 130}
    engine.dispose()


@pytest.mark.parametrize(
    ("statements", "harm", "seq"),
    [
        (["UPDATE event SET by = 'x' WHERE seq = 7"], Harm.ALTERED, 7),
        (["UPDATE event SET hash = prev WHERE seq = 7"], Harm.ALTERED, 7),
        (["DELETE FROM event WHERE seq = 7"], Harm.DELETED, 7),
        (["DELETE FROM event WHERE seq IN (7, 8)"], Harm.DELETED, 7),
        (["DELETE FROM event WHERE seq = 1"], Harm.DELETED, 1),
        (
            [
                "DELETE FROM event WHERE seq = 7",
                "UPDATE event SET seq = 1 - seq WHERE seq > 7",
                "UPDATE event SET seq = -seq WHERE seq < 0",
            ],
            Harm.DELETED,
            7,
        ),
        (
            [
                "UPDATE event SET seq = -7 WHERE seq = 7",
                "UPDATE event SET seq = 7 WHERE seq = 9",
                "UPDATE event SET seq = 9 WHERE seq = -7",
            ],
            Harm.MOVED,
            7,
        ),
        (["DELETE FROM event WHERE seq > 50"], Harm.CUT, 51),
        (["UPDATE event_head SET hash = 'x'"], Harm.HEAD, EVENTS),
        (["DELETE FROM event_head"], Harm.HEAD, EVENTS),
        (
            ["UPDATE event_head SET seq = 50, hash = (SELECT hash FROM event WHERE seq = 50)"],
            Harm.INSERTED,
            51,
        ),
    ],
)
def test_the_first_broken_event_is_named(engine: Engine, statements: list[str], harm: Harm, seq: int) -> None:
    written(engine, EVENTS)
    with unsealed(engine), writing(engine) as session:
        for statement in statements:
            session.execute(text(statement))
    with reading(engine) as session:
        assert look_through(session).fault == Fault(harm=harm, seq=seq)


def test_values_that_are_none_are_an_alteration() -> None:
    """SQLite keeps whatever it is given."""
    engine = installed(make_engine("sqlite://"))
    written(engine, 9)
    for value in ("at = 'never'", "at = 7", "by = x'00ff'", "data = 'x'", "obligation_id = 'a'"):
        with unsealed(engine), writing(engine) as session:
            session.execute(text("UPDATE event SET by = 'unit', at = :at WHERE seq = 4"), {"at": UTC_TEXT})
            session.execute(text(f"UPDATE event SET {value} WHERE seq = 4"))
            assert look_through(session).fault == Fault(harm=Harm.ALTERED, seq=4), value


def test_nothing_is_whole_and_is_not_what_an_anchor_says(engine: Engine) -> None:
    with reading(engine) as session:
        assert look_through(session) == Verdict(end=BEGINNING)
        assert look_through(session, anchor=End(1, "0" * 64)).fault == Fault(harm=Harm.CUT, seq=1)


def test_an_anchor_of_long_ago_holds_and_one_of_another_record_does_not(engine: Engine) -> None:
    early = written(engine, 5)
    end = written(engine, 5)
    with reading(engine) as session:
        assert look_through(session, anchor=early) == Verdict(end=end)
        wrong = look_through(session, anchor=End(early.seq, end.hash))
    assert wrong.fault == Fault(harm=Harm.REPLACED, seq=5)


SEALED = (
    "UPDATE event SET by = 'x' WHERE seq = 2",
    "UPDATE event SET by = by",
    "DELETE FROM event WHERE seq = 3",
    "DELETE FROM event",
)
SEALED_OF = {
    "sqlite": (
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 2",
        "REPLACE INTO event SELECT * FROM event",
    ),
    "postgresql": ("TRUNCATE event", "TRUNCATE event CASCADE"),
}


def check_sealed(engine: Engine) -> None:
    end = written(engine, 3)
    for statement in (*SEALED, *SEALED_OF[engine.dialect.name]):
        with pytest.raises(DBAPIError, match="events are never"), writing(engine) as session:
            session.execute(text(statement))
    with reading(engine) as session:
        assert look_through(session, anchor=end) == Verdict(end=end)
    written(engine, 1)


def test_the_database_refuses_to_change_what_is_written(engine: Engine) -> None:
    check_sealed(engine)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_migrated_database_has_the_same_seal(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    if kind == "sqlite":
        bare, made = make_engine(f"sqlite:///{tmp_path / 'bare.db'}"), installed(make_engine("sqlite://"))
    else:
        url = request.getfixturevalue("postgres_url")
        bare, made = empty_database(url, "sealed"), installed(make_engine(url))
    upgrade(bare)
    # three or two of them seal the events, two keep the counts
    assert len(seals(made)) == {"sqlite": 5, "postgresql": 4}[kind]
    assert seals(bare) == seals(made)
    downgrade(bare, "0008")
    assert seals(bare) == set()
    written(bare, 2)
    with writing(bare) as session:
        session.execute(text("UPDATE event SET by = by"))
    upgrade(bare)
    check_sealed(bare)
    bare.dispose()
    made.dispose()


def test_a_look_keeps_its_memory_small_and_what_it_has_shown(tmp_path: Path) -> None:
    engine = installed(make_engine(f"sqlite:///{tmp_path / 'long.db'}"))
    end = written(engine, 12_000)
    with reading(engine) as session:
        assert (chain_is_whole(session), last_look(session)) == (True, None)
    tracemalloc.start()
    assert verify(engine, now=at("2021-10-12 09:00"), anchor=end) == Verdict(end=end)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()
    with reading(engine) as session:
        found = last_look(session)
    assert found
    assert (found.at, found.end, found.fault) == (at("2021-10-12 09:00"), end, "")
    with unsealed(engine), writing(engine) as session:
        delete(session.connection(), 1, Random(1))
    verify(engine, now=at("2021-10-12 10:00"))
    with reading(engine) as session:
        found = last_look(session)
    assert found
    assert (found.end, found.fault) == (BEGINNING, "自第 1 条起有记录被删除")
    engine.dispose()


def test_the_command_says_what_is_broken_and_how_it_ends(duban: Duban, tmp_path: Path) -> None:
    assert duban("audit", "verify").out == f"事件记录完整，共 0 条；末条 0:{'0' * 64}\n"
    engine = make_engine(f"sqlite:///{tmp_path / 'var' / 'duban.db'}")
    end = written(engine, 5)
    anchor = f"{end.seq}:{end.hash}"
    assert duban("audit", "verify").out == f"事件记录完整，共 5 条；末条 {anchor}\n"
    said = duban("audit", "verify", "--anchor", anchor[:34])
    assert (said.code, said.out) == (0, f"事件记录完整，与所给校验值一致，共 5 条；末条 {anchor}\n")
    told = {"whole": True, "events": 5, "head": end.hash, "fault": None, "anchor": anchor}
    assert duban("audit", "verify", "--anchor", anchor, "--json").json == told
    for wrong in ("5", f"5:{end.hash[:31]}", f":{end.hash}", f"-1:{end.hash}", f"5:{'g' * 64}", f"5:{end.hash}0"):
        said = duban("audit", "verify", f"--anchor={wrong}")
        assert (said.code, said.err) == (
            2,
            f"校验锚不正确：{wrong}（照每日小结或备份清单所印填写，写作 序号:校验值）\n",
        )
    with unsealed(engine), writing(engine) as session:
        cut_with_head(session.connection(), 5, Random(2))
        left = session.execute(text("SELECT max(seq) FROM event")).scalar_one()
    assert duban("audit", "verify").code == 0
    said = duban("audit", "verify", "--anchor", anchor)
    words = f"事件记录不完整：自第 {left + 1} 条起，末尾的记录缺失（此前 {left} 条无误）\n"
    assert (said.code, said.out, said.err) == (4, "", words)
    said = duban("audit", "verify", "--anchor", anchor, "--json")
    assert (said.code, json.loads(said.out)["fault"]["harm"]) == (4, "cut")
    engine.dispose()
