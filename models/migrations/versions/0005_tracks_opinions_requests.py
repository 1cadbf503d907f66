"""tracks opinions requests"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "extension_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.Column("due_before", _MOMENT(), nullable=True),
        sa.Column("day_wanted", sa.Date(), nullable=False),
        sa.Column("note", _TEXT(), nullable=False),
        sa.Column("by_person", _TEXT(), nullable=False),
        sa.Column("state", _TEXT(), nullable=False),
        sa.Column("decided_at", _MOMENT(), nullable=True),
        sa.Column("answer", _TEXT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_extension_request_obligation_id_obligation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    op.create_index(op.f("ix_extension_request_obligation_id"), "extension_request", ["obligation_id"])
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("track", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", _TEXT(), nullable=False),
        sa.Column("courier", _TEXT(), nullable=False),
        sa.Column("number", _TEXT(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("seal_seen", sa.Boolean(), nullable=True),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.Column("counts_at", _MOMENT(), nullable=False),
        sa.Column("by", _TEXT(), nullable=False),
        sa.Column("by_person", _TEXT(), nullable=False),
        sa.Column("note", _TEXT(), nullable=False),
        sa.Column("void_at", _MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_handover_obligation_id_obligation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_obligation_id"), "handover", ["obligation_id"])
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", _TEXT(), nullable=False),
        sa.Column("asked_by", _TEXT(), nullable=False),
        sa.Column("name", _TEXT(), nullable=False),
        sa.Column("email", _TEXT(), nullable=False),
        sa.Column("question", _TEXT(), nullable=False),
        sa.Column("asked_at", _MOMENT(), nullable=False),
        sa.Column("answered_at", _MOMENT(), nullable=True),
        sa.Column("view", _TEXT(), nullable=True),
        sa.Column("text", _TEXT(), nullable=False),
        sa.Column("link", _TEXT(), nullable=True),
        sa.Column("expires_at", _MOMENT(), nullable=True),
        sa.Column("revoked_at", _MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("fk_opinion_obligation_id_obligation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("link", name=op.f("uq_opinion_link")),
    )
    op.create_index(op.f("ix_opinion_obligation_id"), "opinion", ["obligation_id"])
    with op.batch_alter_table("obligation") as table:
        table.add_column(sa.Column("tracks", _TEXT(), server_default="", nullable=False))
    with op.batch_alter_table("submission") as table:
        table.add_column(sa.Column("by_person", _TEXT(), server_default="", nullable=False))
    with op.batch_alter_table("review") as table:
        table.add_column(sa.Column("by_person", _TEXT(), server_default="", nullable=False))
        table.add_column(sa.Column("due_before", _MOMENT(), nullable=True))
        table.add_column(sa.Column("day_before", sa.Date(), nullable=True))
        table.add_column(sa.Column("set_before", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("reason_before", _TEXT(), server_default="", nullable=False))
        table.add_column(sa.Column("submitted_before", _MOMENT(), nullable=True))
        table.add_column(sa.Column("tracks_before", _TEXT(), server_default="", nullable=False))
        table.add_column(sa.Column("taken_back_at", _MOMENT(), nullable=True))
    with op.batch_alter_table("extension") as table:
        table.add_column(sa.Column("day_before", sa.Date(), nullable=True))
        table.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_extension_request_id_extension_request"), "extension_request", ["request_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("extension") as table:
        table.drop_constraint(op.f("fk_extension_request_id_extension_request"), type_="foreignkey")
        table.drop_column("request_id")
        table.drop_column("day_before")
    with op.batch_alter_table("review") as table:
        for name in (
            "taken_back_at",
            "tracks_before",
            "submitted_before",
            "reason_before",
            "set_before",
            "day_before",
            "due_before",
            "by_person",
        ):
            table.drop_column(name)
    with op.batch_alter_table("submission") as table:
        table.drop_column("by_person")
    with op.batch_alter_table("obligation") as table:
        table.drop_column("tracks")
    op.drop_table("opinion")
    op.drop_table("handover")
    op.drop_table("extension_request")
