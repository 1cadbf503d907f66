"""pressing"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("owner", _TEXT(), nullable=False),
        sa.Column("due_key", _TEXT(), nullable=False),
        sa.Column("reason", _TEXT(), nullable=False),
        sa.Column("by", _TEXT(), nullable=False),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.Column("lifted_at", _MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("fk_hold_obligation_id_obligation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint(
            "obligation_id", "round", "owner", "due_key", name=op.f("uq_hold_obligation_id_round_owner_due_key")
        ),
    )
    op.create_table(
        "phone_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", _TEXT(), nullable=False),
        sa.Column("notice_id", _TEXT(), nullable=False),
        sa.Column("unit_id", _TEXT(), nullable=False),
        sa.Column("person", _TEXT(), nullable=False),
        sa.Column("called_at", _MOMENT(), nullable=False),
        sa.Column("said", _TEXT(), nullable=False),
        sa.Column("by", _TEXT(), nullable=False),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_phone_note_notice_id_notice")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_phone_note_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_note")),
        sa.UniqueConstraint("key", name=op.f("uq_phone_note_key")),
    )
    op.create_index(op.f("ix_phone_note_notice_id"), "phone_note", ["notice_id"])
    op.create_index(op.f("ix_phone_note_unit_id"), "phone_note", ["unit_id"])
    op.create_table(
        "press",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", _TEXT(), nullable=False),
        sa.Column("notice_id", _TEXT(), nullable=False),
        sa.Column("by", _TEXT(), nullable=False),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.Column("leaves_at", _MOMENT(), nullable=False),
        sa.Column("undone_at", _MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_press_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press")),
        sa.UniqueConstraint("key", name=op.f("uq_press_key")),
    )
    op.create_index(op.f("ix_press_notice_id"), "press", ["notice_id"])
    op.create_table(
        "pressed_mail",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("press_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox.id"], name=op.f("fk_pressed_mail_mail_id_outbox")),
        sa.ForeignKeyConstraint(["press_id"], ["press.id"], name=op.f("fk_pressed_mail_press_id_press")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_pressed_mail")),
    )
    op.create_index(op.f("ix_pressed_mail_press_id"), "pressed_mail", ["press_id"])


def downgrade() -> None:
    for name in ("pressed_mail", "press", "phone_note", "hold"):
        op.drop_table(name)
