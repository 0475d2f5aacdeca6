"""Ranks labels for a text by its meaning and its spelling together."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.language import ngrams, softmax
from bot.language.ngrams import NGrams
from bot.language.softmax import Floats, Linear

SPELLING_WEIGHT = 0.8
FLOOR = 1e-6


@dataclass(frozen=True)
class Label:
    """What an example is labelled with: a name, and the intent that it belongs to."""

    name: str
    intent: str


@dataclass(frozen=True)
class Ranker:
    """The labels and the two models over them; probabilities have shape (labels,)."""

    labels: tuple[Label, ...]
    meaning: Linear
    spelling: NGrams

    def probabilities(self, text: str, vector: Floats) -> Floats:
        """How likely each label is: the product of the two models' opinions; spelling has a little less to say."""
        meant = self.meaning.probabilities(vector[None, :])[0]
        spelt = self.spelling.probabilities([text])[0]
        joint = (meant + FLOOR) * (spelt + FLOOR) ** SPELLING_WEIGHT
        shares: Floats = joint / joint.sum()
        return shares

    def save(self, folder: Path) -> None:
        """Write the ranker into a folder, as plain numbers and text."""
        np.savez(
            folder / "ranker.npz",
            mean=self.meaning.mean,
            deviation=self.meaning.deviation,
            weights=self.meaning.weights,
            bias=self.meaning.bias,
            rarity=self.spelling.rarity,
            spelling=self.spelling.weights.astype(np.float16),
            spelling_bias=self.spelling.bias,
        )
        listed = [[label.name, label.intent] for label in self.labels]
        (folder / "labels.json").write_text(json.dumps(listed), encoding="utf-8")


def load(folder: Path) -> Ranker:
    """The ranker in a folder."""
    labels = tuple(Label(*pair) for pair in json.loads((folder / "labels.json").read_text(encoding="utf-8")))
    with np.load(folder / "ranker.npz", allow_pickle=False) as stored:
        meaning = Linear(stored["mean"], stored["deviation"], stored["weights"], stored["bias"])
        spelling = NGrams(stored["rarity"], ngrams.row_major(stored["spelling"]), stored["spelling_bias"])
    return Ranker(labels, meaning, spelling)


def fit(
    texts: Sequence[str], vectors: Floats, given: Sequence[Label], progress: Callable[[str, int, int], None]
) -> Ranker:
    """Learn from texts, their vectors (texts, features) and their labels."""
    labels = tuple(sorted(set(given), key=lambda label: (label.intent, label.name)))
    places = {label: place for place, label in enumerate(labels)}
    targets = np.array([places[label] for label in given], dtype=np.int64)
    intents = sorted({label.intent for label in labels})
    groups = np.array([intents.index(label.intent) for label in labels], dtype=np.int64)
    meaning = softmax.fit(vectors, targets, groups, lambda done, total: progress("learning meanings", done, total))
    progress("learning spellings", 0, 1)
    spelling = ngrams.fit(list(texts), targets)
    progress("learning spellings", 1, 1)
    return Ranker(labels, meaning, spelling)
