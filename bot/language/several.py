"""Decides whether a message holds one question or several."""

from collections.abc import Sequence

from bot.language.verdict import Judged, Thresholds

MOST_ANSWERS = 3


def choose_parts(whole: Judged, parts: Sequence[Judged], thresholds: Thresholds) -> list[Judged]:
    """The parts that are questions of their own, where at least two of different intents are sure; else the whole."""
    sure: dict[str, Judged] = {}
    for part in parts:
        if part.verdict == "answer" and part.confidence >= thresholds.part_above:
            sure.setdefault(part.intents[0][0], part)
    return list(sure.values())[:MOST_ANSWERS] if len(sure) > 1 else [whole]
