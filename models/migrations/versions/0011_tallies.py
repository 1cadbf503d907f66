"""tallies"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from models.tally import FORGET, KEEP

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("notice_id", _TEXT(), nullable=False),
        sa.Column("deliverable", _TEXT(), nullable=False),
        sa.Column("parent_id", _TEXT(), nullable=False),
        sa.Column("status", _TEXT(), nullable=False),
        sa.Column("due_key", _MOMENT(), nullable=False),
        sa.Column("stage", _TEXT(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("due_at", _MOMENT(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "deliverable", "parent_id", "status", "due_key", name=op.f("pk_tally")),
    )
    # what is on record is counted by the next tick
    op.add_column("notice", sa.Column("is_counted", sa.Boolean(), server_default=sa.false(), nullable=False))
    for statement in KEEP[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in FORGET[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
    op.drop_column("notice", "is_counted")
    op.drop_table("tally")
