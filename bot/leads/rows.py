"""The lines of the staff's list of leads: no detail of a person is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads.listing import Delivery, delivery_states
from bot.leads.records import Queue, Status
from bot.leads.tables import lead_labels, leads


@dataclass(frozen=True)
class Row:
    """One lead of the list; `delivery` is the worst state that one of its messages to a target is in."""

    reference: str
    version: int
    created_at: datetime
    outcome: str
    queue: Queue
    status: Status
    flagged: bool
    channel: str
    language: str
    assignee: str | None
    first_contact_at: datetime | None
    labels: Sequence[str] = ()
    delivery: Delivery = "none"


COLUMNS = [leads.c[one.name] for one in fields(Row) if one.name not in ("labels", "delivery")]


def read_rows(session: Session, references: Sequence[str]) -> list[Row]:
    """The lines of some leads, in the order of `references`; those that are gone are left out."""
    if not references:
        return []
    found = {row.reference: row for row in session.execute(select(*COLUMNS).where(leads.c.reference.in_(references)))}
    states, labels = delivery_states(session, references), _labels(session, references)
    return [
        Row(**found[one]._mapping, labels=labels.get(one, ()), delivery=states.get(one, "none"))
        for one in references
        if one in found
    ]


def _labels(session: Session, references: Sequence[str]) -> Mapping[str, Sequence[str]]:
    columns = (lead_labels.c.lead_reference, lead_labels.c.label)
    query = select(*columns).where(lead_labels.c.lead_reference.in_(references)).order_by(lead_labels.c.label)
    labels: dict[str, list[str]] = {}
    for reference, label in session.execute(query):
        labels.setdefault(reference, []).append(label)
    return labels
