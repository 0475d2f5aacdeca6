"""Conversations and their events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of the transcripts."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "tracker_events",
        sa.Column("id", BIG_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("conversation_id", sa.Text(), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("timestamp", sa.Float(precision=53), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.UniqueConstraint("conversation_id", "sequence", name="one_event_a_place"),
    )


def downgrade() -> None:
    """Drop the tables of the transcripts."""
    op.drop_table("tracker_events")
    op.drop_table("conversations")
