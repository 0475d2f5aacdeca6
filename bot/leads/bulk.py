"""Gives many leads at once to somebody of the staff; what others changed meanwhile stays as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import LeadChanged
from bot.leads.records import Queue
from bot.leads.tables import leads
from bot.leads.work import assign


@dataclass(frozen=True)
class Assigned:
    """How many leads were given, were changed or erased by others meanwhile, and may not be given to that account."""

    done: int = 0
    changed: int = 0
    refused: int = 0


def assign_all(
    session: Session,
    picked: Mapping[str, int],
    assignee: str | None,
    allowed: Callable[[Queue], bool],
    actor: str,
    now: datetime,
) -> Assigned:
    """Give the leads, each picked in a version, to an account or to nobody; only those of queues that are `allowed`."""
    # All are locked in one order and before the audit, so that two who pick the same leads do not wait for each other.
    columns = (leads.c.reference, leads.c.queue)
    query = select(*columns).where(leads.c.reference.in_(picked)).order_by(leads.c.reference).with_for_update()
    found = session.execute(query).all()
    mine = [reference for reference, queue in found if allowed(queue)]
    done = sum(_assign(session, reference, assignee, picked[reference], actor, now) for reference in mine)
    return Assigned(done, len(picked) - len(found) + len(mine) - done, len(found) - len(mine))


def _assign(session: Session, reference: str, assignee: str | None, version: int, actor: str, now: datetime) -> bool:
    try:
        assign(session, reference, assignee, version, actor, now)
    except LeadChanged:  # which is raised before anything is written
        return False
    return True
