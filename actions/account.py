"""Does what visitors ask with what they sent: shows it, changes it, takes consent back, deletes it, at once.

That it is the same conversation is the proof; whatever was done is only said once it is committed.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timezone

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import FORGET, HANDOFF, Situation, drop_handoff, drop_interview, read_situation
from actions.lead import evidence_of
from actions.routes import HANDOFF_FORM, account_act
from actions.speech import say, speak
from actions.visitor import OFFERED, WHICH_DETAIL, VisitorAction
from actions.words import account_words, handoff_words
from bot.assessment.heard import Heard
from bot.assessment.words import Spoken
from bot.errors import DatabaseUnavailable
from bot.handoff.account import field_meant, ways_meant
from bot.handoff.fields import WAYS
from bot.handoff.kept import handoff_data, read_handoff, restored
from bot.handoff.mistaken import detail_alone
from bot.knowledge.payload import render
from bot.leads.desk import open_desk
from bot.leads.records import Consent, Lead, Purpose


class ActionAccount(VisitorAction):
    """Carries out a request on the visitor's own record; without one, the entry that was meant is said."""

    def name(self) -> str:
        return "action_account"

    async def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        situation = read_situation(tracker)
        try:
            return await self._do(dispatcher, tracker, situation)
        except DatabaseUnavailable:
            speak(dispatcher, account_words().failed())
            return []

    async def _do(self, dispatcher: CollectingDispatcher, tracker: Tracker, situation: Situation) -> list[EventType]:
        act = account_act(situation.reply) or "change"  # a detail was named when asked which
        lead = await open_desk().find(tracker.sender_id)
        detail = detail_alone(situation.heard.text) if act == "delete" else None
        if detail and lead and lead.status != "withdrawn":
            return await take_back(dispatcher, tracker, replace(situation.heard, text=detail))
        if act == "delete":
            return await _delete(dispatcher, tracker)
        if lead is None:
            return _without_lead(dispatcher, tracker, situation, act)
        if act == "show" or lead.status == "withdrawn":
            speak(dispatcher, shown(lead))
            return []
        if act == "withdraw":
            return await take_back(dispatcher, tracker, situation.heard)
        return _begin_change(dispatcher, situation.heard, lead)


def _without_lead(
    dispatcher: CollectingDispatcher, tracker: Tracker, situation: Situation, act: str | None
) -> list[EventType]:
    """Nothing was handed over: a hand-off in progress is gone on with, or dropped; else the entry says how it is."""
    handoff = read_handoff(tracker.get_slot(HANDOFF))
    begun = handoff.waits
    if begun and act == "change":
        return [FollowupAction(HANDOFF_FORM)]
    if begun and act == "show":
        speak(dispatcher, account_words().draft(handoff))
        return []
    message = render(situation.reply, situation.library)
    say(dispatcher, message.texts, (), message.payload)
    return drop_handoff() if begun and act == "withdraw" else []


def shown(lead: Lead) -> Spoken:
    """What stands in the record."""
    words = account_words()
    return words.shown(lead.reference, asdict(lead.contact), agreed_of(lead), withdrawn=lead.status == "withdrawn")


def agreed_of(lead: Lead) -> list[Purpose]:
    """The purposes that are agreed to."""
    return [purpose for purpose, given in lead.consents.items() if given]


async def take_back(dispatcher: CollectingDispatcher, tracker: Tracker, heard: Heard) -> list[EventType]:
    """Withdraw consent for the ways that the message means; with the last way, sharing ends too."""
    form, desk = handoff_words().form, open_desk()
    ways = ways_meant(heard, form)
    purposes: Iterable[Purpose] = ("share", *WAYS) if ways == frozenset(WAYS) else ways
    withdrawn = await desk.withdraw(tracker.sender_id, tuple(_withdrawal(tracker, one) for one in purposes))
    lead = await desk.find(tracker.sender_id)
    if withdrawn is None or lead is None:
        speak(dispatcher, account_words().nothing_kept())
    else:
        told = asdict(lead.contact), agreed_of(lead)
        speak(dispatcher, account_words().withdrawn(withdrawn.reference, ways, *told))
    return drop_handoff()


def _withdrawal(tracker: Tracker, purpose: Purpose) -> Consent:
    consents, evidence = handoff_words().form.consents, evidence_of(tracker)
    return Consent(
        purpose=purpose,
        given=False,
        wording_id=consents.of(purpose).id,
        wording_version=consents.version,
        language=consents.language,
        shown="",
        at=datetime.now(timezone.utc),
        channel=evidence.channel,
        message_id=evidence.message_id,
    )


def _begin_change(dispatcher: CollectingDispatcher, heard: Heard, lead: Lead) -> list[EventType]:
    """The form takes over where the detail is known; else the visitor is asked which one."""
    field = field_meant(heard, handoff_words().form)
    if field is None:
        speak(dispatcher, account_words().which_detail())
        return [SlotSet(OFFERED, WHICH_DETAIL)]
    here = restored(lead.reference, asdict(lead.contact), lead.consents)
    return [SlotSet(HANDOFF, handoff_data(replace(here, changing=field))), FollowupAction(HANDOFF_FORM)]


async def _delete(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Erase the record; the tracker store erases the transcript, with this turn."""
    erased = await open_desk().erase(tracker.sender_id)
    speak(dispatcher, account_words().deleted(erased.receipt, was_sent=bool(erased.counts.get("leads"))))
    return [*drop_interview(), SlotSet(HANDOFF, None), SlotSet(FORGET, "all")]
