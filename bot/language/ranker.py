"""Ranks labels for a text by its meaning and its spelling together."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bot.language import ngrams, softmax
from bot.language.ngrams import NGrams
from bot.language.softmax import Floats, Labels, Linear

FLOOR = 1e-6


@dataclass(frozen=True)
class Label:
    """What an example is labelled with: a name, and the intent that it belongs to."""

    name: str
    intent: str


@dataclass(frozen=True)
class Ranker:
    """The labels and three models: one reads labels from the meaning, two read intents, from meaning and spelling.

    A label's intent is easier to tell than the label, so the intents' models correct the labels' one.
    """

    labels: tuple[Label, ...]
    of_label: Linear
    of_intent: Linear
    by_spelling: NGrams

    @cached_property
    def _places(self) -> Labels:
        """For each label the place of its intent."""
        intents = sorted({label.intent for label in self.labels})
        return np.array([intents.index(label.intent) for label in self.labels], dtype=np.int64)

    def probabilities(self, text: str, vector: Floats) -> Floats:
        """How likely each label is, shape (labels,): the product of the three models' opinions."""
        meant = self.of_label.probabilities(vector)
        intended = self.of_intent.probabilities(vector)
        spelt = self.by_spelling.probabilities(text)
        joint = (meant + FLOOR) * ((intended + FLOOR) * (spelt + FLOOR))[self._places]
        shares: Floats = joint / joint.sum()
        return shares

    def save(self, folder: Path) -> None:
        """Write the ranker into a folder, as plain numbers and text."""
        arrays = {
            "rarity": self.by_spelling.rarity,
            "spelling": self.by_spelling.weights,
            "bias": self.by_spelling.bias,
        }
        for name, linear in (("label", self.of_label), ("intent", self.of_intent)):
            arrays |= {f"{name}_{field}": value for field, value in vars(linear).items()}
        np.savez(folder / "ranker.npz", **arrays)
        listed = [[label.name, label.intent] for label in self.labels]
        (folder / "labels.json").write_text(json.dumps(listed), encoding="utf-8")


def load(folder: Path) -> Ranker:
    """The ranker in a folder."""
    labels = tuple(Label(*pair) for pair in json.loads((folder / "labels.json").read_text(encoding="utf-8")))
    with np.load(folder / "ranker.npz", allow_pickle=False) as stored:
        fields = list(Linear.__dataclass_fields__)
        of_label, of_intent = (Linear(*(stored[f"{name}_{field}"] for field in fields)) for name in ("label", "intent"))
        by_spelling = NGrams(stored["rarity"], ngrams.row_major(stored["spelling"]), stored["bias"])
    return Ranker(labels, of_label, of_intent, by_spelling)


def fit(
    texts: Sequence[str], vectors: Floats, given: Sequence[Label], progress: Callable[[str, int, int], None]
) -> Ranker:
    """Learn from texts, their vectors (texts, features) and their labels."""
    labels = tuple(sorted(set(given), key=lambda label: (label.intent, label.name)))
    intents = sorted({label.intent for label in labels})
    named = {label: place for place, label in enumerate(labels)}
    targets = np.array([named[label] for label in given], dtype=np.int64)
    kin = np.array([intents.index(label.intent) for label in labels], dtype=np.int64)
    of_label = softmax.fit(vectors, targets, kin, lambda done, total: progress("learning the labels", done, total))
    alone = np.arange(len(intents), dtype=np.int64)
    of_intent = softmax.fit(
        vectors, kin[targets], alone, lambda done, total: progress("learning the intents", done, total)
    )
    progress("learning the spellings", 0, 1)
    by_spelling = ngrams.fit(list(texts), kin[targets])
    progress("learning the spellings", 1, 1)
    return Ranker(labels, of_label, of_intent, by_spelling)
