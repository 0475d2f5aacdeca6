"""Answers a question from the knowledge base."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.knowledge.library import open_library
from bot.knowledge.payload import Message, render
from bot.knowledge.reply import Choice, Context, decide, next_context, read_understanding
from bot.settings import settings


def say(dispatcher: CollectingDispatcher, message: Message) -> None:
    """Send a message: its texts, the buttons below the last one, and its payload."""
    buttons = [{"title": choice.title, "payload": choice.title} for choice in message.choices]
    for text in message.texts[:-1]:
        dispatcher.utter_message(text=text)
    dispatcher.utter_message(text=message.texts[-1], buttons=buttons)
    dispatcher.utter_message(json_message=message.payload)


def read_context(tracker: Tracker) -> Context:
    """The conversation's context as its slots hold it."""
    offered = tuple(Choice(**choice) for choice in tracker.get_slot("choices") or ())
    return Context(tracker.get_slot("last_entry"), offered, int(tracker.get_slot("misses") or 0))


def keep_context(before: Context, after: Context) -> list[EventType]:
    """The events that make slots say `after`; unchanged slots are left alone."""
    values: list[tuple[str, object, object]] = [
        ("last_entry", before.last_entry, after.last_entry),
        ("choices", before.choices, after.choices),
        ("misses", before.misses, after.misses),
    ]
    as_data = {"choices": [vars(choice) for choice in after.choices] or None}
    return [SlotSet(name, as_data.get(name, new)) for name, old, new in values if old != new]


class ActionAnswer(Action):
    """Says what the knowledge base holds on the visitor's message."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        library = open_library(settings().knowledge_dir).current
        context = read_context(tracker)
        reply = decide(read_understanding(tracker.latest_message), context, library)
        message = render(reply, library)
        say(dispatcher, message)
        return keep_context(context, next_context(reply, message.choices, context))
