"""Decides whether a message holds one question or several."""

from collections.abc import Sequence

from bot.language.verdict import Judged, Thresholds

MOST_ANSWERS = 3
SURE_ALONE = 0.9


def choose_parts(whole: Judged, parts: Sequence[Judged], thresholds: Thresholds) -> list[Judged]:
    """The parts that are questions of their own, where at least two of different intents are sure; else the whole.

    A whole that is unclear gives way to its only sure question: the rest of it was a story.
    """
    sure = _sure(parts, thresholds.part_above)
    if len(sure) > 1:
        return sure[:MOST_ANSWERS]
    alone = only_question(parts)
    return [alone] if alone and whole.verdict == "unsure" else [whole]


def only_question(parts: Sequence[Judged]) -> Judged | None:
    """The one question that is quite sure, whatever else the message says."""
    sure = _sure(parts, SURE_ALONE)
    return sure[0] if len(sure) == 1 else None


def _sure(parts: Sequence[Judged], above: float) -> list[Judged]:
    found: dict[str, Judged] = {}
    for part in parts:
        if part.verdict == "answer" and part.confidence >= above:
            found.setdefault(part.intents[0][0], part)
    return list(found.values())
