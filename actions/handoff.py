"""Runs the hand-off: the form's one validation hears the message, says what follows, and hands the lead in."""

import time
from dataclasses import asdict, replace

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.account import take_back
from actions.context import (
    HANDOFF,
    REQUESTED,
    UNDERAGE,
    Situation,
    drop_handoff,
    read_interview,
    read_situation,
)
from actions.forms import answer_between, end_for_minor, has_record
from actions.hours import then_hours, with_hours
from actions.lead import consent_of, contact_of, evidence_of, new_lead
from actions.routes import account_act, route_of, wants_person
from actions.safety import advise, keep_safety, safety_of
from actions.speech import speak
from actions.visitor import VisitorAction
from actions.words import account_words, handoff_words
from bot.assessment.danger import Safety
from bot.assessment.fields import AGE, SUMMARY
from bot.assessment.heard import Heard
from bot.errors import DatabaseUnavailable
from bot.handoff.account import ways_meant
from bot.handoff.conversation import advance, begin, reopen
from bot.handoff.details import name_text
from bot.handoff.fields import CONSENTS, WAYS
from bot.handoff.kept import handoff_data, read_handoff, restored, sent
from bot.handoff.offer import with_findings
from bot.handoff.state import Handoff, Step
from bot.handoff.steps import declined
from bot.handoff.words import details_of
from bot.knowledge.reply import NotCovered
from bot.leads.desk import open_desk
from bot.readers.name import read_name

PLAIN_WORDS = 6
CLOSED = (SlotSet(REQUESTED, None), ActiveLoop(None))


class ValidateHandoffForm(VisitorAction):
    """Hears a message while the hand-off is open, and says everything that it leads to."""

    def name(self) -> str:
        return "validate_handoff_form"

    async def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        situation, handoff = read_situation(tracker), read_handoff(tracker.get_slot(HANDOFF))
        if tracker.get_slot(UNDERAGE):
            return await end_for_minor(dispatcher, tracker, situation.library)
        safety = safety_of(tracker, situation.heard)
        if safety and not (safety.way == "ask" and _plainly_answers(handoff, situation.heard)):
            return [*keep_safety(tracker, safety), *_danger(dispatcher, safety, handoff)]
        step = _as_refused(await _step(tracker, situation, handoff), situation)
        step = replace(step, handoff=with_findings(step.handoff, situation.heard))
        return [*keep_safety(tracker, None), *await self._follow(dispatcher, tracker, situation, step)]

    async def _follow(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, situation: Situation, step: Step
    ) -> list[EventType]:
        match step.end:
            case "underage":
                return await end_for_minor(dispatcher, tracker, situation.library)
            case "submit":
                return await _submit(dispatcher, tracker, step.handoff)
            case "changed":
                return await _change(dispatcher, tracker, step.handoff)
            case "withdraw":
                return [*await take_back(dispatcher, tracker, situation.heard), *CLOSED]
            case "unchanged":
                speak(dispatcher, account_words().unchanged(details_of(step.handoff), step.handoff.agreed))
                return [SlotSet(HANDOFF, handoff_data(step.handoff)), *CLOSED]
            case "declined":
                speak(dispatcher, handoff_words().say(step))
                return [*drop_handoff(), *CLOSED]
        elsewhere = step.answering and await _is_elsewhere(tracker, situation, step)
        return _ask_on(dispatcher, situation, step, elsewhere)


def _plainly_answers(handoff: Handoff, heard: Heard) -> bool:
    """Whether a message that may tell of danger is a plain answer to the open question: "yes, all is in order"."""
    if handoff_words().offers(handoff, heard.text):
        return True
    yes_or_no = handoff.open in (*CONSENTS, SUMMARY) and heard.yes_no != "unclear"
    return yes_or_no and len(heard.said.split()) <= PLAIN_WORDS


async def _step(tracker: Tracker, situation: Situation, handoff: Handoff) -> Step:
    form, now, evidence = handoff_words().form, time.time(), evidence_of(tracker)
    heard = replace(situation.heard, name=read_name(name_text(situation.heard.text)))
    if handoff.saving and wants_person(situation.reply):
        heard = replace(heard, command="resume", yes_no="unclear")
    if account_act(situation.reply) == "change" and not handoff.reference:
        heard = replace(heard, sure=False)  # before it is sent, "my name is …" is an answer
    if isinstance(situation.reply, NotCovered) and situation.reply.language:
        heard = replace(heard, yes_no="unclear")  # "no entiendo" is no answer
    if tracker.get_slot(REQUESTED) is not None:
        return advance(handoff, heard, form, now, evidence)
    if handoff.changing:
        return reopen(handoff, handoff.changing, heard, form, now, evidence)
    lead = await open_desk().find(tracker.sender_id)
    if lead and lead.status != "withdrawn":
        handoff = restored(lead.reference, asdict(lead.contact), lead.consents)
    return begin(handoff, heard, read_interview(tracker).answers.number(AGE), form, now, evidence)


