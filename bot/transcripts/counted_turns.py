"""What each turn was, without a word of it: the rows that the staff's numbers, gaps and lists are made of.

A row's `sequence` is the number of the visitor's event, its `at` is in UTC. What a turn says of itself is in the
payload that its reply carries; messages of the staff are no turn.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.transcripts.tables import turns

Payload = Mapping[str, Any]
Row = dict[str, Any]

SILENT = "none"  # somebody of the staff answers, or the conversation is paused
UNNAMED = "smalltalk"  # an action that does not say what it did claims nothing
STAFF = "staff"
NOWHERE = "unknown"
CLARIFY = "clarify"
CHOICES = "choices"
NO_ENTRY = frozenset({None, "something_else"})  # choices that lead to no entry
RED_FLAGS = "red_flags"
# Classes of danger that are flagged each time, also where their advice was given before.
GRAVE = frozenset({"emergency", "self_harm"})


def rows_of(conversation: str, events: Sequence[Event], sequence: int) -> list[Row]:
    """The rows of the turns in `events`, as they were said, which are stored behind number `sequence`."""
    return [row for number, turn in _turns(events, sequence) for row in _rows(conversation, number, turn)]


def note(session: Session, rows: Sequence[Row]) -> None:
    """Store rows, in the commit of their turns."""
    if rows:
        session.execute(insert(turns), list(rows))


def raises_flag(events: Sequence[Event]) -> bool:
    """Whether a red flag was raised in `events`: one that was not told before, or a grave one again."""
    told = any(isinstance(event, SlotSet) and event.key == RED_FLAGS and event.value for event in events)
    payloads = (_payload_of(event) for event in events if isinstance(event, BotUttered))
    return told or any(payload.get("certain") is True and payload.get("class") in GRAVE for payload in payloads)


def channel_of(events: Sequence[Event]) -> str | None:
    """The channel of the first message in `events`."""
    return next((event.input_channel for event in events if isinstance(event, UserUttered)), None)


def _turns(events: Sequence[Event], sequence: int) -> Iterator[tuple[int, Sequence[Event]]]:
    starts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    for place, begin in enumerate(starts, start=1):
        yield sequence + begin + 1, events[begin : starts[place] if place < len(starts) else len(events)]


def _rows(conversation: str, number: int, turn: Sequence[Event]) -> list[Row]:
    asked, payload = turn[0], _payload(turn)
    entries = _entries(turn, payload)
    common: Row = {
        "conversation_id": conversation,
        "sequence": number,
        "at": datetime.fromtimestamp(asked.timestamp, timezone.utc),
        "channel": asked.input_channel or NOWHERE,
        "kind": payload["kind"],
        "topic": next(iter(_texts(payload.get("topics"))), None),
        "confidence": _number(payload.get("confidence")),
        **{name: _text(payload.get(name)) for name in ("field", "outcome", "class", "state")},
    }
    return [{**common, "place": place, "entry": entry} for place, entry in enumerate(entries or [None])]


def _payload(turn: Sequence[Event]) -> Payload:
    """The turn's payload; where two utterances say the same key, the first is right."""
    payload: dict[str, Any] = {}
    spoken = False
    for event in turn:
        if isinstance(event, BotUttered) and _payload_of(event).get("kind") != STAFF:
            payload, spoken = {**_payload_of(event), **payload}, True
    return {**payload, "kind": str(payload.get("kind") or (UNNAMED if spoken else SILENT))}


def _payload_of(event: BotUttered) -> Payload:
    custom = (event.data or {}).get("custom")
    return custom if isinstance(custom, Mapping) else {}


def _entries(turn: Sequence[Event], payload: Payload) -> list[str]:
    """The entries that were said, or of a turn that asks which one is meant, offered; each once."""
    if payload["kind"] != CLARIFY:
        return list(dict.fromkeys(_texts(payload.get("entries"))))
    offered = [event.value for event in turn if isinstance(event, SlotSet) and event.key == CHOICES and event.value]
    choices = (choice.get("entry") for choice in (offered[-1] if offered else ()) if isinstance(choice, Mapping))
    return list(dict.fromkeys(str(entry) for entry in choices if entry not in NO_ENTRY))


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
