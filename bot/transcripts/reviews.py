"""What staff say of turns, and what became of their questions, in the caller's transaction.

A review is `open` while a gap waits for somebody; `assigned` to an entry until its words are approved; then `approved`
or `dismissed`. A turn that nobody said anything of has no review.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.transcripts.addresses import insert_of
from bot.transcripts.tables import conversations, reviews, tracker_events

Verdict = Literal["wrong", "missing"]
State = Literal["open", "assigned", "approved", "dismissed"]
# A conversation, and the number of the visitor's event in it.
Turn = tuple[str, int]


def verdicts(session: Session, conversation: str) -> Mapping[int, str]:
    """What was said of the turns of a conversation, by the numbers of their first events."""
    mine = (reviews.c.conversation_id == conversation, reviews.c.verdict.is_not(None))
    rows = session.execute(select(reviews.c.sequence, reviews.c.verdict).where(*mine))
    return {row.sequence: row.verdict for row in rows}


def verdict_of(session: Session, turn: Turn) -> str | None:
    """What was said of a turn."""
    found: str | None = session.execute(select(reviews.c.verdict).where(_is(turn))).scalar()
    return found


def mark(session: Session, turn: Turn, verdict: Verdict | None, name: str, now: datetime) -> bool:
    """Say of a turn that its answer was wrong or is missing, or take that back; False where no visitor spoke.

    A question that was settled is open again with it.
    """
    if not _spoken(session, [turn]):
        return False
    if verdict is None:
        _take_back(session, turn)
        return True
    said = {"verdict": verdict, "state": "open", "entry": None, "staff": name, "at": now}
    row = {"conversation_id": turn[0], "sequence": turn[1], **said}
    session.execute(insert_of(session)(reviews).values(row).on_conflict_do_update(index_elements=_KEY, set_=said))
    return True


def _take_back(session: Session, turn: Turn) -> None:
    session.execute(delete(reviews).where(_is(turn), reviews.c.state == "open"))
    session.execute(update(reviews).where(_is(turn)).values(verdict=None))


def settle(
    session: Session, turns: Iterable[Turn], state: State, entry: str | None, name: str, now: datetime
) -> list[Turn]:
    """Bring open questions to `state`; returns those that it was done with.

    Left out are those that somebody else has settled meanwhile, and those that are not there any more.
    """
    said = {"state": state, "entry": entry, "staff": name, "at": now}
    done = []
    for turn in _spoken(session, turns):
        row = {"conversation_id": turn[0], "sequence": turn[1], **said}
        added = insert_of(session)(reviews).values(row)
        settled = added.on_conflict_do_update(index_elements=_KEY, set_=said, where=reviews.c.state == "open")
        if session.execute(settled).rowcount == 1:
            done.append(turn)
    return done


def conclude(session: Session, turn: Turn, state: State, name: str, now: datetime) -> bool:
    """Bring an assigned question to `state`; False where it is not assigned any more.

    One that goes back to the open ones loses its entry, and its review where nobody has marked the turn.
    """
    assigned = (_is(turn), reviews.c.state == "assigned")
    values: dict[str, Any] = {"state": state, "staff": name, "at": now}
    if state == "open":
        values["entry"] = None
    done = session.execute(update(reviews).where(*assigned).values(values)).rowcount == 1
    if done and state == "open":
        session.execute(delete(reviews).where(_is(turn), reviews.c.verdict.is_(None)))
    return bool(done)


_KEY = ("conversation_id", "sequence")


def _is(turn: Turn) -> Any:
    return (reviews.c.conversation_id == turn[0]) & (reviews.c.sequence == turn[1])


def _spoken(session: Session, turns: Iterable[Turn]) -> list[Turn]:
    """Those of `turns` in which a visitor speaks; their conversations are not erased before the transaction ends."""
    wanted = sorted(set(turns))
    ids = sorted({conversation for conversation, _ in wanted})
    held = select(conversations.c.id).where(conversations.c.id.in_(ids)).order_by(conversations.c.id)
    session.execute(held.with_for_update(read=True)).all()
    events = tracker_events.c
    numbers = {sequence for _, sequence in wanted}
    found = select(events.conversation_id, events.sequence).where(
        events.conversation_id.in_(ids), events.sequence.in_(numbers), events.type == "user"
    )
    there = {(row.conversation_id, row.sequence) for row in session.execute(found)}
    return [turn for turn in wanted if turn in there]