def _as_refused(step: Step, situation: Situation) -> Step:
    """Before anything is sent, whoever wants no contact declines; who wants none in some way is only asked on."""
    if not step.answering or step.handoff.reference or account_act(situation.reply) != "withdraw":
        return step
    every = ways_meant(situation.heard, handoff_words().form) == frozenset(WAYS)
    return declined() if every else replace(step, answering=False)


async def _is_elsewhere(tracker: Tracker, situation: Situation, step: Step) -> bool:
    """Whether a message in the middle is a request on what was sent, to be carried out at once."""
    act = account_act(situation.reply)
    return (act != "change" or step.handoff.reference is not None) and await has_record(tracker, act)


def _begins(step: Step) -> bool:
    """Whether a step is the first one of a hand-off."""
    return step.end is None and any(note.phrase == "intro" for note in step.notes)


def _in_another_language(step: Step, situation: Situation) -> bool:
    foreign = isinstance(situation.reply, NotCovered) and situation.reply.language is not None
    return foreign and step.ask == "again" and step.end is None


def _ask_on(dispatcher: CollectingDispatcher, situation: Situation, step: Step, elsewhere: bool) -> list[EventType]:
    """The open question again or the next one; a message that belongs elsewhere goes there, and the hand-off waits."""
    kept: list[EventType] = [SlotSet(HANDOFF, handoff_data(step.handoff))]
    if elsewhere:
        return [*kept, *CLOSED, FollowupAction(str(route_of(situation.reply)))]
    if _in_another_language(step, situation):
        step = replace(step, ask="plain", answering=True)
    spoken, field = handoff_words().say(step), step.handoff.open if step.end is None else None
    spoken = with_hours(spoken) if _begins(step) else spoken
    if step.answering and account_act(situation.reply) == "show":
        speak(dispatcher, account_words().draft(step.handoff, spoken, field))
    elif step.answering and (not route_of(situation.reply) or not spoken.texts):
        kept += answer_between(dispatcher, situation, spoken, field)
    else:
        speak(dispatcher, spoken)
    return [*kept, SlotSet(REQUESTED, field)] if field else [*kept, *CLOSED]


def _danger(dispatcher: CollectingDispatcher, safety: Safety, handoff: Handoff) -> list[EventType]:
    """The advice; the first three classes end the hand-off and drop what was collected, the fourth lets it go on."""
    if safety.flag.ends and safety.way in ("advise", "again"):
        advise(dispatcher, safety)
        return [*drop_handoff(), *CLOSED]
    texts = () if safety.way == "ask" else handoff_words().say(Step(handoff)).texts
    advise(dispatcher, safety, texts, field=handoff.open)
    return [SlotSet(HANDOFF, handoff_data(handoff)), SlotSet(REQUESTED, handoff.open)]


async def _submit(dispatcher: CollectingDispatcher, tracker: Tracker, handoff: Handoff) -> list[EventType]:
    """Hand the lead in; that it was sent is only said once it is in the record."""
    try:
        submitted = await open_desk().submit(new_lead(tracker, handoff))
    except DatabaseUnavailable:
        speak(dispatcher, handoff_words().failed())
        return [SlotSet(HANDOFF, handoff_data(handoff)), SlotSet(REQUESTED, handoff.open)]
    speak(dispatcher, then_hours(handoff_words().submitted(submitted.reference)))
    return [SlotSet(HANDOFF, handoff_data(sent(handoff, submitted.reference))), *CLOSED]


async def _change(dispatcher: CollectingDispatcher, tracker: Tracker, handoff: Handoff) -> list[EventType]:
    """Change the record; that it was changed is only said once it is."""
    consents = tuple(consent_of(given) for given in handoff.new_consents)
    try:
        changed = await open_desk().change(tracker.sender_id, contact_of(handoff), consents)
    except DatabaseUnavailable:
        speak(dispatcher, account_words().failed())
        return [SlotSet(HANDOFF, handoff_data(handoff)), *CLOSED]
    if changed is None:  # erased meanwhile, by staff or by retention
        speak(dispatcher, account_words().nothing_kept())
        return [*drop_handoff(), *CLOSED]
    here = sent(handoff, changed.reference)
    speak(dispatcher, account_words().changed(changed.reference, details_of(here), here.agreed))
    return [SlotSet(HANDOFF, handoff_data(here)), *CLOSED]
