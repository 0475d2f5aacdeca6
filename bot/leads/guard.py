"""The last door before a lead is stored: whatever the dialogue did, nothing comes through without consent."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from bot.assessment.fields import ADULT, AGE
from bot.errors import LeadRefused
from bot.leads.consents import agreed_in
from bot.leads.records import WAYS, Assessed, Contact, NewLead, Purpose, Way

NEVER = ("urgent", "underage")


def refuse_unless_allowed(new: NewLead) -> None:
    """Raises LeadRefused for the lead of a minor, of someone who told no age, or of someone in danger, and for one that
    `refuse_without_consent` refuses."""
    if new.assessed.outcome in NEVER:
        raise LeadRefused(f"a check that ended as {new.assessed.outcome} is never handed over")
    ages = list(_ages(new.assessed))
    if not ages:
        raise LeadRefused("nobody is handed over who has not told their age")
    if any(age < ADULT for age in ages):
        raise LeadRefused("a person under age is never handed over")
    refuse_without_consent(new.contact, agreed_in(new.consents))


def refuse_without_consent(contact: Contact, agreed: Mapping[Purpose, bool]) -> None:
    """Raises LeadRefused where sharing or every way of contact is not agreed to, where a detail or a preference is
    without its consent, and where no agreed way has its detail."""
    if not agreed.get("share"):
        raise LeadRefused("nobody agreed that this is shared")
    if not any(agreed.get(way) for way in WAYS):
        raise LeadRefused("no way of contact is agreed to")
    unasked = sorted(name for name in _details(contact) - _details(allowed(contact, agreed)))
    if unasked:
        raise LeadRefused(f"without consent: {', '.join(unasked)}")
    if not reachable(contact, agreed):
        raise LeadRefused("no detail for an agreed way of contact")


def reachable(contact: Contact, agreed: Mapping[Purpose, bool]) -> bool:
    """Whether an agreed way of contact has the detail that it needs."""
    return any(agreed.get(way) and _detail(contact, way) for way in WAYS)


def allowed(contact: Contact, agreed: Mapping[Purpose, bool]) -> Contact:
    """The contact without details, and without a preference, that no agreed way needs."""
    preferred = contact.preferred_contact
    return replace(
        contact,
        email=contact.email if agreed.get("email") else None,
        phone=contact.phone if agreed.get("phone") or agreed.get("text") else None,
        preferred_contact=preferred if preferred and agreed.get(preferred) else None,
    )


def tidy(contact: Contact) -> Contact:
    """The contact with blank details as none."""
    texts: dict[str, Any] = {one.name: (getattr(contact, one.name) or "").strip() or None for one in fields(Contact)}
    return Contact(**texts)


def _detail(contact: Contact, way: Way) -> str | None:
    return contact.email if way == "email" else contact.phone


def _details(contact: Contact) -> set[str]:
    return {one.name for one in fields(Contact) if getattr(contact, one.name)}


def _ages(assessed: Assessed) -> Iterable[int]:
    """Every age that was ever given, also one that was corrected."""
    given: Any = assessed.answers.get(AGE) or ()
    for item in given if isinstance(given, list | tuple) else (given,):
        value = item.get("value") if isinstance(item, Mapping) else item
        if isinstance(value, int):
            yield value
