"""Everything that there is on a lead, for the page that staff work on: with all that were merged into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads import audit
from bot.leads.audit import Entry
from bot.leads.duplicates import probable_duplicates
from bot.leads.listing import Shown, show_lead
from bot.leads.merged import family, kept_for
from bot.leads.records import Queue, Status
from bot.leads.tables import leads
from bot.leads.worked import Note, Work, labels_in_use, notes_of, read_work


@dataclass(frozen=True)
class Other:
    """Another lead that is probably of the same person."""

    reference: str
    created_at: datetime
    channel: str
    outcome: str
    queue: Queue
    status: Status


@dataclass(frozen=True)
class Dossier:
    """A lead with those that were merged into it, oldest first, and what staff did and noted on any of them."""

    shown: Shown
    work: Work
    merged: Sequence[Shown]
    notes: Sequence[Note]
    trail: Sequence[Entry]
    others: Sequence[Other]
    labels: Sequence[str]

    @property
    def all(self) -> Sequence[Shown]:
        """The lead itself first."""
        return (self.shown, *self.merged)


def open_dossier(session: Session, reference: str) -> Dossier | None:
    """The dossier of a lead; None where there is none. Who is shown contact details in clear is audited elsewhere."""
    shown, work = show_lead(session, reference), read_work(session, reference)
    if shown is None or work is None:
        return None
    references = (reference, *(one for one in family(session, reference) if one != reference))
    merged = [found for one in references[1:] if (found := show_lead(session, one))]
    conversations = [one.lead.conversation for one in (shown, *merged)]
    return Dossier(
        shown=shown,
        work=work,
        merged=merged,
        notes=notes_of(session, references),
        trail=audit.trail(session, *references, *conversations),
        others=others_of(session, references),
        labels=labels_in_use(session),
    )


def others_of(session: Session, references: Sequence[str]) -> list[Other]:
    """The leads outside of `references` that have an e-mail address or a phone number in common with one of them."""
    near = {other for reference in references for other in probable_duplicates(session, reference)}
    kept = {kept_for(session, one) for one in near} - set(references)
    columns = [leads.c[name] for name in Other.__dataclass_fields__]
    query = select(*columns).where(leads.c.reference.in_(kept)).order_by(leads.c.created_at, leads.c.reference)
    return [Other(**row) for row in session.execute(query).mappings()]
