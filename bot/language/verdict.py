"""From probabilities to a verdict: answer, unsure, or none of these."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.language.ranker import Label
from bot.language.softmax import Floats

MOST_CANDIDATES = 5


@dataclass(frozen=True)
class Thresholds:
    """Where a verdict turns; chosen on one half of the development set, reported on the other.

    `none_above`: the share of `none_of_these` from which nothing is answered. `answer_above`: the share, among the
    other intents, from which the likeliest is answered. `part_above`: the same for one question of several.
    """

    none_of_these: str
    none_above: float
    answer_above: float
    part_above: float


@dataclass(frozen=True)
class Judged:
    """The verdict on one text with the labels it rests on: the best of each intent, likeliest intent first."""

    text: str
    verdict: str
    confidence: float
    candidates: tuple[tuple[str, float], ...]
    intents: tuple[tuple[str, float], ...]

    def as_data(self) -> dict[str, Any]:
        """The verdict as it travels in a message's parse data."""
        return {
            "text": self.text,
            "verdict": self.verdict,
            "confidence": round(self.confidence, 4),
            "candidates": [[name, round(share, 4)] for name, share in self.candidates],
        }


def by_intent(shares: Floats, labels: Sequence[Label]) -> list[tuple[str, float, str]]:
    """Intents with their summed share and their best label, likeliest first."""
    totals: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, str]] = {}
    for label, share in zip(labels, shares.tolist(), strict=True):
        totals[label.intent] += share
        if share > best.get(label.intent, (-1.0, ""))[0]:
            best[label.intent] = (share, label.name)
    ranked = sorted(totals.items(), key=lambda pair: -pair[1])
    return [(intent, total, best[intent][1]) for intent, total in ranked]


def judge(text: str, shares: Floats, labels: Sequence[Label], thresholds: Thresholds) -> Judged:
    """The verdict on a text whose labels have these shares."""
    ranked = by_intent(shares, labels)
    intents = tuple((intent, total) for intent, total, _ in ranked)
    none = sum(total for intent, total in intents if intent == thresholds.none_of_these)
    known = [(name, total) for intent, total, name in ranked if intent != thresholds.none_of_these]
    candidates = tuple(known[:MOST_CANDIDATES])
    if none >= thresholds.none_above or not candidates:
        return Judged(text, "none", none, candidates, intents)
    within = candidates[0][1] / max(1 - none, 1e-9)
    verdict = "answer" if within >= thresholds.answer_above else "unsure"
    return Judged(text, verdict, candidates[0][1], candidates, intents)
