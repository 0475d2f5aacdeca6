"""The inbox of messages, the replies that wait for a channel, and the addresses that want none."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")
ALIVE = sa.text("dead_at IS NULL")


def upgrade() -> None:
    """Create the tables."""
    _create_inbox()
    _create_replies()
    op.create_table(
        "opt_outs",
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("address_index", sa.Text(), primary_key=True),
        sa.Column("at", TIME, nullable=False),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("key", "conversation_id", "channel", "message_id")),
        *(sa.Column(name, sa.Text()) for name in ("body", "notice")),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.UniqueConstraint("key", name="one_message_a_key"),
    )
    op.create_index("inbox_by_conversation", "inbox", ["conversation_id", "id"])
    op.create_index("inbox_by_arrival", "inbox", ["received_at"])
    waiting = ["conversation_id", "id"]
    op.create_index("inbox_waiting", "inbox", waiting, sqlite_where=WAITING, postgresql_where=WAITING)


def _create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("conversation_id", "channel", "address_index")),
        *(sa.Column(name, sa.Text()) for name in ("address", "body")),
        sa.Column("part", sa.Integer(), nullable=False),
        *(sa.Column(name, TIME, nullable=False) for name in ("created_at", "available_at")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locked_by", sa.Text()),
        *(sa.Column(name, TIME) for name in ("locked_until", "dead_at")),
        sa.Column("last_error", sa.Text()),
    )
    op.create_index("replies_waiting", "replies", ["address_index", "id"], sqlite_where=ALIVE, postgresql_where=ALIVE)
    op.create_index("replies_by_creation", "replies", ["created_at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("opt_outs", "replies", "inbox"):
        op.drop_table(table)
