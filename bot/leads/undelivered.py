"""Messages to the targets that are not delivered: those that were given up, those that wait, and another try."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from bot.leads import audit
from bot.leads.outbox import DeadLetter, replay
from bot.leads.tables import outbox

REPLAYED = "delivery.replayed"
ALL = "outbox"  # what the audit has as the subject where it was everything
COLUMNS = (
    outbox.c.id,
    outbox.c.lead_reference,
    outbox.c.target,
    outbox.c.event,
    outbox.c.attempts,
    outbox.c.created_at,
    outbox.c.dead_at,
    outbox.c.last_error,
)


@dataclass(frozen=True)
class Waiting:
    """How many messages wait for a target, and since when (UTC) the oldest of them."""

    target: str
    number: int
    since: datetime


def waiting(session: Session) -> list[Waiting]:
    """The targets that something waits for, by name; those that are not in the settings any more too."""
    waits = and_(outbox.c.delivered_at.is_(None), outbox.c.dead_at.is_(None))
    columns = (outbox.c.target, func.count(), func.min(outbox.c.created_at))
    query = select(*columns).where(waits).group_by(outbox.c.target).order_by(outbox.c.target)
    return [Waiting(*row) for row in session.execute(query)]


def dead_page(session: Session, after: tuple[datetime, str] | None, most: int) -> Sequence[DeadLetter]:
    """At most `most` messages that were given up, the latest first, after the time and the id of one of them."""
    query = select(*COLUMNS).where(outbox.c.dead_at.is_not(None))
    if after:
        query = query.where(tuple_(outbox.c.dead_at, outbox.c.id) < tuple_(*after))
    query = query.order_by(outbox.c.dead_at.desc(), outbox.c.id.desc()).limit(most)
    return [DeadLetter(*row) for row in session.execute(query)]


def try_again(session: Session, ids: Collection[str] | None, actor: str, now: datetime) -> int:
    """Make dead letters due again, all of them for None, and say so in the audit; returns how many."""
    if ids is None:
        number = replay(session, None, now)
        if number:
            audit.append(session, actor, REPLAYED, ALL, None, {"messages": number}, now)
        return number
    dead = and_(outbox.c.id.in_(list(ids)), outbox.c.dead_at.is_not(None))
    columns = (outbox.c.id, outbox.c.lead_reference, outbox.c.target)
    found = session.execute(select(*columns).where(dead).order_by(outbox.c.id).with_for_update()).all()
    number = replay(session, [row.id for row in found], now)
    for identifier, reference, target in found:
        tried = {"message": identifier, "target": target}
        audit.append(session, actor, REPLAYED, reference or identifier, None, tried, now)
    return number
