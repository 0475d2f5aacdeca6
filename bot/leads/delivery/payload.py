"""What a message to a target says: thin, without the person, unless the settings want contact details there."""

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from bot.leads.records import Contact, Lead


def lead_payload(event: str, lead: Lead, now: datetime, with_contact: bool) -> str:
    """The JSON that tells of `event` on a lead; contact details and consents only `with_contact`."""
    data: dict[str, Any] = {
        "reference": lead.reference,
        "outcome": lead.assessed.outcome,
        "queue": lead.queue,
        "flagged": lead.assessed.flagged,
        "status": lead.status,
        "channel": lead.channel,
        "language": lead.language,
        "created_at": iso(lead.created_at),
    }
    if with_contact:
        data["contact"] = contact_data(lead.contact)
        data["consents"] = dict(lead.consents)
    return plain_payload(event, data, now)


def plain_payload(event: str, data: Mapping[str, Any], now: datetime) -> str:
    """The JSON of `event` with `data`."""
    message = {"type": event, "timestamp": iso(now), "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def contact_data(contact: Contact) -> dict[str, str | None]:
    """Contact details as a payload has them."""
    return {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "preferred_contact": contact.preferred_contact,
        "preferred_time": contact.preferred_time,
    }


def without_withdrawn(payload: str, lead: Lead) -> str | None:
    """The payload without the details that `lead` has no longer; None where it has none of these."""
    message = json.loads(payload)
    old = message["data"].get("contact")
    if old is None:
        return None
    kept = {name: old.get(name) if value else None for name, value in contact_data(lead.contact).items()}
    consents = dict(lead.consents)
    if (old, message["data"].get("consents")) == (kept, consents):
        return None
    message["data"].update(contact=kept, consents=consents)
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def iso(time: datetime) -> str:
    """A time in UTC, like 2026-07-01T12:00:00Z."""
    return time.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
