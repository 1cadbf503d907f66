"""What somebody with the database in hand can do to the log, by SQL, with the seal taken off."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, text

from duban.domain.chain import GENESIS, End, Link, digest
from factories import at
from models.event import head, record
from models.seal import POSTGRESQL, SQLITE
from models.session import writing

Damage = Callable[[Connection, int, Random], None]


def written(engine: Engine, events: int) -> End:
    """A log of so many events; answers its end."""
    with writing(engine) as session:
        for n in range(1, events + 1):
            about = {"notice": f"测-{n % 3}"} if n % 2 else {}
            record(
                session, at=at("2021-10-11 15:00"), name="submitted", by="unit", data={"n": n, "注": "照片"}, **about
            )
        end = head(session)
    assert end is not None
    return end


@contextmanager
def unsealed(engine: Engine) -> Iterator[None]:
    """The seal is off; afterwards it is on again."""
    statements = SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL
    names = [statement.split()[2] for statement in statements if "CREATE TRIGGER" in statement]
    behind = "" if engine.dialect.name == "sqlite" else " ON event"
    _do(engine, [f"DROP TRIGGER {name}{behind}" for name in names])
    try:
        yield
    finally:
        _do(engine, statements)


def _do(engine: Engine, statements: Sequence[str]) -> None:
    with engine.execution_options(duban_writes=True).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def seals(engine: Engine) -> set[tuple[str, str]]:
    """The triggers of the log, each with its words."""
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return {(row[0], row[1]) for row in connection.execute(text(query))}


def _run(connection: Connection, statement: str, **values: Any) -> None:
    connection.execute(text(statement), values)


def _shift(connection: Connection, since: int, by: int) -> None:
    """Number the rest on, as one update would stumble over itself."""
    _run(connection, "UPDATE event SET seq = -(seq + :by) WHERE seq >= :since", by=by, since=since)
    _run(connection, "UPDATE event SET seq = -seq WHERE seq < 0")


def _insert(connection: Connection, link: Link) -> None:
    columns = "seq, at, by, name, notice_id, obligation_id, data, prev, hash"
    names = ", ".join(f":{name}" for name in Link._fields)
    moment = "2021-10-11 07:00:00.000000" + ("+00" if connection.dialect.name == "postgresql" else "")
    _run(connection, f"INSERT INTO event ({columns}) VALUES ({names})", **link._asdict() | {"at": moment})


def _link(connection: Connection, seq: int) -> Link:
    query = "SELECT seq, at, by, name, notice_id, obligation_id, data, prev, hash FROM event WHERE seq = :seq"
    row = connection.execute(text(query), {"seq": seq}).one()
    return Link(*row)._replace(at="2021-10-11T07:00:00+00:00")


def _rechain(connection: Connection, since: int, *, with_head: bool = True) -> None:
    """Compute the chain anew from an event on, as who knows how it is made."""
    prev = _link(connection, since - 1).hash if since > 1 else GENESIS
    last = connection.execute(text("SELECT max(seq) FROM event")).scalar_one()
    values, hash_ = [], prev
    for seq in range(since, last + 1):
        link = _link(connection, seq)._replace(prev=hash_)
        values.append({"seq": seq, "prev": hash_, "hash": digest(link)})
        hash_ = digest(link)
    connection.execute(text("UPDATE event SET prev = :prev, hash = :hash WHERE seq = :seq"), values)
    if with_head:
        _run(connection, "UPDATE event_head SET seq = :seq, hash = :hash", seq=last, hash=hash_)


def alter(connection: Connection, last: int, random: Random) -> None:
    column, value = random.choice(
        [
            ("by", "'someone'"),
            ("name", "'approved'"),
            ("data", "data || ' '"),
            ("notice_id", "'another'"),
            ("obligation_id", "coalesce(obligation_id, 0) + 1"),
            ("hash", "prev"),
            ("prev", "hash"),
            ("at", "'2021-10-11 07:00:01'"),
        ]
    )
    _run(connection, f"UPDATE event SET {column} = {value} WHERE seq = :seq", seq=random.randint(1, last))


def alter_and_sign(connection: Connection, last: int, random: Random) -> None:
    """With a hash that fits the new words."""
    seq = random.randint(1, last)
    forged = _link(connection, seq)._replace(by="someone")
    _run(connection, "UPDATE event SET by = 'someone', hash = :hash WHERE seq = :seq", seq=seq, hash=digest(forged))


def alter_and_rechain(connection: Connection, last: int, random: Random) -> None:
    """And everything behind it computed anew: only the anchor shows it."""
    seq = random.randint(max(1, last - 50), last)
    _run(connection, "UPDATE event SET by = 'someone' WHERE seq = :seq", seq=seq)
    _rechain(connection, seq)


def delete(connection: Connection, last: int, random: Random) -> None:
    _run(connection, "DELETE FROM event WHERE seq = :seq", seq=random.randint(1, last))


def delete_and_number_on(connection: Connection, last: int, random: Random) -> None:
    seq = random.randint(max(1, last - 500), last)
    _run(connection, "DELETE FROM event WHERE seq = :seq", seq=seq)
    _shift(connection, seq + 1, -1)


def insert(connection: Connection, last: int, random: Random) -> None:
    """A forged event that fits the one before it; the rest is numbered on."""
    seq = random.randint(max(2, last - 500), last)
    _shift(connection, seq, 1)
    forged = _link(connection, seq - 1)._replace(seq=seq, by="someone", prev=_link(connection, seq - 1).hash)
    _insert(connection, forged._replace(hash=digest(forged)))


def insert_before_all(connection: Connection, last: int, random: Random) -> None:
    forged = _link(connection, 1)._replace(seq=-random.randint(0, 3))
    _insert(connection, forged._replace(hash=digest(forged)))


def append(connection: Connection, last: int, random: Random) -> None:
    """An event behind the end, with and without a word at the head."""
    forged = _link(connection, last)._replace(seq=last + 1, prev=_link(connection, last).hash)
    _insert(connection, forged._replace(hash=digest(forged)))
    _run(connection, "UPDATE event_head SET seq = :seq", seq=last + random.randint(0, 1))


def exchange(connection: Connection, last: int, random: Random) -> None:
    one, other = random.sample(range(1, last + 1), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        _run(connection, "UPDATE event SET seq = :new WHERE seq = :old", old=old, new=new)


def cut(connection: Connection, last: int, random: Random) -> None:
    _run(connection, "DELETE FROM event WHERE seq > :last", last=last - random.randint(1, min(last, 20)))


def cut_with_head(connection: Connection, last: int, random: Random) -> None:
    """Only the anchor shows it."""
    left = last - random.randint(1, min(last - 1, 20))
    _run(connection, "DELETE FROM event WHERE seq > :left", left=left)
    end = _link(connection, left)
    _run(connection, "UPDATE event_head SET seq = :seq, hash = :hash", seq=left, hash=end.hash)


def head_altered(connection: Connection, last: int, random: Random) -> None:
    statements = (
        "UPDATE event_head SET hash = 'x'",
        "UPDATE event_head SET seq = seq - 1",
        "UPDATE event_head SET seq = seq + 7",
        "DELETE FROM event_head",
    )
    _run(connection, random.choice(statements))


def replaced(connection: Connection, last: int, random: Random) -> None:
    """Another chain altogether, sound in itself."""
    _run(connection, "UPDATE event SET data = '{\"n\":' || seq || '}'")
    _rechain(connection, 1)


DAMAGES: tuple[Damage, ...] = (
    *(alter, alter_and_sign, alter_and_rechain, delete, delete_and_number_on, insert, insert_before_all),
    *(append, exchange, cut, cut_with_head, head_altered, replaced),
)
#: What a chain cannot show by itself.
ONLY_BY_ANCHOR = (alter_and_rechain, cut_with_head, replaced)
