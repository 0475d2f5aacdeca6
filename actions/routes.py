"""Which messages are more than questions: they begin a hand-off, or ask for something to be done with one's data."""

from bot.handoff.mistaken import (
    is_about_address,
    is_about_others,
    is_not_to_be_deleted,
    is_on_one_message,
    is_waved_aside,
    speaks_of_deletion,
)
from bot.knowledge.library import Library
from bot.knowledge.reply import PERSON, Answered, NotCovered, PersonOffered, Reply, Understanding

CHECK_FORM = "assessment_form"
HANDOFF_FORM = "handoff_form"
ACCOUNT = "action_account"
ANSWER = "action_answer"
SAFETY = "action_safety_advice"

# Entries that are not said where a person can be reached: whoever means one of them wants a person.
WANTS_PERSON = frozenset({PERSON, "consultation_booking.call_me_back", "consultation_booking.book_appointment"})
LIKELY_PERSON = 0.5
# Entries that are said where there is nothing to act on, and what whoever means them wants done.
ACCOUNT_ACTS = {
    "privacy_data.show_my_details": "show",
    "privacy_data.change_my_details": "change",
    "privacy_data.stop_contact": "withdraw",
    "privacy_data.erase_now": "delete",
}
OTHERS = "privacy_data.other_peoples_data"
HOW_TO_DELETE = "privacy_data.delete_my_data"


def account_act(reply: Reply) -> str | None:
    """What is to be done with the visitor's own data, where the message says nothing else."""
    if isinstance(reply, Answered) and len(reply.entries) == 1:
        return ACCOUNT_ACTS.get(reply.entries[0].id)
    return None


def as_meant(reply: Reply, text: str, library: Library) -> Reply:
    """The reply, unless it would do what was not asked for: nothing is done with anybody else's data."""
    act = account_act(reply)
    if act is None:
        return reply
    if is_about_others(text, shown=act == "show"):
        return Answered((library.entries[OTHERS],), 1.0)
    if act == "delete" and not _means_deletion(text):
        return Answered((library.entries[HOW_TO_DELETE],), 1.0)
    unmeant = act == "withdraw" and (is_waved_aside(text) or is_about_address(text))
    return NotCovered(1.0) if unmeant else reply


def _means_deletion(text: str) -> bool:
    """Whether everything is to be deleted, now: what is gone is gone."""
    refused = is_waved_aside(text) or is_on_one_message(text) or is_not_to_be_deleted(text)
    return speaks_of_deletion(text) and not refused


def wants_person(reply: Reply) -> bool:
    """Whether the message only asks to be put in touch with a person."""
    return isinstance(reply, Answered) and all(entry.id in WANTS_PERSON for entry in reply.entries)


def may_want_person(understanding: Understanding) -> bool:
    """Whether a message that nothing answers most likely asks for a person: to ask back costs nothing."""
    likeliest = [part.candidates[0] for part in understanding.parts if part.candidates]
    return any(label in WANTS_PERSON and share >= LIKELY_PERSON for label, share in likeliest)


def offers_person(reply: Reply) -> bool:
    """Whether the reply's words say that a person can be reached, so that a yes to it means that."""
    asked_too = isinstance(reply, Answered) and any(entry.id in WANTS_PERSON for entry in reply.entries)
    return asked_too or isinstance(reply, PersonOffered)


def route_of(reply: Reply) -> str | None:
    """The action that a message belongs to beside the answers; None for one that is answered."""
    if wants_person(reply):
        return HANDOFF_FORM
    return ACCOUNT if account_act(reply) else None
