"""The log is only ever added to: the database refuses to change or remove an event, whoever asks.

Here for schemas made from the metadata; ``0009_the_chain_is_sealed`` does the same to those that are migrated. Whoever
owns the database can take the seal off: then the chain shows it (``duban.domain.chain``).
"""

from sqlalchemy import DDL, event

from models.bulk import table_of
from models.event import EventRow

#: SQLite: changed, removed, and replaced by an insertion (which fires no trigger of removal).
SQLITE = (
    "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event "
    "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event "
    "BEGIN SELECT RAISE(ABORT, 'events are never removed'); END",
    "CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event "
    "WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END",
)
#: PostgreSQL: changed, removed, and the whole table emptied.
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION event_is_sealed() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events are never changed or removed'; END $$",
    "CREATE TRIGGER event_is_not_changed BEFORE UPDATE OR DELETE ON event "
    "FOR EACH ROW EXECUTE FUNCTION event_is_sealed()",
    "CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON event "
    "FOR EACH STATEMENT EXECUTE FUNCTION event_is_sealed()",
)

for _kind, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        event.listen(table_of(EventRow), "after_create", DDL(_statement).execute_if(dialect=_kind))  # type: ignore[no-untyped-call]
