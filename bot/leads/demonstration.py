"""Deliveries and notices as invented leads would have left them; nothing of them is ever sent.

Their targets are of no settings, and are switched off as well, so that nothing waits for them.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.leads.delivery.payload import lead_payload
from bot.leads.outbox import NEW
from bot.leads.records import Lead
from bot.leads.tables import disabled_targets, leads, notices, outbox
from bot.transcripts.demonstration import LIKE, is_invented

TARGETS = ("demo:clinic-records", "demo:front-desk")
ATTEMPTS = 10
GIVEN_UP_AFTER = timedelta(hours=75)
LATE = timedelta(seconds=2)


def switch_off_targets(session: Session, now: datetime) -> None:
    """Keep the targets that the deliveries name from ever being used."""
    rows = [{"name": name, "disabled_at": now, "reason": "demo data is never sent"} for name in TARGETS]
    session.execute(insert(disabled_targets), rows)


def switch_on_targets(session: Session) -> None:
    """Forget these targets, and whatever names them."""
    session.execute(delete(outbox).where(outbox.c.target.in_(TARGETS)))
    session.execute(delete(disabled_targets).where(disabled_targets.c.name.in_(TARGETS)))


def note_deliveries(session: Session, lead: Lead, error: str | None, now: datetime) -> None:
    """Write down that a lead was delivered to one target, and to the other as well, or in the end not for `error`."""
    dead_at = min(now, lead.created_at + GIVEN_UP_AFTER) if error else None
    common = {
        "lead_reference": lead.reference,
        "event": NEW,
        "created_at": lead.created_at,
        "available_at": lead.created_at,
    }
    # What was delivered keeps nothing of what it said.
    fine = {"payload": "", "attempts": 1, "delivered_at": lead.created_at + LATE, "dead_at": None, "last_error": None}
    told = lead_payload(NEW, lead, lead.created_at, False)
    failed = {"payload": told, "attempts": ATTEMPTS, "delivered_at": None, "dead_at": dead_at, "last_error": error}
    ends = (fine, failed if error else fine)
    rows = [{"id": _id(), "target": target, **common, **end} for target, end in zip(TARGETS, ends, strict=True)]
    session.execute(insert(outbox), rows)


def _id() -> str:
    return f"msg_demo_{secrets.token_hex(8)}"


def note_notices(session: Session, subjects: dict[str, str], now: datetime) -> None:
    """Count notices as told: `subjects` has the kind of each reference and conversation."""
    rows = [{"kind": kind, "subject": subject, "at": now} for subject, kind in subjects.items()]
    if rows:
        session.execute(insert(notices), rows)


def invented_leads(session: Session) -> list[tuple[str, str]]:
    """The references of the invented leads with their conversations, the oldest first."""
    columns = (leads.c.reference, leads.c.conversation_id)
    query = select(*columns).where(leads.c.conversation_id.like(LIKE)).order_by(leads.c.created_at, leads.c.reference)
    rows = session.execute(query).all()
    return [(row.reference, row.conversation_id) for row in rows if is_invented(row.conversation_id)]


def any_real(session: Session) -> bool:
    """Whether there is a lead that nobody invented."""
    real = select(leads.c.reference).where(leads.c.conversation_id.not_like(LIKE)).limit(1)
    return session.execute(real).first() is not None


def forget_deliveries(session: Session, references: list[str]) -> None:
    """Delete the deliveries of leads, sent or not."""
    session.execute(delete(outbox).where(outbox.c.lead_reference.in_(references)))
