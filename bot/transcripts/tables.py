"""The tables of the transcripts, as the migrations make them."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# One row a conversation: what its events add up to, so that nobody has to read them all. `updated_at` is UTC.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("last_sequence", Integer, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

# One row an event, written once. `timestamp` is in seconds since 1970, UTC; `sequence` counts from 1 in a conversation.
tracker_events = Table(
    "tracker_events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("timestamp", Float(precision=53), nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("conversation_id", "sequence", name="one_event_a_place"),
)
