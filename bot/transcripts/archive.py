"""Conversations in SQL: reads a conversation's end, appends to it, and forgets, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.errors import DatabaseUnavailable
from bot.storage.engine import forget_for_good
from bot.transcripts import addresses, contact, counted_turns, expiry, inbox, redaction, replies, telling
from bot.transcripts.encoding import decode, encode
from bot.transcripts.tables import conversations, reviews, takeovers, tracker_events, turns
from bot.transcripts.tail import Snapshot, cut, read_event
from bot.transcripts.telling import Told

Data = Mapping[str, Any]

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


def append(
    session: Session,
    conversation: str,
    events: Sequence[Event],
    snapshot: Snapshot,
    sequence: int,
    *,
    flagged: bool = False,
) -> None:
    """Add `events` behind number `sequence`, and take over the snapshot; a red flag was raised in them if `flagged`.

    Raises DatabaseUnavailable where the conversation has gone on since it was read.
    """
    if not events:
        return
    now = datetime.now(timezone.utc)
    used = {"updated_at": now, **({"flagged_at": now} if flagged else {})}
    if sequence == 0:
        begun = {"began_at": now, "channel": counted_turns.channel_of(events)}
        session.execute(insert(conversations).values(id=conversation, **_state(snapshot, len(events)), **used, **begun))
    else:
        _go_on(session, conversation, sequence, {**_state(snapshot, sequence + len(events)), **used})
    session.execute(insert(tracker_events), _rows(conversation, events, sequence))


def _state(snapshot: Snapshot, last_sequence: int) -> dict[str, object]:
    expires_at = expiry.expires_at(snapshot)
    return {"last_sequence": last_sequence, "snapshot": encode(asdict(snapshot)), "expires_at": expires_at}


def _go_on(session: Session, conversation: str, sequence: int, state: Mapping[str, object]) -> None:
    unchanged = (conversations.c.id == conversation, conversations.c.last_sequence == sequence)
    if session.execute(update(conversations).where(*unchanged).values(**state)).rowcount != 1:
        raise DatabaseUnavailable("another process wrote to this conversation meanwhile")


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


def erase(session: Session, conversation: str, told: Told | None = None) -> int:
    """Delete a conversation with its addresses, for good; returns how many events it had.

    Messages that wait, replies, and what staff noted of its turns go with it. Other processes are `told` so.
    """
    hold(session, conversation)
    inbox.forget(session, conversation)
    replies.forget(session, conversation)
    for table in (turns, takeovers, reviews):
        session.execute(delete(table).where(table.c.conversation_id == conversation))
    gone = session.execute(delete(tracker_events).where(tracker_events.c.conversation_id == conversation))
    session.execute(delete(conversations).where(conversations.c.id == conversation))
    addresses.forget(session, conversation)
    telling.tell(session, told or Told(conversation, ended=True))
    return int(gone.rowcount)


@dataclass(frozen=True)
class _Held:
    """A whole conversation that only this transaction may change: its events by their rows, in their stored form."""

    ids: Sequence[int]
    events: Sequence[Data]
    last_sequence: int
    snapshot: Snapshot


def hold(session: Session, conversation: str) -> Any:
    """Keep a conversation from all others until the transaction ends, and what is overwritten of it from being read
    later; its row, or None.

    Whoever writes takes the conversation first, then its addresses, messages and events: nobody waits in a ring.
    """
    forget_for_good(session.connection())
    query = select(conversations.c.last_sequence, conversations.c.snapshot).where(conversations.c.id == conversation)
    return session.execute(query.with_for_update()).first()


def _hold(session: Session, conversation: str) -> _Held | None:
    row = hold(session, conversation)
    if row is None:
        return None
    query = select(tracker_events.c.id, tracker_events.c.data).where(tracker_events.c.conversation_id == conversation)
    found = session.execute(query.order_by(tracker_events.c.sequence)).all()
    events = [decode(each.data) for each in found]
    return _Held([each.id for each in found], events, row.last_sequence, Snapshot(**decode(row.snapshot)))


def _overwrite(session: Session, held: _Held, events: Sequence[Data]) -> int:
    """Put `events` in the places of those that are stored; returns how many are others now."""
    places = zip(held.ids, held.events, events, strict=True)
    changed = [(identifier, after) for identifier, before, after in places if after != before]
    for identifier, after in changed:
        session.execute(update(tracker_events).where(tracker_events.c.id == identifier).values(data=encode(after)))
    return len(changed)


def _amend(session: Session, conversation: str, held: _Held, snapshot: Snapshot) -> None:
    """Bring a conversation to `snapshot` outside of a turn; a turn that has begun before can no longer be stored.

    Events say so too: of a short conversation, and of a tail, they are read and not the snapshot.
    """
    marks: list[Event] = [SlotSet(name, snapshot.slots.get(name)) for name in held.snapshot.slots]
    if held.snapshot.loop != snapshot.loop:
        marks += [ActiveLoop(snapshot.loop), SlotSet(REQUESTED_SLOT, None)]
    last = held.last_sequence
    _go_on(session, conversation, last, _state(snapshot, last + len(marks)))
    if marks:
        session.execute(insert(tracker_events), _rows(conversation, marks, last))


def redact_check(session: Session, conversation: str) -> None:
    """Take the person out of every stored event since the conversation's first check or hand-off began, its message
    included."""
    held = _hold(session, conversation)
    inbox.wipe(session, conversation)
    if held:
        _overwrite(session, held, redaction.redact_from_check(held.events))


def take_out_contact(
    session: Session, conversation: str, fresh: Sequence[Event], snapshot: Snapshot
) -> tuple[list[Event], Snapshot]:
    """Take the contact details out of what is stored; returns a turn's `fresh` events and its snapshot without them."""
    held = _hold(session, conversation)
    inbox.wipe(session, conversation)
    stored = held.events if held else ()
    events = [*stored, *(event.as_dict() for event in fresh)]
    details = contact.read_details(events)
    taken = contact.take_out(events, details)
    if held:
        _overwrite(session, held, taken[: len(stored)])
    return [read_event(data) for data in taken[len(stored) :]], contact.clean_snapshot(snapshot, details)


def redact_contact(session: Session, conversation: str) -> int:
    """Take the contact details out of a conversation, and close an open hand-off; returns how many events changed."""
    held = _hold(session, conversation)
    if held is None:
        return 0
    inbox.wipe(session, conversation)
    details = contact.read_details(held.events)
    changed = _overwrite(session, held, contact.take_out(held.events, details))
    snapshot = expiry.without(contact.clean_snapshot(held.snapshot, details), expiry.HANDOFF_PART)
    if changed or snapshot != held.snapshot:
        _amend(session, conversation, held, snapshot)
    return changed


def expire(session: Session, conversation: str) -> None:
    """Take out what is half-finished: a check like a minor's, a hand-off with the contact details wherever they are.

    A hand-off that was sent has none to expire, and keeps its details when a later check does.
    """
    held = _hold(session, conversation)
    if held is None:
        return
    inbox.wipe(session, conversation)
    parts, events, snapshot = expiry.unfinished(held.snapshot), held.events, held.snapshot
    details = contact.read_details(events)
    if expiry.HANDOFF_PART in parts or expiry.HANDOFF_PART.slot not in snapshot.slots:
        events, snapshot = contact.take_out(events, details), contact.clean_snapshot(snapshot, details)
    if expiry.CHECK_PART in parts:
        events = redaction.redact_from_check(events)
    _overwrite(session, held, events)
    _amend(session, conversation, held, expiry.without(snapshot, *parts))


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
