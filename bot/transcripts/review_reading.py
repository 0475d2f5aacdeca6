"""Reads a conversation for those who review it: its facts, and its turns a page at a time. Every time is UTC.

Every function works in the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.transcripts.encoding import decode
from bot.transcripts.review_turns import DETAILS, HANDOFF, Numbered, ReviewTurn, names_in, turns_of
from bot.transcripts.tables import conversations, tracker_events
from bot.transcripts.tail import Snapshot

MOST_TURNS = 100
SPOKEN_OR_SET = ("user", "bot", "slot")


@dataclass(frozen=True)
class Facts:
    """What a conversation has come to; `last` is the number of its last event, `done` are fields of the check.

    `details` are the contact details that its hand-off holds, `open` is the question that stands open.
    """

    conversation: str
    channel: str | None
    began_at: datetime | None
    updated_at: datetime
    flagged_at: datetime | None
    last: int
    flags: tuple[str, ...] = ()
    outcome: str | None = None
    underage: bool = False
    checked: bool = False
    done: tuple[str, ...] = ()
    open: str | None = None
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TurnPage:
    """Turns, oldest first; `earlier` is the number before which there are more, None where there are none.

    `names` are those that were given in a hand-off within these turns.
    """

    turns: Sequence[ReviewTurn]
    earlier: int | None = None
    names: frozenset[str] = frozenset()


def facts(session: Session, conversation: str) -> Facts | None:
    """What is known of a conversation; None for one that is not there."""
    row = session.execute(select(conversations).where(conversations.c.id == conversation)).mappings().first()
    if row is None:
        return None
    slots = Snapshot(**decode(row["snapshot"])).slots
    check: Mapping[str, Any] = slots.get("check") or {}
    handoff: Mapping[str, Any] = slots.get(HANDOFF) or {}
    return Facts(
        conversation,
        row["channel"],
        row["began_at"],
        row["updated_at"],
        row["flagged_at"],
        row["last_sequence"],
        flags=tuple(slots.get("red_flags") or ()),
        outcome=(slots.get("outcome") or {}).get("id"),
        underage=bool(slots.get("underage")),
        checked=bool(check),
        done=tuple(check.get("done") or ()),
        open=slots.get("requested_slot"),
        details=tuple((name, str(handoff[name])) for name in DETAILS if handoff.get(name)),
    )


def last_turns(session: Session, conversation: str, before: int | None = None) -> TurnPage:
    """The last turns, or those that come before an event's number."""
    # One turn more says that there are others, and a second one which question was open.
    starts = _starts(session, conversation, before, MOST_TURNS + 1)
    cut = len(starts) > MOST_TURNS
    first = starts[0] if cut else 0
    page = _page(_events(session, conversation, first, before))
    kept = page.turns[1:] if cut else [turn for turn in page.turns if turn.heard or turn.said]
    return TurnPage(kept, kept[0].sequence if cut else None, page.names)


def turns_after(session: Session, conversation: str, after: int, until: int) -> TurnPage:
    """What came behind an event's number, up to another; what belongs to an earlier message has no message."""
    starts = _starts(session, conversation, after + 1, 1)
    page = _page(_events(session, conversation, starts[0] if starts else 0, until + 1))
    return TurnPage([turn for each in page.turns if (turn := _behind(each, after))], names=page.names)


def one_turn(session: Session, conversation: str, sequence: int) -> ReviewTurn | None:
    """The turn of a visitor's event; None where that number is none."""
    starts = _starts(session, conversation, sequence + 1, 1)
    if starts != [sequence]:
        return None
    return _page(_events(session, conversation, sequence, _next_start(session, conversation, sequence))).turns[0]


def _page(events: Sequence[Numbered]) -> TurnPage:
    return TurnPage(turns_of(events), names=names_in(events))


def _behind(turn: ReviewTurn, after: int) -> ReviewTurn | None:
    if turn.sequence > after:
        return turn
    said = tuple(one for one in turn.said if one.number > after)
    return ReviewTurn(said[0].number, None, said) if said else None


def _mine(conversation: str, before: int | None) -> list[Any]:
    mine = [tracker_events.c.conversation_id == conversation]
    return mine if before is None else [*mine, tracker_events.c.sequence < before]


def _starts(session: Session, conversation: str, before: int | None, most: int) -> list[int]:
    """The numbers of the last messages before an event, oldest first."""
    query = select(tracker_events.c.sequence).where(*_mine(conversation, before), tracker_events.c.type == "user")
    return sorted(session.execute(query.order_by(tracker_events.c.sequence.desc()).limit(most)).scalars())


def _next_start(session: Session, conversation: str, sequence: int) -> int | None:
    behind = (*_mine(conversation, None), tracker_events.c.sequence > sequence, tracker_events.c.type == "user")
    query = select(tracker_events.c.sequence).where(*behind).order_by(tracker_events.c.sequence).limit(1)
    found: int | None = session.execute(query).scalar()
    return found


def _events(session: Session, conversation: str, first: int, before: int | None) -> list[Numbered]:
    where = (*_mine(conversation, before), tracker_events.c.sequence >= first)
    query = select(tracker_events.c.sequence, tracker_events.c.data).where(
        *where, tracker_events.c.type.in_(SPOKEN_OR_SET)
    )
    rows = session.execute(query.order_by(tracker_events.c.sequence))
    return [(row.sequence, decode(row.data)) for row in rows]
