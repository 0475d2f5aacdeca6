"""A message in plain words, for people who read it as e-mail or in Slack."""

import json
from typing import Any

HEADLINES = {
    "lead.submitted": "New lead",
    "lead.changed": "A lead has changed",
    "lead.withdrawn": "Consent was withdrawn: do not contact this person beyond what is still agreed to",
    "lead.erased": "A lead was erased: delete your copy of it too",
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


def body(payload: str) -> str:
    """All that the message says, a line each; the person is in it only where the payload has contact details."""
    message = json.loads(payload)
    data = message["data"]
    lines = [f"{HEADLINES.get(message['type'], message['type'])}.", "", *_rows(data, ROWS)]
    if data.get("flagged"):
        lines.append("Flagged: staff should look at this first")
    if "contact" in data:
        lines += ["", *_rows(data["contact"], CONTACT_ROWS), *_consents(data.get("consents", {}))]
    elif message["type"] in ("lead.submitted", "lead.changed"):
        lines += ["", f"How to reach the person: ./strand leads show {data['reference']} --contact"]
    if message["type"] == "delivery.failed":
        lines += ["", "Once the target works again: ./strand leads replay"]
    return "\n".join(lines) + "\n"


def _rows(data: dict[str, Any], rows: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{label}: {data[name]}" for name, label in rows if data.get(name)]


def _consents(consents: dict[str, bool]) -> list[str]:
    agreed = ", ".join(WAYS.get(name, name) for name, given in consents.items() if given)
    refused = ", ".join(WAYS.get(name, name) for name, given in consents.items() if not given)
    return [f"Agreed to: {agreed or 'nothing'}", *([f"Not agreed to: {refused}"] if refused else [])]
