"""Answers a question from the knowledge base, or passes the message on to what it belongs to."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import (
    HANDOFF,
    UNDERAGE,
    Situation,
    keep_context,
    read_interview,
    read_situation,
)
from actions.forms import forget_minor
from actions.hours import there_again
from actions.routes import ACCOUNT, CHECK_FORM, HANDOFF_FORM, SAFETY, may_want_person, offers_person, route_of
from actions.safety import STANDING, safety_of
from actions.speech import say, speak
from actions.visitor import OFFERED, WHICH_DETAIL, VisitorAction
from actions.words import handoff_words
from bot.assessment.interview import resumes
from bot.handoff.account import field_meant
from bot.handoff.kept import handoff_data, read_handoff
from bot.handoff.offer import answers_offer, offer_declined, sends_again, with_findings
from bot.handoff.offer import resumes as resumes_handoff
from bot.knowledge.library import Library
from bot.knowledge.payload import Message, render
from bot.knowledge.reply import Answered, NotCovered, PersonOffered, Reply, next_context

MINORS = "candidacy_general.under_18"


def minors_reply(library: Library) -> Reply:
    """What someone under age hears, whatever they asked."""
    return Answered((library.entries[MINORS],), 1.0)


def passes_on(tracker: Tracker, situation: Situation) -> str | None:
    """The action that takes the message over; None where it is answered here."""
    heard = situation.heard
    if safety_of(tracker, heard):
        return SAFETY
    offered = tracker.get_slot(OFFERED)
    if offered == WHICH_DETAIL and not heard.asks and field_meant(heard, handoff_words().form):
        return ACCOUNT
    if offered and answers_offer(heard, "yes"):
        return HANDOFF_FORM
    handoff, interview = read_handoff(tracker.get_slot(HANDOFF)), read_interview(tracker)
    if sends_again(heard, handoff, handoff_words(), just_sent=_just_sent(tracker)):
        return HANDOFF_FORM
    if resumes_handoff(heard, handoff) and handoff.at >= interview.at:
        return HANDOFF_FORM
    if resumes(heard, interview, situation.context.last_entry):
        return CHECK_FORM
    if isinstance(situation.reply, NotCovered) and may_want_person(situation.understanding):
        return HANDOFF_FORM
    return route_of(situation.reply)


class ActionAnswer(VisitorAction):
    """Says what the knowledge base holds on the visitor's message."""

    def name(self) -> str:
        return "action_answer"

    async def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        situation = read_situation(tracker)
        elsewhere = passes_on(tracker, situation)
        if elsewhere:
            return [FollowupAction(elsewhere)]
        if _declines(tracker, situation):
            speak(dispatcher, offer_declined(handoff_words()))
            return [SlotSet(OFFERED, None)]
        return await self._answer(dispatcher, tracker, situation)

    async def _answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, situation: Situation
    ) -> list[EventType]:
        minor = situation.heard.told_age and situation.heard.under_age and not tracker.get_slot(UNDERAGE)
        reply = minors_reply(situation.library) if minor else situation.reply
        message = render(reply, situation.library)
        deleted, forgetting = await forget_minor(tracker) if minor else ((), [])
        there = there_again() if isinstance(reply, PersonOffered) else ()
        say(dispatcher, (*deleted, *message.texts, *there), _buttons(message), message.payload)
        events = keep_context(situation.context, next_context(reply, message.choices, situation.context))
        events += [SlotSet(OFFERED, True)] if offers_person(reply) else []
        events += [SlotSet(STANDING, None)] if tracker.get_slot(STANDING) else []
        handoff = read_handoff(tracker.get_slot(HANDOFF))
        told = with_findings(handoff, situation.heard)
        if told != handoff and not minor and not handoff.reference:
            events += [SlotSet(HANDOFF, handoff_data(told))]
        return [*events, *forgetting]


def _just_sent(tracker: Tracker) -> bool:
    """Whether the last thing said was that a hand-off was sent."""
    said = (event["data"] for event in reversed(tracker.events) if event["event"] == "bot" and event.get("data"))
    payload: dict[str, Any] = next((data["custom"] for data in said if data.get("custom")), {})
    return (payload.get("kind"), payload.get("state")) == ("handoff", "submitted")


def _buttons(message: Message) -> list[str]:
    return [choice.title for choice in message.choices]


def _declines(tracker: Tracker, situation: Situation) -> bool:
    """Whether the message is a no to the offer of a person, and nothing else."""
    return tracker.get_slot(OFFERED) not in (None, WHICH_DETAIL) and answers_offer(situation.heard, "no")
