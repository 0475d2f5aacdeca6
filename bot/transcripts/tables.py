"""The tables of the transcripts, as the migrations make them."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

from bot.storage.types import Sealed, UtcTime

metadata = MetaData()

# One row a conversation: what its events add up to, so that nobody has to read them all. After `expires_at`, where it
# is set, what was told in a check or a hand-off that is not finished is taken out.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("last_sequence", Integer, nullable=False),
    Column("snapshot", Sealed, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Index("conversations_by_update", "updated_at"),
    Index("conversations_by_expiry", "expires_at"),
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
    Column("data", Sealed, nullable=False),
    UniqueConstraint("conversation_id", "sequence", name="one_event_a_place"),
)

# Which conversation an address of a channel belongs to; the address is found by its blind index only.
addresses = Table(
    "addresses",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("address_index", Text, primary_key=True),
    Column("address", Sealed, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("addresses_by_conversation", "conversation_id"),
)
