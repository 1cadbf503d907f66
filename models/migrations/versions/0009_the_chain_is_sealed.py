"""the chain is sealed"""

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SEALS = {
    "sqlite": (
        "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
        "CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event "
        "BEGIN SELECT RAISE(ABORT, 'events are never removed'); END",
        "CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event "
        "WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION event_is_sealed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are never changed or removed'; END $$",
        "CREATE TRIGGER event_is_not_changed BEFORE UPDATE OR DELETE ON event "
        "FOR EACH ROW EXECUTE FUNCTION event_is_sealed()",
        "CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_is_sealed()",
    ),
}
_UNSEALED = {
    "sqlite": (
        "DROP TRIGGER event_is_not_replaced",
        "DROP TRIGGER event_is_not_removed",
        "DROP TRIGGER event_is_not_changed",
    ),
    "postgresql": (
        "DROP TRIGGER event_is_not_emptied ON event",
        "DROP TRIGGER event_is_not_changed ON event",
        "DROP FUNCTION event_is_sealed()",
    ),
}


def upgrade() -> None:
    """Events are only ever added; and found by their day."""
    op.create_index(op.f("ix_event_at"), "event", ["at"])
    for statement in _SEALS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _UNSEALED[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_index(op.f("ix_event_at"), table_name="event")
