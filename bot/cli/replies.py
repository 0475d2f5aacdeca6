"""One turn as the commands show it: the messages of the REST channel folded into a single object."""

from collections.abc import Mapping, Sequence
from typing import Any


def fold(text: str, messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The turn that answered `text`: `text`, `reply` (texts), `buttons` ({title, payload}), and the payload's keys."""
    payload: dict[str, Any] = {}
    for message in messages:
        payload.update(message.get("custom") or {})
    return {
        "text": text,
        "reply": [message["text"] for message in messages if message.get("text")],
        "buttons": [button for message in messages for button in message.get("buttons") or ()],
        **payload,
    }
