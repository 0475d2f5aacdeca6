"""Decides whether a message tells of danger: what it is like, and what it literally says, joined."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.assessment.red_flags import RedFlags
from bot.language import neighbors, ranker
from bot.language.neighbors import Neighbors
from bot.language.ranker import Label, Ranker
from bot.language.softmax import Floats, Labels
from bot.readers.assertion import Assertions
from bot.readers.phrasings import Found

NO_DANGER = "no_danger"
NEIGHBORS_FILE = "neighbors.npz"
WEIGHT_OF_NEIGHBORS = 2
SURE_OF_SIGN = 0.6
# The most cautious class first: of two that are about as likely, it is the one.
SELF_HARM, CLINICIAN_FIRST = "self_harm", "clinician_first"
CAUTION = ("emergency", SELF_HARM, "urgent_care", CLINICIAN_FIRST)


@dataclass(frozen=True)
class Limits:
    """From which probability of danger a message is certain, or suspected; chosen on a development set.

    `certain_with`: the probability from which a phrasing that was found makes it certain; `ask_with`: from which it
    makes it suspected. The class clinician_first, which no minutes hang on, has limits of its own.
    """

    certain: float
    suspected: float
    certain_with: float
    ask_with: float
    review_certain: float
    review_suspected: float

    def of(self, kind: str) -> tuple[float, float]:
        """From where a likeness to a class is certain, and from where suspected."""
        review = (self.review_certain, self.review_suspected)
        return review if kind == CLINICIAN_FIRST else (self.certain, self.suspected)


@dataclass(frozen=True)
class Danger:
    """A red flag that a message raises: its id, its class, and whether it is certain."""

    id: str
    kind: str
    certain: bool
    probability: float

    def as_data(self) -> dict[str, Any]:
        """The flag as it travels in a message's parse data."""
        return {
            "id": self.id,
            "class": self.kind,
            "certain": self.certain,
            "probability": round(self.probability, 4),
        }


@dataclass(frozen=True)
class Judges:
    """Two opinions on a message: a ranker of flags, by meaning and spelling, and the nearest examples' classes."""

    ranker: Ranker
    neighbors: Neighbors

    def likelihoods(self, texts: Sequence[str], vectors: Iterable[Floats]) -> dict[Label, float]:
        """How likely each flag is; of the texts, a message and its parts, the one most like danger counts."""
        shares = [self._shares(text, vector) for text, vector in zip(texts, vectors, strict=True)]
        worst = min(shares, key=lambda found: float(found[self._safe].sum()))
        return {label: float(worst[place]) for place, label in enumerate(self.ranker.labels) if not self._safe[place]}

    @cached_property
    def _safe(self) -> NDArray[np.bool_]:
        return np.array([label.intent == NO_DANGER for label in self.ranker.labels])

    @cached_property
    def _places(self) -> Labels:
        """For each of the ranker's labels the place of its class among the neighbors'."""
        places = [self.neighbors.classes.index(label.intent) for label in self.ranker.labels]
        return np.array(places, dtype=np.int64)

    def _shares(self, text: str, vector: Floats) -> Floats:
        """The product of both opinions, by class."""
        ranked = self.ranker.probabilities(text, vector)
        joint = ranked * (self.neighbors.probabilities(vector) ** WEIGHT_OF_NEIGHBORS)[self._places]
        shares: Floats = joint / joint.sum()
        return shares

    def save(self, folder: Path) -> None:
        """Write both into a folder."""
        self.ranker.save(folder)
        np.savez(folder / NEIGHBORS_FILE, classes=np.array(self.neighbors.classes), **self.neighbors.arrays())


def load(folder: Path) -> Judges:
    """The judges in a folder."""
    with np.load(folder / NEIGHBORS_FILE, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "classes"}
        kept = Neighbors(tuple(map(str, stored["classes"])), **arrays)
    return Judges(ranker.load(folder), kept)


def fit(texts: Sequence[str], vectors: Floats, labels: Sequence[Label]) -> Judges:
    """Learn from texts, their vectors (texts, features) and their labels."""
    ranked = ranker.fit(texts, vectors, labels, lambda *_: None)
    return Judges(ranked, neighbors.fit(vectors, [label.intent for label in labels]))


def decide_danger(
    found: Mapping[Label, float], phrased: Collection[str], flags: RedFlags, limits: Limits
) -> Danger | None:
    """The flag that a message raises, if any: `phrased` are ids of flags whose phrasings stand in it and hold."""
    danger = sum(found.values())
    said: dict[str, list[str]] = {}
    for identifier in phrased:
        said.setdefault(flags.flag(identifier).kind, []).append(identifier)
    worst, likely = min(said, key=_rank, default=""), _likeliest_class(found)
    certain_from, suspected_from = limits.of(likely)
    if danger >= (limits.suspected if said else suspected_from):
        kind = worst if said and likely not in said else likely
        certain = danger >= (limits.certain_with if said else certain_from)
        return Danger(_sign(kind, found, said.get(kind, ())), kind, certain, danger)
    # Words of despair are asked about, however unlikely it is that they are meant.
    if SELF_HARM in said or (said and danger >= limits.ask_with):
        kind = worst if danger >= limits.ask_with else SELF_HARM
        return Danger(_sign(kind, found, said[kind]), kind, danger >= limits.certain_with, danger)
    return None


def _likeliest_class(found: Mapping[Label, float]) -> str:
    classes: dict[str, float] = {}
    for label, share in found.items():
        classes[label.intent] = classes.get(label.intent, 0.0) + share
    return max(classes, key=lambda name: classes[name])


def _sign(kind: str, found: Mapping[Label, float], said: Collection[str]) -> str:
    """The sign, where it is said in so many words or is likely enough; else the class, which has advice of its own."""
    shares = {label.name: share for label, share in found.items() if label.intent == kind}
    if said:
        return max(said, key=lambda name: shares.get(name, 0.0))
    likely = max(shares, key=lambda name: shares[name], default=kind)
    return likely if shares and shares[likely] >= SURE_OF_SIGN * sum(shares.values()) else kind


def _rank(kind: str) -> int:
    return CAUTION.index(kind) if kind in CAUTION else len(CAUTION)


def holds(found: Found, assertions: Assertions) -> bool:
    """Whether a phrasing says what it seems to: it is not denied, over, or only imagined.

    Another person's danger counts as danger, unless it is over.
    """
    judged = [assertions.judge(span, found.spans) for span in found.spans]
    return not any(one.negated or one.hypothetical or (one.past and not one.now) for one in judged)
