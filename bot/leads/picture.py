"""What the audit keeps of a lead: how it stands, and which contact details are there, but never the details."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bot.leads.records import Contact, Lead


def picture(lead: Lead) -> dict[str, Any]:
    """Status, queue, outcome, consents and the names of the contact details that are there, as JSON data."""
    kept: Mapping[str, Any] = {"status": lead.status, "queue": lead.queue, "outcome": lead.assessed.outcome}
    return {**kept, "consents": dict(lead.consents), "contact": details_in(lead.contact)}


def details_in(contact: Contact) -> list[str]:
    """The names of the details that are there."""
    return [one.name for one in fields(Contact) if getattr(contact, one.name)]


def differing(one: Contact, other: Contact) -> tuple[str, ...]:
    """The names of the details in which two contacts differ."""
    return tuple(field.name for field in fields(Contact) if getattr(one, field.name) != getattr(other, field.name))
