"""What an action reads from the conversation, and the events that keep it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.routes import CHECK_FORM, as_meant
from bot.assessment.answers import read_answers
from bot.assessment.fields import FIELDS
from bot.assessment.heard import Heard, read_heard
from bot.assessment.state import Interview
from bot.knowledge.library import Library, open_library
from bot.knowledge.reply import (
    Answered,
    Choice,
    Context,
    Reply,
    Unclear,
    Understanding,
    decide,
    plain,
    read_understanding,
)
from bot.settings import settings

CHECK = "check"
CHOICES = "choices"
HANDOFF = "handoff"
UNDERAGE = "underage"
FORGET = "forget"
UNCLEAR = "unclear"
INTERVIEW = "interview."
EXPIRES = "expires_at"  # what the store of the conversations looks at
ANSWER = "interview.answer"
REQUESTED = "requested_slot"
ASKED_ABOUT = frozenset({"stop", "skip"})
# In the middle of the check these words mean something about the check, and elsewhere something else.
MEANT_IN_CHECK = {
    "why": "why",
    "how come": "why",
    "what": "repeat",
    "huh": "repeat",
    "what do you mean": "repeat",
    "go back": "back",
    "undo": "back",
    "later": "later",
    "continue": "resume",
    "go on": "resume",
}


@dataclass(frozen=True)
class Situation:
    """A message and what the knowledge base makes of it."""

    library: Library
    understanding: Understanding
    context: Context
    reply: Reply
    heard: Heard


def read_situation(tracker: Tracker) -> Situation:
    """The latest message, understood in the conversation's context."""
    library = open_library(settings().knowledge_dir).current
    understanding, context = read_understanding(tracker.latest_message), read_context(tracker)
    reply = as_meant(decide(understanding, context, library), understanding.text, library)
    answers = bool(tracker.active_loop) and _interview(tracker.latest_message) == ANSWER
    heard = read_heard(
        tracker.latest_message,
        about=_about(reply),
        sure=isinstance(reply, Answered) and not answers,
        small_talk=_small_talk(reply) and not answers,
        command=_command(tracker.latest_message, (tracker.active_loop or {}).get("name"), isinstance(reply, Answered)),
    )
    return Situation(library, understanding, context, reply, heard)


def _small_talk(reply: Reply) -> bool:
    return isinstance(reply, Answered) and all(entry.kind == "smalltalk" for entry in reply.entries)


def _about(reply: Reply) -> str | None:
    """The topic that there is something to say on."""
    if isinstance(reply, Answered):
        return next((entry.topic for entry in reply.entries if entry.kind != "smalltalk"), None)
    # Of several that may be meant it is none that begins something.
    return UNCLEAR if isinstance(reply, Unclear) else None


def _command(message: Mapping[str, Any], form: str | None, answered: bool) -> str | None:
    """What the visitor wants done with the open form: the likeliest command, if the message has a word of it.

    `answered` says that the knowledge base has an answer to the message.
    """
    meant = MEANT_IN_CHECK.get(plain(str(message.get("text") or ""))) if form else None
    command, answers = _interview(message).removeprefix(INTERVIEW), message.get("answers") or {}
    if form == CHECK_FORM and command in ASKED_ABOUT and answered and answers.get("asks"):
        return meant  # "should I stop it for this?" asks about a medicine
    return meant or (command if command in answers.get("named_commands", ()) else None)


def _interview(message: Mapping[str, Any]) -> str:
    """What the message is to an interview: `interview.answer`, one of its commands, or nothing."""
    return str((message.get("interview") or {}).get("label", ""))


def read_context(tracker: Tracker) -> Context:
    """The knowledge base's context as its slots hold it."""
    offered = tuple(Choice(**choice) for choice in tracker.get_slot(CHOICES) or ())
    return Context(tracker.get_slot("last_entry"), offered, int(tracker.get_slot("misses") or 0))


def keep_context(before: Context, after: Context) -> list[EventType]:
    """The events that make slots say `after`; unchanged slots are left alone."""
    values: list[tuple[str, object, object]] = [
        ("last_entry", before.last_entry, after.last_entry),
        (CHOICES, before.choices, after.choices),
        ("misses", before.misses, after.misses),
    ]
    as_data = {CHOICES: [vars(choice) for choice in after.choices] or None}
    # Choices that are offered again are said again: those that an action does not say are over with its turn.
    return [
        SlotSet(name, as_data.get(name, new)) for name, old, new in values if old != new or (name == CHOICES and new)
    ]


def read_interview(tracker: Tracker) -> Interview:
    """Where the check stands."""
    kept: Mapping[str, Any] = tracker.get_slot(CHECK) or {}
    answers = read_answers({name: tracker.get_slot(name) for name in FIELDS}, FIELDS)
    details = {name: value for name, value in kept.items() if name != EXPIRES}
    details["done"] = tuple(kept.get("done", ()))
    return Interview(answers=answers, **details) if kept else Interview(answers)


def keep_interview(before: Interview, after: Interview) -> list[EventType]:
    """The events that make slots say where the check stands; nothing is left of one that holds nothing."""
    old, new = before.answers.as_slots(FIELDS), after.answers.as_slots(FIELDS)
    changed: list[EventType] = [SlotSet(name, new[name]) for name in FIELDS if new[name] != old[name]]
    details = {name: value for name, value in asdict(after).items() if name != "answers"}
    return [*changed, SlotSet(CHECK, {**details, "done": list(after.done), EXPIRES: after.expires_at})]


def drop_interview() -> list[EventType]:
    """The events that forget the check."""
    return [SlotSet(name, None) for name in (*FIELDS, CHECK, REQUESTED)]


def drop_handoff() -> list[EventType]:
    """The events that forget the hand-off, in the slots and in the transcript."""
    return [SlotSet(HANDOFF, None), SlotSet(FORGET, "contact")]
