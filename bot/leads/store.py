"""Reads and writes leads and their contacts, in the caller's transaction."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.leads.consents import latest
from bot.leads.records import Assessed, Contact, Lead, NewLead, Submitted
from bot.leads.references import new_reference
from bot.leads.tables import contacts, leads
from bot.storage.sealing import sealer

INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def read_lead(session: Session, reference: str) -> Lead | None:
    """The lead of a reference, with its contact and the latest word on each consent."""
    mine = leads.c.reference == contacts.c.lead_reference
    query = select(leads, *(contacts.c[one.name] for one in fields(Contact))).join(contacts, mine)
    row = session.execute(query.where(leads.c.reference == reference)).mappings().first()
    if row is None:
        return None
    plain = ("reference", "form_version", "channel", "language", "queue", "status", "created_at", "updated_at")
    return Lead(
        conversation=row["conversation_id"],
        assessed=_read_assessed(row["assessment"]),
        contact=Contact(**{one.name: row[one.name] for one in fields(Contact)}),
        consents=latest(session, reference),
        **{name: row[name] for name in plain},
    )


def read_by_conversation(session: Session, conversation: str) -> Lead | None:
    """The conversation's latest lead."""
    references = _references(session, conversation, lock=False)
    return read_lead(session, references[-1]) if references else None


def lock_leads(session: Session, conversation: str) -> list[str]:
    """The references of the conversation's leads, oldest first, which nobody else changes until the commit."""
    return _references(session, conversation, lock=True)


def lock_lead(session: Session, reference: str) -> None:
    """Let nobody else change a lead until the commit."""
    session.execute(select(leads.c.reference).where(leads.c.reference == reference).with_for_update())


def insert_lead(session: Session, new: NewLead, now: datetime) -> Submitted:
    """Store a lead with its contact, or find the one that its conversation has of this form, which stays as it is.

    Whoever comes at the same instant waits for the first one's commit, and nobody else changes it until ours.
    """
    key = {"conversation_id": new.conversation, "form_version": new.form_version}
    values = {**key, **_values(new, now), "created_at": now}
    make = INSERTS[session.get_bind().dialect.name](leads)
    there = select(leads.c.reference).filter_by(**key).with_for_update()
    while True:
        reference = new_reference("S")
        done = session.execute(make.values(reference=reference, **values).on_conflict_do_nothing())
        if done.rowcount == 1:
            session.execute(insert(contacts).values(lead_reference=reference, **_contact_values(new.contact)))
            return Submitted(reference, first=True)
        found = session.execute(there).scalar()
        if found:
            return Submitted(found, first=False)
        # By chance the reference is another lead's, or the one that was there was erased meanwhile: once more.


def renew_lead(session: Session, reference: str, new: NewLead, now: datetime) -> None:
    """Take over everything of `new` into a lead that is there, and stands by itself from now on."""
    change_lead(session, reference, now, **_values(new, now), status_reason=None, merged_into=None)
    save_contact(session, reference, new.contact)


def change_lead(session: Session, reference: str, now: datetime, **values: Any) -> None:
    """Replace columns of a lead, which has another version then."""
    changed = {**values, "version": leads.c.version + 1, "updated_at": now}
    session.execute(update(leads).where(leads.c.reference == reference).values(changed))


def save_contact(session: Session, reference: str, contact: Contact) -> None:
    """Replace how to reach the person of a lead."""
    mine = contacts.c.lead_reference == reference
    session.execute(update(contacts).where(mine).values(_contact_values(contact)))


def save_assessed(session: Session, reference: str, assessed: Assessed) -> None:
    """Replace what the check of a lead came to."""
    values = {"assessment": _assessment(assessed), "flagged": assessed.flagged, "outcome": assessed.outcome}
    values["table_version"] = assessed.table_version
    session.execute(update(leads).where(leads.c.reference == reference).values(values))


def email_index(email: str) -> str:
    """The blind index of an e-mail address, the same for any case."""
    return sealer().blind_index("email", email.casefold())


def phone_index(phone: str) -> str:
    """The blind index of an E.164 number."""
    return sealer().blind_index("phone", phone)


def _references(session: Session, conversation: str, lock: bool) -> list[str]:
    mine = leads.c.conversation_id == conversation
    query = select(leads.c.reference).where(mine).order_by(leads.c.created_at, leads.c.reference)
    return list(session.execute(query.with_for_update() if lock else query).scalars())


def _values(new: NewLead, now: datetime) -> dict[str, Any]:
    assessed = new.assessed
    return {
        "channel": new.channel,
        "language": new.language,
        "outcome": assessed.outcome,
        "table_version": assessed.table_version,
        "queue": new.queue,
        "status": "new",
        "flagged": assessed.flagged,
        "assessment": _assessment(assessed),
        "updated_at": now,
    }


def _assessment(assessed: Assessed) -> str:
    return json.dumps(asdict(assessed), ensure_ascii=False)


def _read_assessed(text: str) -> Assessed:
    data = json.loads(text)
    for name in ("reasons", "findings", "flags"):
        data[name] = tuple(data[name])
    return Assessed(**data)


def _contact_values(contact: Contact) -> dict[str, str | None]:
    return {
        **asdict(contact),
        "email_index": email_index(contact.email) if contact.email else None,
        "phone_index": phone_index(contact.phone) if contact.phone else None,
    }
