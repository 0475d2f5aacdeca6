"""Conversations in SQL: reads a conversation's end and appends to it, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from rasa.shared.core.events import Event
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.errors import DatabaseUnavailable
from bot.storage.engine import forget_for_good
from bot.transcripts import redaction
from bot.transcripts.encoding import decode, encode
from bot.transcripts.tables import conversations, tracker_events
from bot.transcripts.tail import Snapshot, cut, read_event

WIDER = 4


@dataclass(frozen=True)
class Found:
    """A conversation's events, oldest first; `before` completes them where they are not all."""

    events: Sequence[Event]
    last_sequence: int
    before: Snapshot | None


def read(session: Session, conversation: str, most: int | None) -> Found | None:
    """The whole turns within the last `most` events, at least one; all for None. None where there is nothing."""
    query = select(conversations.c.last_sequence, conversations.c.snapshot).where(conversations.c.id == conversation)
    row = session.execute(query).first()
    if row is None:
        return None
    last: int = row.last_sequence
    size = last if most is None else max(1, most)
    while size < last:
        tail = cut(_events_after(session, conversation, last - size))
        if tail:
            return Found(tail, last, Snapshot(**decode(row.snapshot)))
        size *= WIDER
    return Found(_events_after(session, conversation, 0), last, None)


def _events_after(session: Session, conversation: str, sequence: int) -> list[Event]:
    mine = tracker_events.c.conversation_id == conversation
    query = select(tracker_events.c.data).where(mine, tracker_events.c.sequence > sequence)
    return [read_event(decode(data)) for data in session.execute(query.order_by(tracker_events.c.sequence)).scalars()]


def append(session: Session, conversation: str, events: Sequence[Event], snapshot: Snapshot, sequence: int) -> None:
    """Add `events` behind number `sequence`, and take over the snapshot; raises DatabaseUnavailable where the
    conversation has gone on since it was read."""
    if not events:
        return
    state = {"last_sequence": sequence + len(events), "snapshot": encode(asdict(snapshot))}
    state["updated_at"] = datetime.now(timezone.utc)
    if sequence == 0:
        session.execute(insert(conversations).values(id=conversation, **state))
    else:
        unchanged = (conversations.c.id == conversation, conversations.c.last_sequence == sequence)
        if session.execute(update(conversations).where(*unchanged).values(**state)).rowcount != 1:
            raise DatabaseUnavailable("another process wrote to this conversation meanwhile")
    session.execute(insert(tracker_events), _rows(conversation, events, sequence))


def _rows(conversation: str, events: Sequence[Event], sequence: int) -> list[dict[str, object]]:
    return [
        {
            "conversation_id": conversation,
            "sequence": number,
            "type": event.type_name,
            "timestamp": event.timestamp,
            "data": encode(event.as_dict()),
        }
        for number, event in enumerate(events, start=sequence + 1)
    ]


def redact_check(session: Session, conversation: str) -> None:
    """Take the person out of every stored event since the conversation's first check began, its message included."""
    forget_for_good(session.connection())
    mine = tracker_events.c.conversation_id == conversation
    query = select(tracker_events.c.id, tracker_events.c.data).where(mine).order_by(tracker_events.c.sequence)
    rows = [(row.id, decode(row.data)) for row in session.execute(query)]
    opened = next((place for place, (_, data) in enumerate(rows) if redaction.begins_check(data)), len(rows))
    asked = [place for place, (_, data) in enumerate(rows[:opened]) if data["event"] == "user"]
    begun = asked[-1] if asked and opened < len(rows) else opened
    for identifier, data in rows[begun:]:
        bare = encode(redaction.redact(data))
        session.execute(update(tracker_events).where(tracker_events.c.id == identifier).values(data=bare))


def last_sequence(session: Session, conversation: str) -> int:
    """The number of the conversation's last event; 0 where there is none."""
    query = select(conversations.c.last_sequence).where(conversations.c.id == conversation)
    return int(session.execute(query).scalar() or 0)


def exists(session: Session, conversation: str) -> bool:
    """Whether the conversation is stored."""
    return last_sequence(session, conversation) > 0


def conversation_ids(session: Session) -> list[str]:
    """The ids of all conversations."""
    return list(session.execute(select(conversations.c.id)).scalars())
