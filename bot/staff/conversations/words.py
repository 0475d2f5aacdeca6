"""How the pages about conversations name what a turn was."""

from collections.abc import Mapping

from bot.leads.conversations import View

# What a turn was: as its title, and as one and several are counted.
KINDS: Mapping[str, tuple[str, str, str]] = {
    "answer": ("Answered", "answer", "answers"),
    "clarify": ("Asked which is meant", "asked back", "asked back"),
    "question": ("Asked a question", "question", "questions"),
    "assessment": ("Outcome of the check", "outcome", "outcomes"),
    "handoff": ("Hand-off", "hand-off step", "hand-off steps"),
    "account": ("Own data", "about own data", "about own data"),
    "urgent": ("Safety advice", "safety advice", "safety advices"),
    "refusal": ("Refused", "refused", "refused"),
    "out_of_scope": ("Held back", "held back", "held back"),
    "smalltalk": ("Small talk", "small talk", "small talk"),
    "error": ("Failed", "failed", "failed"),
    "none": ("The assistant was silent", "left to staff", "left to staff"),
}
TONES: Mapping[str, str] = {"urgent": "danger", "out_of_scope": "warn", "clarify": "warn", "error": "warn"}
# What stands where a view has no conversation: what that means, and what to do.
EMPTY: Mapping[View, tuple[str, str]] = {
    "all": (
        "Nobody has written yet.",
        "As soon as a visitor writes on any channel, the conversation stands here. Conversations go when they were not "
        "used for as long as they are kept.",
    ),
    "flagged": ("No red flag.", "Conversations in which a sign of danger was noticed stand here."),
    "waiting": ("Nobody waits for a person.", "Visitors who wrote to a member of the staff and wait stand here."),
    "taken": ("Nobody is in a conversation.", "Take one over on its page, and it stands here until it is given back."),
    "lead": ("No conversation has a lead.", "Conversations in which a visitor handed a request over stand here."),
    "no_lead": ("None is without a lead.", "Conversations in which nothing was handed over stand here."),
}
FILTERED = ("No conversation fits.", "Take a filter away, or clear them all.")


def kind_title(kind: str) -> str:
    """What a turn of a kind did."""
    return KINDS[kind][0] if kind in KINDS else kind


def kind_tone(kind: str) -> str:
    """How much a kind stands out."""
    return TONES.get(kind, "plain")


def count_kinds(kinds: Mapping[str, int]) -> str:
    """Numbers of turns: `3 answers, 1 held back`."""
    known = ((KINDS.get(kind, (kind, kind, kind)), number) for kind, number in kinds.items())
    return ", ".join(f"{number} {words[1] if number == 1 else words[2]}" for words, number in known)


def share(probability: float | None) -> str:
    """A probability as people read it; nothing for None."""
    if probability is None:
        return ""
    return "over 99 %" if probability > 0.99 else "under 1 %" if probability < 0.01 else f"{probability * 100:.0f} %"
