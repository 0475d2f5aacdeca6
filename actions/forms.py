"""What both forms do with a message that is not theirs: a question in the middle, danger, and a minor."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import HANDOFF, REQUESTED, UNDERAGE, Situation, drop_interview, keep_context
from actions.speech import say, speak
from actions.words import account_words, check_words, cite
from bot.assessment.answers import Answers, Value
from bot.assessment.fields import AGE
from bot.assessment.outcome import decide_outcome
from bot.assessment.words import Spoken
from bot.knowledge.library import Library
from bot.knowledge.payload import render
from bot.knowledge.reply import next_context
from bot.leads.desk import open_desk

UNDER_AGE = Answers((Value(AGE, 0),))


def answer_between(
    dispatcher: CollectingDispatcher, situation: Situation, spoken: Spoken, field: str | None
) -> list[EventType]:
    """The answer to a question in the middle, then the open one again: one turn, one payload."""
    message = render(situation.reply, situation.library)
    payload: dict[str, Any] = {**message.payload, **({"field": field} if field else {})}
    choosing = message.payload["kind"] == "clarify"
    buttons = [choice.title for choice in message.choices] if choosing else spoken.buttons
    say(dispatcher, (*message.texts, *spoken.texts), buttons, payload)
    offered = message.choices if choosing else ()
    return keep_context(situation.context, next_context(situation.reply, offered, situation.context))


async def has_record(tracker: Tracker, act: str | None) -> bool:
    """Whether there is something that an act on one's own data can be done with; raises DatabaseUnavailable."""
    return act == "delete" or (act is not None and await open_desk().find(tracker.sender_id) is not None)


async def end_for_minor(dispatcher: CollectingDispatcher, tracker: Tracker, library: Library) -> list[EventType]:
    """What a minor hears, whatever form was open; nothing of the person is kept."""
    deleted, events = await forget_minor(tracker)
    spoken = check_words().conclude(decide_outcome(UNDER_AGE, (), check_words().table), cite(library))
    speak(dispatcher, replace(spoken, texts=(*deleted, *spoken.texts)))
    return [*events, SlotSet(REQUESTED, None), ActiveLoop(None)]


async def forget_minor(tracker: Tracker) -> tuple[tuple[str, ...], list[EventType]]:
    """Erase what a minor has handed over: what is to be said of that, and the events that forget the rest.

    Raises DatabaseUnavailable.
    """
    desk = open_desk()
    deleted: tuple[str, ...] = ()
    if await desk.find(tracker.sender_id):
        erased = await desk.erase(tracker.sender_id)
        deleted = account_words().deleted(erased.receipt, was_sent=True).texts
    return deleted, [*drop_interview(), SlotSet(HANDOFF, None), SlotSet(UNDERAGE, True)]
