"""A message in plain words, for people who read it as e-mail or in Slack."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.leads.delivery.links import conversation_link, dead_letters_link, lead_link

Data = Mapping[str, Any]

HEADLINES = {
    "lead.submitted": "New lead",
    "lead.changed": "A lead has changed",
    "lead.withdrawn": "Consent was withdrawn: do not contact this person beyond what is still agreed to",
    "lead.erased": "A lead was erased: delete your copy of it too",
    "notice.flagged": "A conversation was flagged: somebody should look at it now",
    "notice.waiting": "A lead waits too long",
    "lead.test": "A test, not a lead: this target works",
    "delivery.failed": "A message could not be delivered to another target",
}
WAYS = {"email": "e-mail", "phone": "phone call", "text": "text message", "share": "sharing the answers"}
ROWS = (
    ("reference", "Reference"),
    ("queue", "Queue"),
    ("outcome", "Outcome"),
    ("status", "Status"),
    ("channel", "Channel"),
    ("language", "Language"),
    ("created_at", "Created (UTC)"),
    ("flagged_at", "Flagged (UTC)"),
    ("target", "Target"),
    ("event", "Message"),
    ("error", "Error"),
)
CONTACT_ROWS = (
    ("name", "Name"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("preferred_contact", "Preferred way"),
    ("preferred_time", "Preferred time"),
)


def headline(payload: str) -> str:
    """What happened, with the reference and without the person."""
    message = json.loads(payload)
    words = HEADLINES.get(message["type"], message["type"]).partition(":")[0]
    reference = message["data"].get("reference")
    return f"{words}: {reference}" if reference else words


def body(payload: str, console: str) -> str:
    """All that the message says, a line each, with a link into the console at that address.

    The person is in it only where the payload has contact details.
    """
    message = json.loads(payload)
    data = message["data"]
    lines = [f"{HEADLINES.get(message['type'], message['type'])}.", "", *_rows(data, ROWS)]
    if data.get("flagged"):
        lines.append("Flagged: staff should look at this first")
    if "contact" in data:
        lines += ["", *_rows(data["contact"], CONTACT_ROWS), *_consents(data.get("consents", {}))]
    advise = ADVICE.get(message["type"])
    if advise:
        lines += ["", *advise(data, console)]
    return "\n".join(lines) + "\n"


def _about_lead(data: Data, console: str) -> list[str]:
    look = [f"Open the lead: {lead_link(console, data['reference'])}"]
    if "contact" in data:
        return look
    return [*look, f"Without the console: ./strand leads show {data['reference']} --contact"]


def _about_conversation(data: Data, console: str) -> list[str]:
    return [f"Open the conversation: {conversation_link(console, data['conversation'])}"]


def _about_dead_letter(_data: Data, console: str) -> list[str]:
    look = f"Open the messages that were given up: {dead_letters_link(console)}"
    return [look, "Once the target works again: ./strand leads replay, or the button there"]


ADVICE: Mapping[str, Callable[[Data, str], list[str]]] = {
    "lead.submitted": _about_lead,
    "lead.changed": _about_lead,
    "lead.withdrawn": _about_lead,
    "notice.waiting": _about_lead,
    "notice.flagged": _about_conversation,
    "delivery.failed": _about_dead_letter,
}


def _rows(data: Data, rows: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{label}: {data[name]}" for name, label in rows if data.get(name)]


def _consents(consents: Mapping[str, bool]) -> list[str]:
    agreed = ", ".join(WAYS.get(name, name) for name, given in consents.items() if given)
    refused = ", ".join(WAYS.get(name, name) for name, given in consents.items() if not given)
    return [f"Agreed to: {agreed or 'nothing'}", *([f"Not agreed to: {refused}"] if refused else [])]
