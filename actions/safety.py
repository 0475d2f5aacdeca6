"""Answers danger: the advice of its class, before anything else."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import REQUESTED, UNDERAGE, Situation, drop_handoff, drop_interview, read_situation
from actions.forms import end_for_minor
from actions.routes import CHECK_FORM
from actions.speech import say
from actions.visitor import VisitorAction
from bot.assessment.danger import CLINICIAN_FIRST, Safety, decide_safety, read_flag, texts_of
from bot.assessment.heard import Heard
from bot.assessment.red_flags import RedFlags, read_red_flags
from bot.knowledge.reply import Answered
from bot.settings import settings

STANDING = "danger"
TOLD = "red_flags"
TAKEOVER = "takeover"


@lru_cache(maxsize=1)
def red_flags() -> RedFlags:
    """The signs of danger and their advice."""
    return read_red_flags(settings().assessment_dir / "red_flags.yml")


def safety_of(tracker: Tracker, heard: Heard) -> Safety | None:
    """How the latest message has to be answered for the sake of safety, if it has."""
    raised = read_flag(tracker.latest_message.get("red_flag"))
    return decide_safety(raised, read_flag(tracker.get_slot(STANDING)), tracker.get_slot(TOLD) or (), heard)


def advise(dispatcher: CollectingDispatcher, safety: Safety, texts: Sequence[str] = (), **beside: Any) -> None:
    """Say the advice; `texts` and `beside` are what the open check adds to it."""
    payload: dict[str, Any] = {"kind": "smalltalk", "topics": []}
    if safety.way != "calm":
        payload = {"kind": "urgent", "class": safety.flag.kind, "certain": safety.flag.certain}
    say(dispatcher, (*texts_of(safety, red_flags()), *texts), (), {**payload, **beside})


def understood(safety: Safety, situation: Situation) -> dict[str, Any]:
    """The topics of a message that is no emergency, as its payload names them; the advice comes before their answer."""
    reply = situation.reply
    if safety.flag.kind != CLINICIAN_FIRST or not isinstance(reply, Answered) or situation.heard.small_talk:
        return {}
    return {"topics": list(dict.fromkeys(entry.topic for entry in reply.entries))}


def keep_safety(tracker: Tracker, safety: Safety | None) -> list[EventType]:
    """The events that keep the flag: it stands for the next message, and staff see that it was raised."""
    told = list(tracker.get_slot(TOLD) or ())
    events: list[EventType] = []
    if safety and safety.flag.certain and safety.way == "advise" and safety.flag.id not in told:
        events.append(SlotSet(TOLD, [*told, safety.flag.id]))
    stands = safety.flag.as_data() if safety and _stands(safety) else None
    if stands != tracker.get_slot(STANDING):
        events.append(SlotSet(STANDING, stands))
    return events


def _stands(safety: Safety) -> bool:
    return safety.way != "calm" and not (safety.flag.kind == CLINICIAN_FIRST and safety.flag.certain)


def clinician_flags(tracker: Tracker) -> list[str]:
    """The ids of the flags that were raised in this conversation and did not end it."""
    return list(tracker.get_slot(TOLD) or ())


async def guard_beside_staff(
    dispatcher: CollectingDispatcher, tracker: Tracker, situation: Situation
) -> list[EventType]:
    """What has to be said although a person of the staff is there: advice on danger, and what ends it for a minor."""
    heard = situation.heard
    safety = safety_of(tracker, heard)
    if safety is None and heard.told_age and heard.under_age and not tracker.get_slot(UNDERAGE):
        return await end_for_minor(dispatcher, tracker, situation.library)
    return advise_beside_staff(dispatcher, tracker, safety)


def advise_beside_staff(dispatcher: CollectingDispatcher, tracker: Tracker, safety: Safety | None) -> list[EventType]:
    """The advice on what the message itself tells, and nothing else: the rest is for the person who is there.

    The first three classes end an open check or hand-off, as they do without staff.
    """
    kept = keep_safety(tracker, safety)
    if safety is None or safety.way not in ("advise", "ask"):
        return kept
    if not safety.flag.ends:
        advise(dispatcher, safety)
        return kept
    opened = (tracker.active_loop or {}).get("name")
    advise(dispatcher, safety, **({"outcome": "urgent"} if opened == CHECK_FORM else {}))
    if opened == CHECK_FORM:
        return [*kept, *drop_interview(), ActiveLoop(None)]
    return [*kept, *drop_handoff(), SlotSet(REQUESTED, None), ActiveLoop(None)] if opened else kept


class ActionSafetyAdvice(VisitorAction):
    """Says what a red flag asks for; a message that needs no advice is answered as any other, by whoever is there."""

    def name(self) -> str:
        return "action_safety_advice"

    async def respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        situation = read_situation(tracker)
        if tracker.get_slot(TAKEOVER):
            return await guard_beside_staff(dispatcher, tracker, situation)
        safety = safety_of(tracker, situation.heard)
        if safety is None:
            return [*keep_safety(tracker, None), FollowupAction("action_answer")]
        advise(dispatcher, safety, **understood(safety, situation))
        return keep_safety(tracker, safety)
