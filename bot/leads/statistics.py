"""How the conversations and the hand-offs of some days went, in numbers; nobody can be told apart in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Literal

from sqlalchemy import and_, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from bot.assessment.fields import AGE, FIELDS, SUMMARY
from bot.assessment.interview import TOPIC as CHECK_TOPIC
from bot.leads import outbox as deliveries
from bot.leads.days import Period
from bot.leads.outbox import Lag
from bot.leads.tables import leads, outbox
from bot.storage.database import Database
from bot.transcripts.tables import conversations, replies, takeovers, turns

# By day, like 2026-11-22, and by what: how many.
ByDay = Mapping[tuple[str, str], int]
Part = Literal["check", "handoff"]


@dataclass(frozen=True)
class Question:
    """How many conversations were asked for a field in a part, and in how many of them that part went on after it."""

    part: Part
    field: str
    asked: int
    went_on: int


@dataclass(frozen=True)
class Spread:
    """Some spans of time: how many, the one in the middle, and the one that nine of ten do not exceed."""

    number: int
    median: timedelta | None
    most: timedelta | None


@dataclass(frozen=True)
class Contacts:
    """Leads of the period: how many were made, and after how long somebody first got in touch.

    `within` counts the leads that were contacted within a span.
    """

    made: int
    spread: Spread
    within: Mapping[timedelta, int]


@dataclass(frozen=True)
class Delivered:
    """Messages to targets on one day: how many, and the mean and the longest time until they arrived."""

    number: int
    mean: timedelta
    longest: timedelta


@dataclass(frozen=True)
class Helped:
    """Takeovers: when the staff joined, by day, how long visitors waited, and how many ended with nobody's answer."""

    by_day: Mapping[str, int]
    waits: Spread
    unanswered: int


@dataclass(frozen=True)
class Replies:
    """How many replies to visitors wait to be sent, and how many were given up."""

    waiting: int
    dead: int


@dataclass(frozen=True)
class Statistics:
    """All figures; of deliveries over all channels, since a message to a target has none."""

    talked: ByDay
    people: int
    kinds: ByDay
    flags: ByDay
    questions: Sequence[Question]
    outcomes: Mapping[str, int]
    states: Mapping[str, int]
    contacts: Contacts
    delivered: Mapping[str, Delivered]
    lag: Lag
    replies: Replies
    helped: Helped


async def read_statistics(
    database: Database, period: Period, channel: str | None, spans: Sequence[timedelta]
) -> Statistics:
    """The figures of a period, of one channel or of all (None); `spans` are those of `Contacts.within`.

    Each part is read by itself, so that no call is long. Raises DatabaseUnavailable.
    """
    here = and_(turns.c.at >= period.since, turns.c.place == 0, turns.c.channel == channel if channel else True)
    flagged, offered = and_(here, turns.c["class"].is_not(None)), and_(here, turns.c.kind == "handoff")
    talks = func.count(distinct(turns.c.conversation_id))
    parts: Mapping[str, Callable[[Session], Any]] = {
        "talked": partial(_by_day, period=period, what=turns.c.channel, where=here, number=talks),
        "people": partial(_one, query=select(talks).where(here)),
        "kinds": partial(_by_day, period=period, what=turns.c.kind, where=here, number=func.count()),
        "flags": partial(_by_day, period=period, what=turns.c["class"], where=flagged, number=func.count()),
        "questions": partial(_questions, here=here),
        "outcomes": partial(_conversations_by, what=turns.c.outcome, where=here),
        "states": partial(_conversations_by, what=turns.c.state, where=offered),
        "contacts": partial(_contacts, period=period, channel=channel, spans=spans),
        "delivered": partial(_delivered, period=period),
        "lag": partial(deliveries.lag, now=period.now),
        "replies": _replies,
        "helped": partial(_helped, period=period, channel=channel),
    }
    return Statistics(**{name: await database.run(part, read_only=True) for name, part in parts.items()})


def channels(session: Session, period: Period) -> list[str]:
    """The channels on which somebody wrote."""
    query = select(distinct(turns.c.channel)).where(turns.c.at >= period.since)
    return sorted(session.execute(query).scalars())


def _by_day(session: Session, period: Period, what: Any, where: Any, number: Any) -> ByDay:
    day = period.day_of(turns.c.at, _dialect(session)).label("day")
    query = select(day, what.label("what"), number).where(where).group_by("day", what)
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def _conversations_by(session: Session, what: Any, where: Any) -> dict[str, int]:
    query = select(what, func.count(distinct(turns.c.conversation_id))).where(where, what.is_not(None)).group_by(what)
    return dict(session.execute(query).all())


