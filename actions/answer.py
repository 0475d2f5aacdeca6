"""Answers a question from the knowledge base."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import drop_interview, keep_context, read_interview, read_situation
from actions.safety import STANDING, safety_of
from actions.speech import say
from bot.assessment.interview import resumes
from bot.knowledge.library import Library
from bot.knowledge.payload import render
from bot.knowledge.reply import Answered, Reply, next_context

FORM = "assessment_form"
UNDERAGE = "underage"
MINORS = "candidacy_general.under_18"


def minors_reply(library: Library) -> Reply:
    """What someone under age hears, whatever they asked."""
    return Answered((library.entries[MINORS],), 1.0)


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
        minor = situation.heard.told_age and situation.heard.under_age and not tracker.get_slot(UNDERAGE)
        reply = minors_reply(situation.library) if minor else situation.reply
        message = render(reply, situation.library)
        say(dispatcher, message.texts, (choice.title for choice in message.choices), message.payload)
        context = next_context(reply, message.choices, situation.context)
        events = keep_context(situation.context, context)
        events += [SlotSet(STANDING, None)] if tracker.get_slot(STANDING) else []
        if minor:
            events += [*drop_interview(), SlotSet(UNDERAGE, True)]
        return events
