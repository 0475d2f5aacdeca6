"""A conversation as its visitor sees it: what was said, in order, out of the stored events.

A cursor is the number of an event in its conversation, from 1; what comes after a cursor are the events behind it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any, Literal

from rasa.shared.core.events import BotUttered, Event, UserUttered
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.transcripts.encoding import decode
from bot.transcripts.tables import tracker_events

Author = Literal["visitor", "assistant", "staff"]
Data = Mapping[str, Any]

SPOKEN = (UserUttered.type_name, BotUttered.type_name)
MOST_EVENTS = 250
MOST_ITEMS = 100


@dataclass(frozen=True)
class Item:
    """What somebody said at once: a visitor's message with its `id`, a message of the staff, or a turn's texts, buttons
    and payload."""

    cursor: int
    author: Author
    at: datetime
    texts: tuple[str, ...] = ()
    id: str | None = None
    buttons: tuple[str, ...] = ()
    payload: Data = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Items, oldest first; `more` where there are earlier ones."""

    items: Sequence[Item]
    more: bool


def items_of(events: Iterable[tuple[int, Data]]) -> list[Item]:
    """The items of events in their stored form, each with its number."""
    items: list[Item] = []
    for number, data in events:
        if data["event"] == UserUttered.type_name:
            items.append(_visitor(number, data))
        elif data["event"] == BotUttered.type_name:
            said = _assistant(number, data)
            if items and items[-1].author == said.author == "assistant":
                items[-1] = _joined(items[-1], said)
            else:
                items.append(said)
    # What was redacted has no words: that it was said is nothing to show.
    return [item for item in items if any(item.texts) or item.payload]


def items_of_turn(events: Sequence[Event], sequence: int) -> list[Item]:
    """The items of a turn's events, the last of which is number `sequence`."""
    first = sequence - len(events) + 1
    return items_of((number, event.as_dict()) for number, event in enumerate(events, start=first))


def _visitor(number: int, data: Data) -> Item:
    return Item(number, "visitor", _at(data), (data.get("text") or "",), id=data.get("message_id"))


def _assistant(number: int, data: Data) -> Item:
    beside = data.get("data") or {}
    texts = (data["text"],) if data.get("text") else ()
    buttons = tuple(button["title"] for button in beside.get("buttons") or ())
    payload = beside.get("custom") or {}
    author: Author = "staff" if payload.get("kind") == "staff" else "assistant"
    return Item(number, author, _at(data), texts, buttons=buttons, payload=payload)


def _joined(first: Item, then: Item) -> Item:
    """One turn of two utterances; where both say the same key of the payload, the first is right."""
    return replace(
        then,
        texts=(*first.texts, *then.texts),
        buttons=then.buttons or first.buttons,
        payload={**then.payload, **first.payload},
    )


def _at(data: Data) -> datetime:
    return datetime.fromtimestamp(data["timestamp"], timezone.utc)


def after(session: Session, conversation: str, cursor: int) -> Page:
    """What was said behind a cursor; of a long conversation its end."""
    return _page(session, conversation, tracker_events.c.sequence > cursor)


def before(session: Session, conversation: str, cursor: int) -> Page:
    """What was said last before a cursor."""
    return _page(session, conversation, tracker_events.c.sequence < cursor)


def _page(session: Session, conversation: str, where: Any) -> Page:
    spoken = (tracker_events.c.conversation_id == conversation, tracker_events.c.type.in_(SPOKEN), where)
    query = select(tracker_events.c.sequence, tracker_events.c.data).where(*spoken)
    rows = session.execute(query.order_by(tracker_events.c.sequence.desc()).limit(MOST_EVENTS + 1)).all()
    cut = len(rows) > MOST_EVENTS
    items = items_of((row.sequence, decode(row.data)) for row in reversed(rows[:MOST_EVENTS]))
    if cut or len(items) > MOST_ITEMS:
        return Page(_whole_turns(items[-MOST_ITEMS:]), more=True)
    return Page(items, more=False)


def _whole_turns(items: Sequence[Item]) -> Sequence[Item]:
    """Items from the first message of the visitor on: what comes before it may be the end of an answer only."""
    first = next((place for place, item in enumerate(items) if item.author == "visitor"), 0)
    return items[first:]