def _questions(session: Session, here: Any) -> list[Question]:
    """Whoever was asked a field in a part, and comes to a later turn of that part, went on."""
    rows = _rows_of_parts(here)
    mine = (rows.c.conversation_id, rows.c.part)
    asked = select(*mine, rows.c.field, func.max(rows.c.sequence).label("last"))
    asked = asked.where(rows.c.field.is_not(None)).group_by(*mine, rows.c.field).subquery()
    ended = select(*mine, func.max(rows.c.sequence).label("final")).group_by(*mine).subquery()
    went_on = func.count().filter(ended.c.final > asked.c.last)
    same = and_(ended.c.conversation_id == asked.c.conversation_id, ended.c.part == asked.c.part)
    query = select(asked.c.part, asked.c.field, func.count(), went_on).join(ended, same)
    return [Question(*row) for row in session.execute(query.group_by(asked.c.part, asked.c.field))]


def _rows_of_parts(here: Any) -> Any:
    """The turns of the check and of the hand-off, each with its part.

    Both ask for the age and end with a summary. Such a turn belongs to whichever part the last turn that only one of
    them can have was of.
    """
    field, kind, state = turns.c.field, turns.c.kind, turns.c.state
    begins = or_(turns.c.topic == CHECK_TOPIC, field == SUMMARY)
    of_check = or_(field.in_(FIELDS[1:]), kind == "assessment", and_(kind == "question", begins))
    sent = and_(kind == "handoff", state == "submitted")
    asks = and_(kind == "handoff", or_(and_(field == AGE, state == "offered"), state.in_(("review", "failed"))))
    of_handoff = or_(field.not_in((*FIELDS, SUMMARY)), asks, sent)
    check_at, handoff_at = (
        func.coalesce(
            func.max(case((which, turns.c.sequence))).over(
                partition_by=turns.c.conversation_id, order_by=turns.c.sequence
            ),
            0,
        )
        for which in (of_check, of_handoff)
    )
    part = case((handoff_at > check_at, "handoff"), else_="check").label("part")
    going = or_(field.is_not(None), kind == "assessment", sent)
    return select(turns.c.conversation_id, turns.c.sequence, field, part).where(here, going).subquery()


def _contacts(session: Session, period: Period, channel: str | None, spans: Sequence[timedelta]) -> Contacts:
    mine = and_(leads.c.created_at >= period.since, leads.c.merged_into.is_(None))
    if channel:
        mine = and_(mine, leads.c.channel == channel)
    took = _seconds(session, leads.c.created_at, leads.c.first_contact_at)
    within = [func.count().filter(took <= span.total_seconds()) for span in spans]
    made, *counts = session.execute(select(func.count(), *within).where(mine)).one()
    spread = _spread(session, took, and_(mine, leads.c.first_contact_at.is_not(None)))
    return Contacts(made, spread, dict(zip(spans, counts, strict=True)))


def _delivered(session: Session, period: Period) -> dict[str, Delivered]:
    day = period.day_of(outbox.c.delivered_at, _dialect(session)).label("day")
    took = _seconds(session, outbox.c.created_at, outbox.c.delivered_at)
    query = select(day, func.count(), func.avg(took), func.max(took)).where(outbox.c.delivered_at >= period.since)
    return {
        row[0]: Delivered(row[1], timedelta(seconds=float(row[2])), timedelta(seconds=float(row[3])))
        for row in session.execute(query.group_by("day"))
    }


def _replies(session: Session) -> Replies:
    dead = func.count().filter(replies.c.dead_at.is_not(None))
    row = session.execute(select(func.count() - dead, dead).select_from(replies)).one()
    return Replies(*row)


def _helped(session: Session, period: Period, channel: str | None) -> Helped:
    mine = takeovers.c.joined_at >= period.since
    if channel:
        homes = select(conversations.c.id).where(conversations.c.channel == channel)
        mine = and_(mine, takeovers.c.conversation_id.in_(homes))
    day = period.day_of(takeovers.c.joined_at, _dialect(session)).label("day")
    by_day = dict(session.execute(select(day, func.count()).where(mine).group_by("day")).all())
    took = _seconds(session, takeovers.c.joined_at, takeovers.c.answered_at)
    unanswered = _one(session, select(func.count()).where(mine, takeovers.c.ended_by == "nobody"))
    return Helped(by_day, _spread(session, took, and_(mine, takeovers.c.answered_at.is_not(None))), unanswered)


def _spread(session: Session, took: Any, where: Any) -> Spread:
    number = _one(session, select(func.count()).where(where))
    if not number:
        return Spread(0, None, None)
    places = ((number - 1) // 2, max(0, -(-number * 9 // 10) - 1))
    query = select(took).where(where).order_by(took).limit(1)
    median, most = (float(session.execute(query.offset(place)).scalar_one()) for place in places)
    return Spread(number, timedelta(seconds=median), timedelta(seconds=most))


def _seconds(session: Session, begin: Any, end: Any) -> Any:
    if _dialect(session) == "sqlite":
        # Days as a number of 64 bits are exact to some 0.05 ms.
        return func.round((func.julianday(end) - func.julianday(begin)) * 86400.0, 3)
    return func.extract("epoch", end) - func.extract("epoch", begin)


def _one(session: Session, query: Any) -> int:
    return int(session.execute(query).scalar_one())


def _dialect(session: Session) -> str:
    return str(session.get_bind().dialect.name)
