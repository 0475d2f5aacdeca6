"""Conversations as the chat leaves them in the database, event by event, for those who read them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from sqlalchemy.orm import Session

from bot.transcripts import archive, counted_turns
from bot.transcripts.tail import Snapshot

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def asked(words: str, channel: str = "web", at: datetime = NOON, **parsed: Any) -> UserUttered:
    """A visitor's message; `parsed` is what the program read in it."""
    data = {"text": words, "intent": {"name": "cost", "confidence": 0.9}, "entities": [], **parsed}
    return UserUttered(words, parse_data=data, timestamp=at.timestamp(), input_channel=channel, message_id=words)


def said(*texts: str, buttons: Sequence[str] = (), at: datetime = NOON, **payload: Any) -> list[BotUttered]:
    """A reply: its texts, the buttons below the last one, and its payload."""
    titled = [{"title": title, "payload": title} for title in buttons] or None
    spoken = [BotUttered(text, {"buttons": None, "custom": None}, timestamp=at.timestamp()) for text in texts]
    if spoken:
        spoken[-1] = BotUttered(texts[-1], {"buttons": titled, "custom": None}, timestamp=at.timestamp())
    return [*spoken, BotUttered(None, {"custom": payload}, timestamp=at.timestamp())] if payload else spoken


def given(name: str, value: Any) -> SlotSet:
    return SlotSet(name, value)


def opens(form: str | None) -> ActiveLoop:
    return ActiveLoop(form)


def store(session: Session, conversation: str, *turns: Sequence[Any], slots: Mapping[str, Any] | None = None) -> None:
    """Add turns to a conversation, each as one commit of the chat does; `slots` is what they have come to."""
    for turn in turns:
        events: list[Event] = [event for each in turn for event in (each if isinstance(each, list) else [each])]
        sequence = archive.last_sequence(session, conversation)
        flagged = counted_turns.raises_flag(events)
        archive.append(session, conversation, events, Snapshot(slots or {}), sequence, flagged=flagged)
        counted_turns.note(session, counted_turns.rows_of(conversation, events, sequence))
