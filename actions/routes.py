"""Which messages are more than questions: they begin a hand-off, or ask for something to be done with one's data."""

from bot.knowledge.reply import PERSON, Answered, PersonOffered, Reply, Understanding

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


def account_act(reply: Reply) -> str | None:
    """What is to be done with the visitor's own data, where the message says nothing else."""
    if isinstance(reply, Answered) and len(reply.entries) == 1:
        return ACCOUNT_ACTS.get(reply.entries[0].id)
    return None


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
