"""What becomes of a lead in the staff's hands: the states, which may follow which, and the reasons to choose from."""

from collections.abc import Mapping

from bot.leads.records import Status

TITLES: Mapping[Status, str] = {
    "new": "New",
    "contacted": "Contacted",
    "booked": "Booked",
    "not_suitable": "Not suitable",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
}

OUTCOMES: Mapping[str, str] = {
    "urgent": "Urgent",
    "underage": "Under age",
    "not_now": "Not now",
    "clinician_review": "A clinician looks first",
    "qualified": "Qualified",
    "none": "No check",
}

# `withdrawn` is the person's word: no member of staff sets it, and none undoes it.
FOLLOWING: Mapping[Status, tuple[Status, ...]] = {
    "new": ("contacted", "not_suitable", "closed"),
    "contacted": ("booked", "not_suitable", "closed"),
    "booked": ("contacted", "not_suitable", "closed"),
    "not_suitable": ("contacted",),
    "closed": ("contacted",),
    "withdrawn": (),
}

# Who chooses it says in words of their own what it was.
OTHER = "other"
REASONS: Mapping[Status, Mapping[str, str]] = {
    "contacted": {
        "talked": "Talked with them",
        "wrote": "Wrote to them",
        "left_message": "Left a message",
        "came_back": "They got in touch again",
        "mistaken": "The state before was a mistake",
        OTHER: "Another reason",
    },
    "booked": {
        "consultation": "A consultation is booked",
        "call": "A call with a clinician is booked",
        OTHER: "Another reason",
    },
    "not_suitable": {
        "clinician_decided": "A clinician decided against it",
        "care_first": "They need other care first",
        "expectations": "It cannot do what they hope for",
        OTHER: "Another reason",
    },
    "closed": {
        "unreachable": "Could not be reached",
        "not_interested": "They do not want it any more",
        "answered": "Their question was answered",
        "elsewhere": "They went elsewhere",
        "no_request": "A test, or no real request",
        OTHER: "Another reason",
    },
}


def reason_in_words(status: Status, code: str, more: str) -> str:
    """What is kept of a reason that was chosen, and of what was added in free words; empty where it says nothing."""
    chosen = "" if code == OTHER else REASONS.get(status, {}).get(code, "")
    return ": ".join(part for part in (chosen, " ".join(more.split())) if part)
