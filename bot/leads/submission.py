"""Stores a hand-off, once: the lead, its contact, consents and audit, and the messages to targets, in one commit."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import LeadRefused
from bot.leads import audit, outbox
from bot.leads.consents import add_consents, agreed_in, last_withdrawal
from bot.leads.guard import refuse_unless_allowed, tidy
from bot.leads.picture import picture
from bot.leads.records import Lead, NewLead, Submitted
from bot.leads.store import insert_lead, read_lead, renew_lead
from bot.settings import Settings

VISITOR = "visitor"


def submit_lead(session: Session, new: NewLead, settings: Settings, now: datetime) -> Submitted:
    """Store `new`, or find the lead that its conversation has of this form already; raises LeadRefused.

    A lead that was withdrawn is taken up again, under its reference, where every consent came after the withdrawal.
    """
    new = replace(new, contact=tidy(new.contact))
    refuse_unless_allowed(new)
    stored = insert_lead(session, new, now)
    if stored.first:
        add_consents(session, stored.reference, new.consents)
        lead = _lead(new, stored.reference, now)
        outbox.enqueue(session, "lead.submitted", lead, settings, now)
        audit.append(session, VISITOR, "lead.submitted", stored.reference, None, picture(lead), now)
        return stored
    return _again(session, new, stored, settings, now)


def _again(session: Session, new: NewLead, stored: Submitted, settings: Settings, now: datetime) -> Submitted:
    before = read_lead(session, stored.reference)
    if before is None or before.status != "withdrawn":
        return stored
    _refuse_old_consents(session, new, stored.reference)
    renew_lead(session, stored.reference, new, now)
    add_consents(session, stored.reference, new.consents)
    after = replace(_lead(new, stored.reference, now), created_at=before.created_at)
    outbox.enqueue(session, "lead.changed", after, settings, now)
    audit.append(session, VISITOR, "lead.reopened", stored.reference, picture(before), picture(after), now)
    return Submitted(stored.reference, first=True)


def _refuse_old_consents(session: Session, new: NewLead, reference: str) -> None:
    """A message that was sent before the withdrawal, and comes again after it, takes nothing back."""
    withdrawn = last_withdrawal(session, reference)
    if withdrawn and any(row.given and row.at <= withdrawn for row in new.consents):
        raise LeadRefused("a consent is older than its withdrawal")


def _lead(new: NewLead, reference: str, now: datetime) -> Lead:
    return Lead(
        reference=reference,
        conversation=new.conversation,
        form_version=new.form_version,
        channel=new.channel,
        language=new.language,
        queue=new.queue,
        status="new",
        assessed=new.assessed,
        contact=new.contact,
        consents=agreed_in(new.consents),
        created_at=now,
        updated_at=now,
    )
