"""Adds to a conversation outside of any turn, in the caller's transaction: what is said reaches the visitor as replies
do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.transcripts import addresses, archive, replies, telling
from bot.transcripts.encoding import decode
from bot.transcripts.inbox import WEB
from bot.transcripts.reading import Item, items_of_turn
from bot.transcripts.tables import conversations
from bot.transcripts.tail import Snapshot
from bot.transcripts.telling import Told

REST = "rest"  # its callers hear the replies to what they say, and nothing else


@dataclass(frozen=True)
class Standing:
    """A conversation as it stands, which nobody else changes until the transaction ends."""

    conversation: str
    last_sequence: int
    snapshot: Snapshot


@dataclass(frozen=True)
class Reach:
    """The channel on which a visitor can be spoken to; `opted_out` where they want nothing sent to them."""

    channel: str
    address: str
    opted_out: bool


def stand(session: Session, conversation: str) -> Standing | None:
    """Keep a conversation from all others until the transaction ends; None where there is none."""
    query = select(conversations.c.last_sequence, conversations.c.snapshot).where(conversations.c.id == conversation)
    row = session.execute(query.with_for_update()).first()
    return Standing(conversation, row.last_sequence, Snapshot(**decode(row.snapshot))) if row else None


def reach(session: Session, conversation: str) -> Reach | None:
    """How the visitor of a conversation can be spoken to; None where they cannot."""
    found = addresses.address_of(session, conversation)
    if found is None or found[0] == REST:
        return None
    return Reach(*found, opted_out=replies.opted_out(session, *found))


def interject(session: Session, here: Standing, events: Sequence[Event], now: datetime) -> None:
    """Store events, let what they say wait for its channel, and tell the other processes.

    A turn that has begun before can no longer be stored.
    """
    snapshot = _after(here.snapshot, events)
    archive.append(session, here.conversation, events, snapshot, here.last_sequence)
    found = reach(session, here.conversation)
    if found and found.channel != WEB:
        for item in items_of_turn(events, here.last_sequence + len(events)):
            replies.put(session, here.conversation, found.channel, found.address, _said(item), now)
    telling.tell(session, Told(here.conversation))


def _said(item: Item) -> dict[str, object]:
    return {"texts": item.texts, "buttons": item.buttons, "payload": item.payload}


def _after(snapshot: Snapshot, events: Iterable[Event]) -> Snapshot:
    """What a snapshot and the events behind it add up to."""
    slots, loop = dict(snapshot.slots), snapshot.loop
    for event in events:
        if isinstance(event, SlotSet):
            slots.pop(event.key, None)
            slots |= {} if event.value is None else {event.key: event.value}
        elif isinstance(event, ActiveLoop):
            loop = event.name
    return replace(snapshot, slots=slots, loop=loop)
