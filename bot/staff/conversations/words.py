"""How the pages about conversations name what a turn was."""

from collections.abc import Mapping

# What a turn was: as its title, and as one and several are counted.
KINDS: Mapping[str, tuple[str, str, str]] = {
    "answer": ("Answered", "answer", "answers"),
    "clarify": ("Asked which is meant", "asked back", "asked back"),
    "question": ("Asked a question of a form", "question", "questions"),
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
