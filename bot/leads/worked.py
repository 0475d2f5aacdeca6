"""Reads what staff have made of a lead: its state, whose it is, its labels and notes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.leads.records import Queue, Status
from bot.leads.tables import lead_labels, leads, notes

MOST_SUGGESTED = 200


@dataclass(frozen=True)
class Work:
    """How a lead stands with the staff; `version` is what a change of it names, `reason` that of its status."""

    reference: str
    version: int
    status: Status
    queue: Queue
    assignee: str | None
    reason: str | None
    first_contact_at: datetime | None
    merged_into: str | None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """What a member of the staff wrote on a lead, at a time in UTC."""

    reference: str
    staff: str
    at: datetime
    text: str


def read_work(session: Session, reference: str, lock: bool = False) -> Work | None:
    """How a lead stands with the staff; None where there is none. With `lock`, nobody changes it until the commit."""
    columns = [leads.c[one.name] for one in fields(Work) if one.name not in ("reason", "labels")]
    query = select(*columns, leads.c.status_reason.label("reason")).where(leads.c.reference == reference)
    row = session.execute(query.with_for_update() if lock else query).mappings().first()
    return Work(**row, labels=tuple(labels_of(session, reference))) if row else None


def labels_of(session: Session, reference: str) -> list[str]:
    """The labels of a lead, by name."""
    mine = lead_labels.c.lead_reference == reference
    return list(session.execute(select(lead_labels.c.label).where(mine).order_by(lead_labels.c.label)).scalars())


def notes_of(session: Session, references: Sequence[str]) -> list[Note]:
    """The notes on some leads, in the order in which they were written."""
    columns = (notes.c.lead_reference.label("reference"), notes.c.staff, notes.c.at, notes.c.text)
    query = select(*columns).where(notes.c.lead_reference.in_(references)).order_by(notes.c.id)
    return [Note(**row) for row in session.execute(query).mappings()]


def labels_in_use(session: Session, most: int = MOST_SUGGESTED) -> list[str]:
    """The labels that any lead has, by name; it takes a step a label, however many leads there are."""
    first: Any = select(func.min(lead_labels.c.label).label("label")).cte("used", recursive=True)
    following = select(func.min(lead_labels.c.label)).where(lead_labels.c.label > first.c.label).scalar_subquery()
    used = first.union_all(select(following).where(first.c.label.is_not(None)))
    return list(session.execute(select(used.c.label).where(used.c.label.is_not(None)).limit(most)).scalars())
