"""Runs the suitability check: the form's one validation hears the message, says what follows, and keeps the answers."""

import time
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import (
    REQUESTED,
    UNDERAGE,
    Situation,
    drop_interview,
    keep_interview,
    read_interview,
    read_situation,
)
from actions.forms import answer_between, end_for_minor
from actions.routes import route_of
from actions.safety import advise, clinician_flags, keep_safety, safety_of
from actions.speech import speak
from actions.visitor import OFFERED, VisitorAction
from actions.words import check_words, cite, handoff_words
from bot.assessment.danger import Safety
from bot.assessment.interview import advance, begin
from bot.assessment.outcome import decide_outcome
from bot.assessment.state import Interview, Step
from bot.handoff.offer import offered
from bot.knowledge.library import Library

# A hand-off is offered after these; after `not_now` a person may be asked for.
OFFERING = frozenset({"qualified", "clinician_review"})


class ValidateAssessmentForm(VisitorAction):
    """Hears a message while the check is open, and says everything that it leads to."""

    def name(self) -> str:
        return "validate_assessment_form"

    async def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        situation, interview = read_situation(tracker), read_interview(tracker)
        if tracker.get_slot(UNDERAGE):
            return await end_for_minor(dispatcher, tracker, situation.library)
        safety = safety_of(tracker, situation.heard)
        # A tapped choice tells what it says and no more; words like one's are, where danger is only suspected.
        if safety and not check_words().offers(interview, situation.heard.text, exactly=safety.way != "ask"):
            return [*keep_safety(tracker, safety), *self._danger(dispatcher, safety, interview, situation)]
        if tracker.get_slot(REQUESTED) is None:
            step = begin(interview, situation.heard, check_words().questions, time.time())
        else:
            step = advance(interview, situation.heard, check_words().questions, time.time())
        return [*keep_safety(tracker, None), *await self._follow(dispatcher, tracker, situation, interview, step)]

    async def _follow(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, situation: Situation, before: Interview, step: Step
    ) -> list[EventType]:
        if step.end == "underage":
            return await end_for_minor(dispatcher, tracker, situation.library)
        if step.end == "decided":
            return self._conclude(dispatcher, tracker, situation.library, before, step)
        elsewhere = route_of(situation.reply) if step.answering else None
        if elsewhere:
            waiting = [SlotSet(REQUESTED, None), ActiveLoop(None), FollowupAction(elsewhere)]
            return [*keep_interview(before, step.interview), *waiting]
        kept: list[EventType] = []
        if step.answering:
            field = step.interview.open if step.end is None else None
            kept = answer_between(dispatcher, situation, check_words().say(step), field)
        else:
            spoken = check_words().say(step)
            speak(dispatcher, spoken)
        if step.end == "stopped":
            return [*drop_interview(), *kept, ActiveLoop(None)]
        kept += keep_interview(before, step.interview)
        if step.end == "paused":
            return [*kept, SlotSet(REQUESTED, None), ActiveLoop(None)]
        return [*kept, SlotSet(REQUESTED, step.interview.open)]

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
            heard = advance(interview, situation.heard, check_words().questions, time.time())
            step = Step(heard.interview) if heard.end is None and not heard.interview.saving else step
        texts = () if safety.way == "ask" else check_words().say(step).texts
        advise(dispatcher, safety, texts, field=step.interview.open)
        return [*keep_interview(interview, step.interview), SlotSet(REQUESTED, step.interview.open)]

    def _conclude(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, library: Library, before: Interview, step: Step
    ) -> list[EventType]:
        outcome = decide_outcome(step.interview.answers, clinician_flags(tracker), check_words().table)
        spoken = check_words().conclude(outcome, cite(library), step.notes)
        offering = outcome.id in OFFERING
        if offering:
            spoken = offered(spoken, handoff_words())
        speak(dispatcher, spoken)
        kept = keep_interview(before, replace(step.interview, decided=True))
        decided = SlotSet("outcome", {"id": outcome.id, "version": outcome.version})
        return [*kept, decided, SlotSet(OFFERED, offering or None), SlotSet(REQUESTED, None), ActiveLoop(None)]
