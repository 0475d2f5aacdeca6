"""What staff do with a lead: its state, whose it is, labels, notes, and a look at how to reach the person.

Every function works in the caller's transaction and leaves an audit row; `actor` is the audit's, staff:NAME. Whoever
changes the state or the assignment names the version of the lead that they looked at: where it is another by now,
LeadChanged is raised, so that two people do not both call. Labels and notes are added whatever others did meanwhile.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.errors import LeadChanged, LeadRefused
from bot.leads import acts, audit
from bot.leads.listing import REVEALED
from bot.leads.records import Status
from bot.leads.search import index_words
from bot.leads.states import FOLLOWING, TITLES
from bot.leads.store import change_lead, read_lead
from bot.leads.tables import lead_labels, leads, note_words, notes
from bot.leads.worked import Work, read_work

LONGEST_LABEL = 40
MOST_LABELS = 20
LONGEST_NOTE = 4000
LONGEST_REASON = 500
# What is shown one at a time, each with a reason.
DETAILS = ("name", "email", "phone", "preferred_time")


def looked_at(session: Session, reference: str, version: int) -> Work:
    """A lead, which nobody else changes until the commit; raises LeadChanged where `version` is not the present one."""
    work = read_work(session, reference, lock=True)
    if work is None:
        raise LeadChanged(f"{reference} was erased")
    if work.version != version or work.merged_into:
        raise _changed(session, reference)
    return work


def _changed(session: Session, reference: str) -> LeadChanged:
    done = [entry for entry in audit.trail(session, reference) if entry.act not in acts.CHANGING_NOTHING]
    if not done:
        return LeadChanged(f"{reference} was changed")
    last = done[-1]
    return LeadChanged(f"{reference}: {acts.actor_in_words(last.actor)} {acts.act_in_words(last)}", last.at)


def set_status(
    session: Session, reference: str, status: Status, reason: str, version: int, actor: str, now: datetime
) -> None:
    """Move a lead to another state, for a reason in words; notes the first contact.

    Raises LeadRefused where the state cannot follow, or there is no reason; LeadChanged.
    """
    work = looked_at(session, reference, version)
    if status not in FOLLOWING[work.status]:
        told = f"a lead that is “{TITLES[work.status].lower()}”"
        raise LeadRefused(f"{told} cannot become “{TITLES[status].lower()}”")
    if not 0 < len(reason) <= LONGEST_REASON:
        raise LeadRefused(f"a reason is needed, of at most {LONGEST_REASON} characters")
    values: dict[str, Any] = {"status": status, "status_reason": reason}
    if status == "contacted" and work.first_contact_at is None:
        values["first_contact_at"] = now
    change_lead(session, reference, now, **values)
    before = {"status": work.status, "reason": work.reason}
    audit.append(session, actor, acts.STATUS, reference, before, {"status": status, "reason": reason}, now)


def assign(session: Session, reference: str, assignee: str | None, version: int, actor: str, now: datetime) -> None:
    """Give a lead to an account, or to nobody; whether the account may see it is the caller's to know.

    Raises LeadChanged.
    """
    work = looked_at(session, reference, version)
    if work.assignee == assignee:
        return
    change_lead(session, reference, now, assignee=assignee)
    before = {"assignee": work.assignee}
    audit.append(session, actor, acts.ASSIGNED, reference, before, {"assignee": assignee}, now)


def tidy_label(text: str) -> str:
    """A label as it is kept: in small letters, with single spaces. Raises LeadRefused for one that is none."""
    label = " ".join(text.split()).casefold()
    if not 0 < len(label) <= LONGEST_LABEL or not label.isprintable():
        raise LeadRefused(f"a label has 1 to {LONGEST_LABEL} characters")
    return label


def add_label(session: Session, reference: str, label: str, actor: str, now: datetime) -> None:
    """Put a label on a lead; one that it has already stays. Raises LeadRefused for one that is none, or one too many.

    Raises LeadChanged where the lead is gone.
    """
    label, work = tidy_label(label), _present(session, reference)
    if label in work.labels:
        return
    if len(work.labels) >= MOST_LABELS:
        raise LeadRefused(f"a lead has at most {MOST_LABELS} labels: take one off first")
    put_labels(session, reference, [label])
    change_lead(session, reference, now)
    audit.append(session, actor, acts.LABELLED, reference, None, {"label": label}, now)


def put_labels(session: Session, reference: str, labels: list[str]) -> None:
    """Write labels that a lead does not have; the caller audits that."""
    made = session.execute(select(leads.c.created_at).where(leads.c.reference == reference)).scalar_one()
    rows = [{"label": label, "created_at": made, "lead_reference": reference} for label in labels]
    if rows:
        session.execute(insert(lead_labels), rows)


def remove_label(session: Session, reference: str, label: str, actor: str, now: datetime) -> None:
    """Take a label off a lead, if it has it; raises LeadChanged where the lead is gone."""
    if label not in _present(session, reference).labels:
        return
    session.execute(delete(lead_labels).where(lead_labels.c.lead_reference == reference, lead_labels.c.label == label))
    change_lead(session, reference, now)
    audit.append(session, actor, acts.UNLABELLED, reference, {"label": label}, None, now)


def add_note(session: Session, reference: str, text: str, actor: str, now: datetime) -> None:
    """Write a note on a lead, sealed, with blind indexes of its words; raises LeadRefused for one that is none.

    Raises LeadChanged where the lead is gone.
    """
    if not 0 < len(text.strip()) <= LONGEST_NOTE:
        raise LeadRefused(f"a note has 1 to {LONGEST_NOTE} characters")
    _present(session, reference)
    row = {"lead_reference": reference, "staff": actor.removeprefix("staff:"), "at": now, "text": text.strip()}
    number = session.execute(insert(notes).values(row)).inserted_primary_key[0]
    words = [{"word_index": index, "note_id": number} for index in sorted(index_words(text))]
    if words:
        session.execute(insert(note_words), words)
    change_lead(session, reference, now)
    audit.append(session, actor, acts.NOTED, reference, None, {"note": number}, now)


def reveal_detail(session: Session, reference: str, detail: str, why: str, actor: str, now: datetime) -> str | None:
    """One contact detail in clear, and an audit row that says who looked, at which, and why; None if it is not there.

    Raises LeadRefused without a reason, or for what is no detail.
    """
    if detail not in DETAILS or not 0 < len(why) <= LONGEST_REASON:
        raise LeadRefused(f"say why, in at most {LONGEST_REASON} characters")
    lead = read_lead(session, reference)
    value: str | None = getattr(lead.contact, detail) if lead else None
    if value:
        audit.append(session, actor, REVEALED, reference, None, {"contact": [detail], "why": why}, now)
    return value


def _present(session: Session, reference: str) -> Work:
    work = read_work(session, reference, lock=True)
    if work is None:
        raise LeadChanged(f"{reference} was erased")
    return work
