"""The tables of the transcripts, as the migrations make them."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from bot.storage.types import Sealed, UtcTime

metadata = MetaData()

NUMBER = BigInteger().with_variant(Integer, "sqlite")
WAITING = sql("state = 'waiting'")
ALIVE = sql("dead_at IS NULL")
OPEN = sql("ended_at IS NULL")
FLAGGED = sql("flagged_at IS NOT NULL")

# One row a conversation: what its events add up to, so that nobody has to read them all. After `expires_at`, where it
# is set, what was told in a check or a hand-off that is not finished is taken out. `flagged_at` is when a red flag was
# raised in it last.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("last_sequence", Integer, nullable=False),
    Column("snapshot", Sealed, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("began_at", UtcTime),
    Column("channel", Text),
    Column("flagged_at", UtcTime),
    Index("conversations_by_update", "updated_at"),
    Index("conversations_by_channel", "channel", "updated_at"),
    Index("conversations_by_expiry", "expires_at"),
)

# One row an event, written once. `timestamp` is in seconds since 1970, UTC; `sequence` counts from 1 in a conversation.
tracker_events = Table(
    "tracker_events",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
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

# One row a message that came in, in the order of arrival. `key` is the blind index of the provider's or the client's
# id, so that a message that is sent again is found; `message_id` is what its sender calls it on the web, elsewhere an
# id of ours. `body` is what was said, as JSON, until it is answered: from then on it stands in the events. A message
# that was not answered by a turn keeps its body beside the `notice` that was said instead, until the row goes.
inbox = Table(
    "inbox",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("body", Sealed),
    Column("notice", Sealed),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    UniqueConstraint("key", name="one_message_a_key"),
    Index("inbox_by_conversation", "conversation_id", "id"),
    Index("inbox_by_arrival", "received_at"),
    Index("inbox_waiting", "conversation_id", "id", sqlite_where=WAITING, postgresql_where=WAITING),
)

# One row a reply that waits to be sent to a channel; it is deleted once it is sent. `part` is how many of its parts are
# sent already. A dead one was given up: nothing of its contents stays.
replies = Table(
    "replies",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address_index", Text, nullable=False),
    Column("address", Sealed),
    Column("body", Sealed),
    Column("part", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("available_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("locked_by", Text),
    Column("locked_until", UtcTime),
    Column("dead_at", UtcTime),
    Column("last_error", Text),
    Index("replies_waiting", "address_index", "id", sqlite_where=ALIVE, postgresql_where=ALIVE),
    Index("replies_by_creation", "created_at"),
)

# Addresses that want nothing sent to them any more.
opt_outs = Table(
    "opt_outs",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("address_index", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

Index("conversations_flagged", conversations.c.flagged_at, sqlite_where=FLAGGED, postgresql_where=FLAGGED)
Index("conversations_flagged_by_update", conversations.c.updated_at, sqlite_where=FLAGGED, postgresql_where=FLAGGED)

# What each turn was, without a word of it: `sequence` is the number of the visitor's event, the rest is what the
# reply's payload says. A turn of several entries, said or offered, has a row for each; the first one's `place` is 0.
turns = Table(
    "turns",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("topic", Text),
    Column("entry", Text),
    Column("confidence", Float(precision=53)),
    Column("field", Text),
    Column("outcome", Text),
    Column("class", Text),
    Column("state", Text),
    Index("turns_by_time", "at"),
    Index("turns_by_kind", "kind", "at"),
    Index("turns_by_entry", "entry", "at"),
)

# When somebody of the staff was in a conversation, from when to when. `waiting_since`: the visitor has said something
# that nobody answered yet. `ended_by` is who left, or `nobody` where none had answered for too long.
takeovers = Table(
    "takeovers",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("waiting_since", UtcTime),
    Column("ended_at", UtcTime),
    Column("ended_by", Text),
    Index("takeovers_by_conversation", "conversation_id", "id"),
)
Index("one_takeover_at_once", takeovers.c.conversation_id, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)

# What staff say of a turn: its answer was `wrong`, or it should have been answered (`missing`); and what became of its
# question as a gap: `open`, `assigned` to an entry until its words are `approved` as an example, or `dismissed`.
reviews = Table(
    "reviews",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("verdict", Text),
    Column("state", Text, nullable=False),
    Column("entry", Text),
    Column("staff", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("reviews_by_state", "state", "at"),
)

# Questions for the training data: scrubbed of personal details, approved by a person, and of no conversation any more.
examples = Table(
    "examples",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("text", Sealed, nullable=False),
    Column("entry", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("exported_at", UtcTime),
)
