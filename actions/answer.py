"""Answers a question from the knowledge base."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import drop_interview, keep_context, read_interview, read_situation, tells_minor
from actions.safety import STANDING, safety_of
from actions.speech import say
from bot.assessment.interview import resumes
from bot.knowledge.payload import render
from bot.knowledge.reply import next_context

FORM = "assessment_form"
UNDERAGE = "underage"


class ActionAnswer(Action):
    """Says what the knowledge base holds on the visitor's message."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        situation = read_situation(tracker)
        if safety_of(tracker, situation.heard):
            return [FollowupAction("action_safety_advice")]
        if resumes(situation.heard, read_interview(tracker), situation.context.last_entry):
            return [FollowupAction(FORM)]
        message = render(situation.reply, situation.library)
        say(dispatcher, message.texts, (choice.title for choice in message.choices), message.payload)
        context = next_context(situation.reply, message.choices, situation.context)
        events = keep_context(situation.context, context)
        events += [SlotSet(STANDING, None)] if tracker.get_slot(STANDING) else []
        if tells_minor(situation.heard) and not tracker.get_slot(UNDERAGE):
            events += [*drop_interview(), SlotSet(UNDERAGE, True)]
        return events
