"""A made-up person who is handed over, again and again: for the sections and the crash test of the leads."""

from datetime import datetime, timezone

from bot.leads.records import PURPOSES, Assessed, Consent, Contact, Lead, NewLead

FORM = "bench form 1"
WORDING = "the bench's wording"
PERSON = Contact("Robin Example", "robin@visitor.example", "+12025550123", "email", "after six")
ASSESSED = Assessed(
    "qualified",
    "bench table",
    findings=("diabetes",),
    answers={"age": [{"value": 41, "findings": [], "status": "current"}]},
)


def handed_over(conversation: str) -> NewLead:
    """A hand-off of a conversation, with every consent given."""
    now = datetime.now(timezone.utc)
    consents = tuple(Consent(one, True, one, "1", "en", WORDING, now, "rest", "message 1") for one in PURPOSES)
    return NewLead(conversation, FORM, "rest", "en", "sales", ASSESSED, PERSON, consents)


def stored(reference: str, now: datetime) -> Lead:
    """The lead of a reference, as if the person had been handed over."""
    new = handed_over(f"conversation of {reference}")
    agreed = {consent.purpose: consent.given for consent in new.consents}
    kept = (reference, new.conversation, new.form_version, new.channel, new.language, new.queue)
    return Lead(*kept, "new", new.assessed, new.contact, agreed, now, now)
