"""notices that change"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("kind", _TEXT(), nullable=False),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.Column("day_before", sa.Date(), nullable=True),
        sa.Column("due_before", _MOMENT(), nullable=True),
        sa.Column("day_after", sa.Date(), nullable=True),
        sa.Column("due_after", _MOMENT(), nullable=True),
        sa.Column("set_after", sa.Boolean(), nullable=False),
        sa.Column("status_before", _TEXT(), nullable=False),
        sa.Column("step_before", _TEXT(), nullable=True),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_adjustment_obligation_id_obligation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sa.UniqueConstraint("event", "obligation_id", name=op.f("uq_adjustment_event_obligation_id")),
    )
    op.create_index(op.f("ix_adjustment_obligation_id"), "adjustment", ["obligation_id"])
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("is_cancelled", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("closed_reason", _TEXT(), server_default="", nullable=False))
        table.add_column(sa.Column("closing_event", sa.Integer(), nullable=True))
        table.add_column(sa.Column("turns", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("notice_revision") as table:
        table.add_column(sa.Column("reason", _TEXT(), server_default="", nullable=False))
        table.add_column(sa.Column("by_person", _TEXT(), server_default="", nullable=False))
        table.add_column(sa.Column("event", sa.Integer(), nullable=True))
    with op.batch_alter_table("circulation") as table:
        table.add_column(sa.Column("is_adjusting", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("unit") as table:
        table.add_column(sa.Column("merged_into", _TEXT(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("unit") as table:
        table.drop_column("merged_into")
    with op.batch_alter_table("circulation") as table:
        table.drop_column("is_adjusting")
    with op.batch_alter_table("notice_revision") as table:
        table.drop_column("event")
        table.drop_column("by_person")
        table.drop_column("reason")
    with op.batch_alter_table("notice") as table:
        table.drop_column("turns")
        table.drop_column("closing_event")
        table.drop_column("closed_reason")
        table.drop_column("is_cancelled")
    op.drop_table("adjustment")
