"""The questions that the assistant has no good answer to: held back, asked back about, or marked by staff.

Their words stand in the conversations' events only. Here they are read, and leave this module without personal details.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.knowledge.library import Library
from bot.knowledge.reply import read_understanding
from bot.staff.accounts import Account
from bot.staff.gaps.visible import visible
from bot.transcripts.encoding import decode
from bot.transcripts.reviews import Turn
from bot.transcripts.scrubbing import scrub
from bot.transcripts.tables import conversations, reviews, tracker_events, turns

Reason = Literal["held_back", "clarified", "wrong", "missing"]
REASONS: Mapping[Reason, str] = {
    "held_back": "held back",
    "clarified": "asked back",
    "wrong": "marked: wrong answer",
    "missing": "marked: should have been answered",
}
VERDICTS = ("wrong", "missing")
KEPT = timedelta(days=30)
MOST = 1000


@dataclass(frozen=True)
class Wanted:
    """Which questions are looked for; None is all."""

    reason: Reason | None = None
    channel: str | None = None
    topic: str | None = None
    other_languages: bool = False


@dataclass(frozen=True)
class Question:
    """A question without its personal details; `entry` is what it was likeliest to mean, of `topic`."""

    turn: Turn
    at: datetime
    channel: str
    reason: Reason
    text: str
    entry: str | None = None
    topic: str | None = None
    language: str | None = None


def rows_of(session: Session, wanted: Wanted, account: Account, now: datetime) -> Sequence[Any]:
    """The newest open questions of the last 30 days as they are stored, one more than `MOST` where there are more."""
    marked = () if wanted.reason in ("held_back", "clarified") else _marked(session, wanted, account, now)
    missed = () if wanted.reason in VERDICTS else _missed(session, wanted, account, now)
    found = {(row.conversation_id, row.sequence): row for row in (*missed, *marked)}
    return sorted(found.values(), key=lambda row: row.at, reverse=True)[: MOST + 1]


_OPEN = or_(reviews.c.state.is_(None), reviews.c.state == "open")


def _columns(*others: Any) -> Any:
    said = (tracker_events.c.conversation_id, tracker_events.c.sequence, tracker_events.c.data)
    return select(*said, conversations.c.snapshot, reviews.c.verdict, *others)


def _of(one: Any, other: Any) -> Any:
    return and_(one.c.conversation_id == other.c.conversation_id, one.c.sequence == other.c.sequence)


def _missed(session: Session, wanted: Wanted, account: Account, now: datetime) -> Sequence[Any]:
    told = turns.join(tracker_events, _of(turns, tracker_events)).outerjoin(reviews, _of(turns, reviews))
    query = (
        _columns(turns.c.at, turns.c.channel, turns.c.kind)
        .select_from(told.join(conversations, conversations.c.id == turns.c.conversation_id))
        .where(turns.c.place == 0, turns.c.at >= now - KEPT, _kinds(wanted), _OPEN, reviews.c.verdict.is_(None))
        .where(visible(account, turns.c.conversation_id))
        .order_by(turns.c.at.desc())
        .limit(MOST + 1)
    )
    found: Sequence[Any] = session.execute(_on(query, turns.c.channel, wanted)).all()
    return found


def _kinds(wanted: Wanted) -> Any:
    # The second miss in a row is no refusal any more: a person is offered. Who asks for one is told from it below.
    held_back = or_(turns.c.kind == "out_of_scope", and_(turns.c.kind == "handoff", turns.c.state == "offered"))
    # A button that means none of the choices asks back as well, about nothing: it has no topic.
    clarified = and_(turns.c.kind == "clarify", turns.c.topic.is_not(None))
    return {"held_back": held_back, "clarified": clarified}.get(wanted.reason or "", or_(held_back, clarified))


def _marked(session: Session, wanted: Wanted, account: Account, now: datetime) -> Sequence[Any]:
    first = and_(_of(reviews, turns), turns.c.place == 0)
    told = reviews.join(tracker_events, _of(reviews, tracker_events)).outerjoin(turns, first)
    channel = func.coalesce(turns.c.channel, conversations.c.channel, "")
    verdict = [wanted.reason] if wanted.reason else VERDICTS
    query = (
        _columns(reviews.c.at, channel.label("channel"), turns.c.kind)
        .select_from(told.join(conversations, conversations.c.id == reviews.c.conversation_id))
        .where(reviews.c.state == "open", reviews.c.verdict.in_(verdict), reviews.c.at >= now - KEPT)
        .where(visible(account, reviews.c.conversation_id))
        .order_by(reviews.c.at.desc())
        .limit(MOST + 1)
    )
    found: Sequence[Any] = session.execute(_on(query, channel, wanted)).all()
    return found


def _on(query: Any, channel: Any, wanted: Wanted) -> Any:
    return query.where(channel == wanted.channel) if wanted.channel else query


def questions_of(rows: Iterable[Any], library: Library, wanted: Wanted) -> list[Question]:
    """The questions in stored rows; takes tens of microseconds a row, so it belongs in a thread."""
    questions = [question for row in rows if (question := _question(row, library))]
    return [question for question in questions if _fits(question, wanted)]


def _fits(question: Question, wanted: Wanted) -> bool:
    if wanted.topic and question.topic != wanted.topic:
        return False
    # What staff have marked they want to see, whatever language it is in.
    return wanted.other_languages or question.language is None or question.reason in VERDICTS


def _question(row: Any, library: Library) -> Question | None:
    """None where no words are left, or where somebody asked for a person and was offered one."""
    data = decode(row.data)
    parsed = data.get("parse_data") or {}
    understanding = read_understanding(parsed)
    sure = any(part.verdict == "answer" for part in understanding.parts)
    if row.verdict is None and row.kind == "handoff" and (sure or not understanding.parts):
        return None
    text = scrub(data.get("text") or "", names_in(row.snapshot))
    if not text:
        return None
    labels = (label for part in understanding.parts for label, _ in part.candidates)
    entry = next((library.entries[label] for label in labels if label in library.entries), None)
    reason: Reason = row.verdict or ("clarified" if row.kind == "clarify" else "held_back")
    turn, (likeliest, topic) = (row.conversation_id, row.sequence), (entry.id, entry.topic) if entry else (None, None)
    return Question(turn, row.at, row.channel, reason, text, likeliest, topic, understanding.language)


def names_in(snapshot: str) -> Collection[str]:
    """The names that a visitor has told in a hand-off, out of a stored snapshot."""
    slots = decode(snapshot).get("slots") or {}
    told = (slots.get("name"), (slots.get("handoff") or {}).get("name"))
    return {name for name in told if isinstance(name, str) and name}


def reason_of(text: str | None) -> Reason | None:
    """The reason of that name; None where there is none."""
    return next((reason for reason in get_args(Reason) if reason == text), None)
