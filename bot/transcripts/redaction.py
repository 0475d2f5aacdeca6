"""Takes a person out of the events of a check or a hand-off: nothing that was said stays, only that something was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rasa.shared.core.events import ActiveLoop, Event, SlotSet

from bot.transcripts.tail import Snapshot, read_event

# The action that ends a check for a minor sets this slot; it stays, and what says that somebody is in danger, was told
# how long chats are kept, or has a person of the staff beside them.
FLAG = "underage"
CHECK = "assessment_form"
HANDOFF = "handoff_form"
KEPT_SLOTS = frozenset({FLAG, "danger", "red_flags", "requested_slot", "notice_given", "takeover"})


def asks_for_redaction(events: Iterable[Event]) -> bool:
    """Whether a turn's events say that the person may not be kept."""
    return any(isinstance(event, SlotSet) and event.key == FLAG and event.value for event in events)


def begins_check(data: Mapping[str, Any]) -> bool:
    """Whether an event, in its stored form, opens the check or a hand-off."""
    return data.get("event") == ActiveLoop.type_name and data.get("name") in (CHECK, HANDOFF)


def redact_from_check(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A whole conversation in its stored form, redacted from the message on that led to its first check or hand-off."""
    opened = next((place for place, data in enumerate(events) if begins_check(data)), len(events))
    asked = [place for place, data in enumerate(events[:opened]) if data["event"] == "user"]
    begun = asked[-1] if asked and opened < len(events) else opened
    return [*events[:begun], *map(redact, events[begun:])]


def redact(data: Mapping[str, Any]) -> dict[str, Any]:
    """An event in its stored form without texts, entities and slot values; of a message the intent stays."""
    if data["event"] == "slot" and data["name"] not in KEPT_SLOTS:
        return {**data, "value": None}
    return without_words(data)


def without_words(data: Mapping[str, Any]) -> dict[str, Any]:
    """An event in its stored form without texts and entities; of a message the intent stays."""
    kind = data["event"]
    if kind == "user":
        return {
            **_frame(data),
            "text": "",
            "parse_data": _intent_only(data),
            "input_channel": data.get("input_channel"),
        }
    if kind == "bot":
        return {**_frame(data), "text": "", "data": {}}
    if kind == "entities":
        return {**_frame(data), "entities": []}
    return dict(data)


def _frame(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"event": data["event"], "timestamp": data.get("timestamp"), "metadata": {}}


def _intent_only(data: Mapping[str, Any]) -> dict[str, Any]:
    parsed = data.get("parse_data") or {}
    return {"text": "", "intent": {"name": (parsed.get("intent") or {}).get("name")}, "entities": []}


def redact_snapshot(snapshot: Snapshot) -> Snapshot:
    """A snapshot without the values of the check and the hand-off, also those that no action has cleared."""
    kept = {name: value for name, value in snapshot.slots.items() if name in KEPT_SLOTS}
    return replace(snapshot, slots=kept)


def redact_events(events: Sequence[Event]) -> list[Event]:
    """Events without the person."""
    return [read_event(redact(event.as_dict())) for event in events]
