"""A choice's number: it means the choice of the last turn, as if its title had been typed."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered

# In a message's metadata: the text that a pressed button stands below.
BELOW = "below"
ENOUGH_CHARACTERS = 60
NUMBER = re.compile(r"\s*([1-9][0-9]?)[.)]?\s*")
# Questions whose answer is a number: there, a number is never a choice.
ASKS_NUMBER = frozenset({"age", "duration", "phone"})


def may_be_number(text: str) -> bool:
    """Whether a message may be a choice's number."""
    return NUMBER.fullmatch(text) is not None


def is_old_button(metadata: Mapping[str, Any] | None, events: Iterable[Event]) -> bool:
    """Whether a pressed button stands below a text that the last turn of `events` has not said.

    What a channel made of the text may end in a source or in the middle: its beginning decides.
    """
    below = _plain(str((metadata or {}).get(BELOW) or "").strip().partition("\n")[0])[:ENOUGH_CHARACTERS]
    said: list[str] = []
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            said.append(_plain(event.text or ""))
    return bool(below) and bool(said) and not any(below in text for text in said)


def _plain(text: str) -> str:
    return " ".join(text.split())


def as_chosen(text: str, events: Iterable[Event]) -> str:
    """The title that a number stands for among the choices of the last turn of `events`, else the text as it is."""
    buttons: list[str] = []
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            break
        data = (event.data or {}) if isinstance(event, BotUttered) else {}
        if (data.get("custom") or {}).get("field") in ASKS_NUMBER:
            return text
        buttons = buttons or [button["title"] for button in data.get("buttons") or ()]
    found = NUMBER.fullmatch(text)
    place = int(found[1]) if found else 0
    return buttons[place - 1] if 0 < place <= len(buttons) else text
