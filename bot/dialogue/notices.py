"""What the visitor is told where no action speaks: the message cannot be read, or the turn failed."""

from collections.abc import Sequence
from typing import Any

from bot.dialogue.typed import clean, says_nothing
from bot.knowledge.library import open_library
from bot.knowledge.phrases import Phrases
from bot.knowledge.reply import PERSON
from bot.settings import settings

Messages = list[dict[str, Any]]


def phrases() -> Phrases:
    """The phrases as last edited; raises KnowledgeError where they have never been read."""
    return open_library(settings().knowledge_dir).current.phrases


def _notice(conversation: str, text: str, payload: dict[str, Any]) -> Messages:
    return [{"recipient_id": conversation, "text": text}, {"recipient_id": conversation, "custom": payload}]


def unreadable(conversation: str, text: str, open_field: str | None = None, to_staff: bool = False) -> Messages | None:
    """The reply to a message that is too long or says nothing; None for one that can be answered.

    With a question open, marks such as "?" may be an answer to it, and the notice says which question still stands.
    Staff read them too.
    """
    most, stands = settings().message_characters, {"field": open_field} if open_field else {}
    if len(text) > most:
        payload = {"kind": "error", "retry": False, **stands}
        return _notice(conversation, phrases().too_long.format(characters=most), payload)
    words = clean(text)
    if not words or (says_nothing(words) and not (open_field or to_staff)):
        return _notice(conversation, phrases().empty, {"kind": "out_of_scope", "confidence": 1.0, **stands})
    return None


def may_be_unreadable(text: str) -> bool:
    """Whether `unreadable` has anything to say on a message, whatever question is open."""
    return len(text) > settings().message_characters or says_nothing(clean(text))


def old_button(conversation: str) -> Messages:
    """The reply to a button that stands below a message which is not the newest."""
    return _notice(conversation, phrases().old_button, {"kind": "error", "retry": False})


def failed(conversation: str) -> Messages:
    """The reply where a turn failed and nothing of it was kept."""
    return _notice(conversation, phrases().failed, {"kind": "error", "retry": True})


def timed_out(conversation: str) -> Messages:
    """The reply where a turn took too long and nothing of it was kept; it offers a person."""
    person = open_library(settings().knowledge_dir).current.entries.get(PERSON)
    buttons = [{"title": person.title, "payload": person.title}] if person else []
    text, payload = _notice(conversation, phrases().timed_out, {"kind": "error", "retry": True})
    return [{**text, "buttons": buttons} if buttons else text, payload]


def with_one_payload(conversation: str, messages: Sequence[dict[str, Any]]) -> Messages:
    """A turn's messages with their payloads joined into one at the end; where two say the same key, the first is right.

    An action that says nothing of what it did is taken for small talk: it claims no source.
    """
    payload: dict[str, Any] = {}
    for message in messages:
        payload = {**message.get("custom", {}), **payload}
    rest = [{key: value for key, value in message.items() if key != "custom"} for message in messages]
    spoken = [message for message in rest if message.keys() != {"recipient_id"}]
    return [*spoken, {"recipient_id": conversation, "custom": payload or {"kind": "smalltalk"}}]


def said_of(messages: Messages) -> dict[str, Any]:
    """Messages in the shape of Rasa's REST channel as one reply: its texts, its buttons' titles and its payload."""
    buttons = [button["title"] for message in messages for button in message.get("buttons", ())]
    payload: dict[str, Any] = next((message["custom"] for message in messages if "custom" in message), {})
    return {
        "texts": [message["text"] for message in messages if "text" in message],
        "buttons": buttons,
        "payload": payload,
    }
