"""How an action speaks: texts, the buttons below the last one, and the payload."""

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from bot.assessment.words import Spoken


def say(
    dispatcher: CollectingDispatcher, texts: Iterable[str], buttons: Iterable[str], payload: Mapping[str, Any]
) -> None:
    """Send one turn; a button's payload is its title."""
    *first, last = texts
    for text in first:
        dispatcher.utter_message(text=text)
    dispatcher.utter_message(text=last, buttons=[{"title": title, "payload": title} for title in buttons])
    dispatcher.utter_message(json_message=dict(payload))


def speak(dispatcher: CollectingDispatcher, spoken: Spoken) -> None:
    """Send one turn of a form."""
    say(dispatcher, spoken.texts, spoken.buttons, spoken.payload)
