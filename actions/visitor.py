"""What every action for visitors does besides its own: the first reply of all says how long chats are kept."""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import CHOICES
from actions.words import handoff_words
from bot.settings import settings

NOTICE_GIVEN = "notice_given"
OFFERED = "offered"
WHICH_DETAIL = "which_detail"  # in place of a person, a choice of the details to change was offered
URGENT = "urgent"
DELETED = "deleted"


class VisitorAction(Action, ABC):
    """An action whose `respond` says one turn and returns its events."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """The turn, with the notice where it is the first one that says anything but urgent advice or "deleted"."""
        events = await self.respond(dispatcher, tracker)
        if tracker.get_slot(OFFERED) and not any(event.get("name") == OFFERED for event in events):
            events = [*events, SlotSet(OFFERED, None)]
        if tracker.get_slot(CHOICES) and not any(_goes_on_with_choices(event) for event in events):
            events = [*events, SlotSet(CHOICES, None)]
        if _owes_notice(dispatcher, tracker):
            _give_notice(dispatcher)
            events = [*events, SlotSet(NOTICE_GIVEN, True)]
        return events

    @abstractmethod
    async def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Say what the message asks for; the events that keep it."""


def _goes_on_with_choices(event: EventType) -> bool:
    """Whether choices still stand: others are offered, or another action reads the message first."""
    return bool(event.get("name") == CHOICES or event.get("event") == "followup")


def _owes_notice(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    payloads = [message.get("custom") or {} for message in dispatcher.messages]
    out_of_place = any(payload.get("kind") == URGENT or payload.get("action") == DELETED for payload in payloads)
    return bool(dispatcher.messages) and not out_of_place and not tracker.get_slot(NOTICE_GIVEN)


def _give_notice(dispatcher: CollectingDispatcher) -> None:
    """The notice as the last text before the payload, but never between a question and its buttons."""
    said = dispatcher.messages
    asks = len(said) > 2 and bool(said[-2].get("buttons"))
    dispatcher.utter_message(text=handoff_words().form.notice(settings().conversation_days))
    notice = said.pop()
    said.insert(len(said) - (2 if asks else 1), notice)
