"""Leads as the staff look them up: a list without a person in it, and one lead with all that hangs on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from bot.leads import audit, consents
from bot.leads.duplicates import probable_duplicates
from bot.leads.picture import details_in
from bot.leads.records import Consent, Lead, Queue, Status
from bot.leads.store import read_lead
from bot.leads.tables import leads, outbox

Delivery = Literal["none", "waiting", "delivered", "dead"]
REVEALED = "lead.revealed"


@dataclass(frozen=True)
class Listed:
    """One line of the list; `delivery` is the worst state that one of its messages to a target is in."""

    reference: str
    created_at: datetime
    outcome: str
    queue: Queue
    status: Status
    flagged: bool
    delivery: Delivery


@dataclass(frozen=True)
class Attempted:
    """One message to one target: `attempts` so far, and `available_at`, when the next one is due."""

    id: str
    target: str
    event: str
    attempts: int
    created_at: datetime
    available_at: datetime
    delivered_at: datetime | None
    dead_at: datetime | None
    last_error: str | None


@dataclass(frozen=True)
class Shown:
    """A lead with its consents in order, its messages to targets, and the leads that may be of the same person."""

    lead: Lead
    consents: Sequence[Consent]
    deliveries: Sequence[Attempted]
    duplicates: Sequence[str]


@dataclass(frozen=True)
class Person:
    """Somebody's conversation, and the leads of other conversations that are probably of the same person."""

    conversation: str
    others: Sequence[str] = ()


def list_leads(session: Session, status: str | None, queue: str | None, most: int) -> list[Listed]:
    """The newest leads first, at most so many, of one status and one queue where they are given."""
    columns = (leads.c.reference, leads.c.created_at, leads.c.outcome, leads.c.queue, leads.c.status, leads.c.flagged)
    query = select(*columns).order_by(leads.c.created_at.desc(), leads.c.reference.desc()).limit(most)
    if status:
        query = query.where(leads.c.status == status)
    if queue:
        query = query.where(leads.c.queue == queue)
    rows = session.execute(query).all()
    states = delivery_states(session, [row.reference for row in rows])
    return [Listed(**row._mapping, delivery=states.get(row.reference, "none")) for row in rows]


def delivery_states(session: Session, references: Sequence[str]) -> Mapping[str, Delivery]:
    """The worst state that one of a lead's messages is in, of those leads that have any."""
    waiting = and_(outbox.c.delivered_at.is_(None), outbox.c.dead_at.is_(None))
    counted = [func.sum(case((condition, 1), else_=0)) for condition in (outbox.c.dead_at.is_not(None), waiting)]
    query = select(outbox.c.lead_reference, *counted).where(outbox.c.lead_reference.in_(references))
    rows = session.execute(query.group_by(outbox.c.lead_reference))
    return {reference: "dead" if dead else "waiting" if left else "delivered" for reference, dead, left in rows}


def show_lead(session: Session, reference: str) -> Shown | None:
    """A lead with everything about it; None where there is none. Whoever is shown contact details calls `reveal`."""
    lead = read_lead(session, reference)
    if lead is None:
        return None
    history = consents.history(session, reference)
    return Shown(lead, history, _attempts(session, reference), probable_duplicates(session, reference))


def _attempts(session: Session, reference: str) -> list[Attempted]:
    columns = [outbox.c[name] for name in Attempted.__dataclass_fields__]
    query = select(*columns).where(outbox.c.lead_reference == reference).order_by(outbox.c.created_at, outbox.c.id)
    return [Attempted(*row) for row in session.execute(query)]


def reveal(session: Session, reference: str, actor: str, now: datetime) -> Shown | None:
    """A lead as `show_lead` has it, and an audit row that says who looked at the contact details."""
    shown = show_lead(session, reference)
    if shown:
        seen = {"contact": details_in(shown.lead.contact)}
        audit.append(session, actor, REVEALED, reference, None, seen, now)
    return shown


def person_of(session: Session, reference: str) -> Person | None:
    """Whose lead that is; None where there is none."""
    home = session.execute(select(leads.c.conversation_id).where(leads.c.reference == reference)).scalar()
    if home is None:
        return None
    elsewhere = and_(leads.c.reference.in_(probable_duplicates(session, reference)), leads.c.conversation_id != home)
    query = select(leads.c.reference).where(elsewhere).order_by(leads.c.created_at, leads.c.reference)
    return Person(home, tuple(session.execute(query).scalars()))
