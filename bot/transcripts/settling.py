"""What becomes of a message that came in, in the caller's transaction: a turn answers it, or something else is said."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Literal

from rasa.shared.core.events import Event
from sqlalchemy.orm import Session

from bot.storage import signals
from bot.transcripts import addresses, inbox, replies
from bot.transcripts.inbox import WEB, Waiting
from bot.transcripts.reading import items_of_turn


def answer(session: Session, message: Waiting, events: Sequence[Event], sequence: int) -> None:
    """Mark a message as answered by a turn's events, the last one being number `sequence`.

    What the turn says waits for its channel; the web reads the events. Raises DatabaseUnavailable where the message was
    answered already.
    """
    inbox.finish(session, message.row)
    for item in items_of_turn(events, sequence):
        if item.author != "visitor":
            say(session, message, {"texts": item.texts, "buttons": item.buttons, "payload": item.payload})


def give_notice(session: Session, message: Waiting, state: Literal["failed", "done"], said: Mapping[str, Any]) -> None:
    """Mark a message as one that no turn answers, and say something instead; raises as `answer` does."""
    inbox.give_notice(session, message.row, state, said)
    say(session, message, said)
    signals.tell(session, message.conversation)


def say(session: Session, message: Waiting, said: Mapping[str, Any]) -> None:
    """Let a reply to a message wait for its channel; the web has no such replies."""
    found = addresses.address_of(session, message.conversation) if message.channel != WEB else None
    if found:
        replies.put(session, message.conversation, *found, said, datetime.now(timezone.utc))
