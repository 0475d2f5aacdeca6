"""Runs the suitability check: the form's one validation hears the message, says what follows, and keeps the answers."""

import time
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import (
    HANDOFF,
    REQUESTED,
    UNDERAGE,
    Situation,
    drop_interview,
    keep_interview,
    read_interview,
    read_situation,
)
from actions.forms import answer_between, end_for_minor, has_record
from actions.hours import with_hours
from actions.lead import assessed_of
from actions.routes import account_act, route_of
from actions.safety import advise, clinician_flags, keep_safety, safety_of
from actions.speech import speak
from actions.visitor import OFFERED, VisitorAction
from actions.words import check_words, cite, handoff_words
from bot.assessment.danger import Safety
from bot.assessment.interview import advance, begin
from bot.assessment.outcome import decide_outcome
from bot.assessment.state import Interview, Step
from bot.handoff.kept import read_handoff
from bot.handoff.offer import added, offered
from bot.knowledge.library import Library
from bot.leads.desk import open_desk
from bot.leads.queue import queue_of

# A hand-off is offered after these; after `not_now` a person may be asked for.
OFFERING = frozenset({"qualified", "clinician_review"})


async def _is_carried_out(tracker: Tracker, act: str | None) -> bool:
    """Whether a message in the middle begins a hand-off, or asks for something that there is something to do on."""
    return act is None or await has_record(tracker, act) or read_handoff(tracker.get_slot(HANDOFF)).waits


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
            return await self._conclude(dispatcher, tracker, situation.library, before, step)
        elsewhere = route_of(situation.reply) if step.answering else None
        if elsewhere and await _is_carried_out(tracker, account_act(situation.reply)):
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

    async def _conclude(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, library: Library, before: Interview, step: Step
    ) -> list[EventType]:
        interview = replace(step.interview, decided=True)
        outcome = decide_outcome(interview.answers, clinician_flags(tracker), check_words().table)
        spoken = check_words().conclude(outcome, cite(library), step.notes)
        reference = await _add_to_lead(tracker, interview)
        offering = reference is None and outcome.id in OFFERING
        if reference:
            spoken = added(spoken, handoff_words(), reference)
        elif offering:
            spoken = with_hours(offered(spoken, handoff_words()))
        speak(dispatcher, spoken)
        kept = keep_interview(before, interview)
        decided = SlotSet("outcome", {"id": outcome.id, "version": outcome.version})
        return [*kept, decided, SlotSet(OFFERED, offering or None), SlotSet(REQUESTED, None), ActiveLoop(None)]


async def _add_to_lead(tracker: Tracker, interview: Interview) -> str | None:
    """Bring what was sent before the check up to date with it; the reference, or None where nothing stands."""
    assessed = assessed_of(tracker, interview, read_handoff(tracker.get_slot(HANDOFF)))
    changed = await open_desk().reassess(tracker.sender_id, assessed, queue_of(assessed))
    return changed.reference if changed else None
