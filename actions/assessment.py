"""Runs the suitability check: the form's one validation hears the message, says what follows, and keeps the answers."""

import time
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import UNDERAGE
from actions.context import (
    REQUESTED,
    Situation,
    drop_interview,
    keep_context,
    keep_interview,
    read_interview,
    read_situation,
)
from actions.safety import advise, clinician_flags, keep_safety, safety_of
from actions.speech import say
from bot.assessment.answers import Answers, Value
from bot.assessment.danger import Safety
from bot.assessment.fields import AGE
from bot.assessment.interview import advance, begin
from bot.assessment.outcome import decide_outcome
from bot.assessment.questions import read_questions
from bot.assessment.state import Interview, Step
from bot.assessment.table import read_table
from bot.assessment.words import Cite, Words
from bot.knowledge.library import Library
from bot.knowledge.payload import describe, render
from bot.knowledge.reply import next_context
from bot.settings import settings

UNDER_AGE = Answers((Value(AGE, 0),))


@lru_cache(maxsize=1)
def words() -> Words:
    """The questions, the decision table, and their words."""
    folder = settings().assessment_dir
    return Words(read_questions(folder / "questions.yml"), read_table(folder / "outcomes.yml"))


class ValidateAssessmentForm(Action):
    """Hears a message while the check is open, and says everything that it leads to."""

    def name(self) -> str:
        return "validate_assessment_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        situation, interview = read_situation(tracker), read_interview(tracker)
        if tracker.get_slot(UNDERAGE):
            return self._underage(dispatcher, situation.library)
        safety = safety_of(tracker, situation.heard)
        if safety and not (safety.way == "ask" and words().offers(interview, situation.heard.text)):
            return [*keep_safety(tracker, safety), *self._danger(dispatcher, safety, interview, situation)]
        if tracker.get_slot(REQUESTED) is None:
            step = begin(interview, situation.heard, words().questions, time.time())
        else:
            step = advance(interview, situation.heard, words().questions, time.time())
        return [*keep_safety(tracker, None), *self._follow(dispatcher, tracker, situation, interview, step)]

    def _follow(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, situation: Situation, before: Interview, step: Step
    ) -> list[EventType]:
        if step.end == "underage":
            return self._underage(dispatcher, situation.library)
        if step.end == "decided":
            return self._conclude(dispatcher, tracker, situation.library, before, step)
        kept: list[EventType] = []
        if step.answering:
            kept = self._answer(dispatcher, situation, step)
        else:
            spoken = words().say(step)
            say(dispatcher, spoken.texts, spoken.buttons, spoken.payload)
        if step.end == "stopped":
            return [*drop_interview(), *kept, ActiveLoop(None)]
        kept += keep_interview(before, step.interview)
        if step.end == "paused":
            return [*kept, SlotSet(REQUESTED, None), ActiveLoop(None)]
        return [*kept, SlotSet(REQUESTED, step.interview.open)]

    def _answer(self, dispatcher: CollectingDispatcher, situation: Situation, step: Step) -> list[EventType]:
        """The answer to a question in the middle, then the open one again: one turn, one payload."""
        message, spoken = render(situation.reply, situation.library), words().say(step)
        payload = {**message.payload, **({"field": step.interview.open} if step.end is None else {})}
        choosing = message.payload["kind"] == "clarify"
        buttons = [choice.title for choice in message.choices] if choosing else spoken.buttons
        say(dispatcher, (*message.texts, *spoken.texts), buttons, payload)
        offered = message.choices if choosing else ()
        return keep_context(situation.context, next_context(situation.reply, offered, situation.context))

    def _danger(
        self, dispatcher: CollectingDispatcher, safety: Safety, interview: Interview, situation: Situation
    ) -> list[EventType]:
        """The advice; the first three classes end the check and drop what was collected, the fourth lets it go on."""
        if safety.flag.ends and safety.way in ("advise", "again"):
            advise(dispatcher, safety, outcome="urgent")
            return [*drop_interview(), ActiveLoop(None)]
        step = Step(interview)
        if safety.way in ("advise", "ask"):
            # What the message says of the open question still counts.
            heard = advance(interview, situation.heard, words().questions, time.time())
            step = Step(heard.interview) if heard.end is None and not heard.interview.saving else step
        texts = () if safety.way == "ask" else words().say(step).texts
        advise(dispatcher, safety, texts, field=step.interview.open)
        return [*keep_interview(interview, step.interview), SlotSet(REQUESTED, step.interview.open)]

    def _underage(self, dispatcher: CollectingDispatcher, library: Library) -> list[EventType]:
        spoken = words().conclude(decide_outcome(UNDER_AGE, (), words().table), _cite(library))
        say(dispatcher, spoken.texts, spoken.buttons, spoken.payload)
        return [*drop_interview(), SlotSet(UNDERAGE, True), ActiveLoop(None)]

    def _conclude(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, library: Library, before: Interview, step: Step
    ) -> list[EventType]:
        outcome = decide_outcome(step.interview.answers, clinician_flags(tracker), words().table)
        spoken = words().conclude(outcome, _cite(library), step.notes)
        say(dispatcher, spoken.texts, spoken.buttons, spoken.payload)
        kept = keep_interview(before, replace(step.interview, decided=True))
        decided = SlotSet("outcome", {"id": outcome.id, "version": outcome.version})
        return [*kept, decided, SlotSet(REQUESTED, None), ActiveLoop(None)]


def _cite(library: Library) -> Cite:
    return lambda ids: [describe(library.sources[identifier]) for identifier in ids]
