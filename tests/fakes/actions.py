"""The small assistant's actions: each does one thing that can go wrong."""

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset, ConversationPaused, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from tests.fakes.world import world

EventList = list[dict[str, Any]]


def say(dispatcher: CollectingDispatcher, text: str) -> None:
    dispatcher.utter_message(text=text)
    dispatcher.utter_message(json_message={"kind": "answer", "said": text})


def count_up(tracker: Tracker) -> int:
    return int(tracker.get_slot("count") or 0) + 1


class Counts(Action):
    def name(self) -> str:
        return "action_count"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        say(dispatcher, f"message {count_up(tracker)}")
        return [SlotSet("count", count_up(tracker))]


class Hangs(Action):
    def name(self) -> str:
        return "action_hang"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        world().pass_gate()
        say(dispatcher, f"waited as message {count_up(tracker)}")
        return [SlotSet("count", count_up(tracker))]


class Breaks(Action):
    def name(self) -> str:
        return "action_break"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        raise RuntimeError("broken on purpose")


class Declines(Action):
    def name(self) -> str:
        return "action_decline"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        raise ActionExecutionRejection(self.name(), "not now")


class Pauses(Action):
    def name(self) -> str:
        return "action_pause"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        say(dispatcher, "paused")
        return [ConversationPaused()]


class Forgets(Action):
    def name(self) -> str:
        return "action_forget"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        say(dispatcher, "forgotten")
        return [AllSlotsReset()]


class Erases(Action):
    def name(self) -> str:
        return "action_erase"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        say(dispatcher, "all is deleted")
        return [SlotSet("forget", "all")]


class IsUnderAge(Action):
    def name(self) -> str:
        return "action_minor"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        say(dispatcher, "ask a parent")
        return [SlotSet("underage", True)]


class Silent(Action):
    def name(self) -> str:
        return "action_silent"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        return []


class ValidatesBooking(FormValidationAction):
    def name(self) -> str:
        return "validate_booking"

    def validate_guest(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        if world().has("validation breaks"):
            raise RuntimeError("validation broken on purpose")
        return {"guest": value}


class Books(Action):
    def name(self) -> str:
        return "action_book"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        booking = f"{tracker.get_slot('guest')} on {tracker.get_slot('day')}"
        world().note("bookings", booking)
        say(dispatcher, f"Booked for {booking}")
        return [SlotSet("guest", None), SlotSet("day", None)]
