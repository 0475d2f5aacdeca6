"""How entries fare with visitors: how often each was said, offered among others, and marked as wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from bot.staff.accounts import Account
from bot.staff.gaps.visible import visible
from bot.transcripts.tables import reviews, turns

WITHIN = timedelta(days=30)
SAID = ("answer", "refusal", "smalltalk")
MOST_TALKS = 20


@dataclass(frozen=True)
class Counts:
    """How often an entry was said, offered as one of several, and marked as a wrong answer."""

    used: int = 0
    clarified: int = 0
    wrong: int = 0


@dataclass(frozen=True)
class Talk:
    """A turn in which an entry was said; `wrong` where staff have marked it so."""

    conversation: str
    sequence: int
    at: datetime
    channel: str
    wrong: bool


_REVIEWED = and_(reviews.c.conversation_id == turns.c.conversation_id, reviews.c.sequence == turns.c.sequence)


def counts(session: Session, now: datetime) -> Mapping[str, Counts]:
    """The counts of the last 30 days by entry; an entry that nothing happened to is not in it."""
    since = (turns.c.at >= now - WITHIN, turns.c.entry.is_not(None))
    said = select(turns.c.entry, func.count().label("number")).group_by(turns.c.entry).where(*since)
    used = _numbers(session, said.where(turns.c.kind.in_(SAID)))
    clarified = _numbers(session, said.where(turns.c.kind == "clarify"))
    marked = said.where(turns.c.kind.in_(SAID), reviews.c.verdict == "wrong")
    wrong = _numbers(session, marked.select_from(turns.join(reviews, _REVIEWED)))
    entries = used.keys() | clarified.keys() | wrong.keys()
    return {entry: Counts(*(each.get(entry, 0) for each in (used, clarified, wrong))) for entry in entries}


def _numbers(session: Session, query: Any) -> dict[str, int]:
    return {row.entry: row.number for row in session.execute(query)}


def talks(session: Session, entry: str, account: Account, now: datetime) -> Sequence[Talk]:
    """The conversations in which an entry was said last; those in which it was marked as wrong first."""
    wrong = case((reviews.c.verdict == "wrong", 1), else_=0)
    query = (
        select(turns.c.conversation_id, turns.c.sequence, turns.c.at, turns.c.channel, wrong.label("wrong"))
        .select_from(turns.outerjoin(reviews, _REVIEWED))
        .where(turns.c.entry == entry, turns.c.kind.in_(SAID), turns.c.at >= now - WITHIN)
        .where(visible(account, turns.c.conversation_id))
        .order_by(wrong.desc(), turns.c.at.desc(), turns.c.conversation_id, turns.c.sequence)
        .limit(MOST_TALKS)
    )
    return [
        Talk(row.conversation_id, row.sequence, row.at, row.channel, bool(row.wrong)) for row in session.execute(query)
    ]
