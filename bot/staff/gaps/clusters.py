"""Puts questions together that mean the same: pure, questions and their vectors in, clusters out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from bot.staff.gaps.questions import REASONS, Question, Reason

Floats = NDArray[np.float32]

# Chosen on the 895 questions of tests/nlu/development.tsv that have one topic. Two questions are as far apart as one
# less the cosine of their vectors, and farther where the assistant took them for different topics: it gave the topic
# right in half of the cases there, which is worse than it does, and even so raised the share of questions that stand
# among their own topic's from 61 % to 72 %. At 0.6, 56 % of all questions find others; at 0.65 groups of nineteen
# appear that have only "stem cell" in common, and below 0.5 seven of ten questions stand alone.
APART = 0.6
OTHER_TOPIC = 0.2


@dataclass(frozen=True)
class Cluster:
    """Questions that mean the same, the most central first; `entry` is what they were taken for most often."""

    questions: Sequence[Question]
    entry: str | None

    @property
    def title(self) -> str:
        """The question that stands for all."""
        return self.questions[0].text

    @property
    def reasons(self) -> Mapping[Reason, int]:
        """How many are there for which reason."""
        counts = Counter(question.reason for question in self.questions)
        return {reason: counts[reason] for reason in REASONS if counts[reason]}

    @property
    def newest(self) -> datetime:
        """When the newest one was asked, or marked."""
        return max(question.at for question in self.questions)


def cluster(questions: Sequence[Question], vectors: Floats) -> list[Cluster]:
    """The clusters of questions with a vector of length 1 each; the largest first, of equal ones the newest."""
    groups: dict[int, list[int]] = {}
    for place, group in enumerate(_groups(questions, vectors)):
        groups.setdefault(group, []).append(place)
    found = [_cluster(questions, vectors, places) for places in groups.values()]
    return sorted(found, key=lambda one: (len(one.questions), one.newest), reverse=True)


def _groups(questions: Sequence[Question], vectors: Floats) -> Sequence[int]:
    if len(questions) < 2:
        return [0] * len(questions)
    numbers: dict[str | None, int] = {}
    topics = np.array([numbers.setdefault(question.topic, len(numbers)) for question in questions])
    apart = np.clip(1 - vectors @ vectors.T, 0, None) + OTHER_TOPIC * (topics[:, None] != topics[None, :])
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), "average")
    return [int(group) for group in fcluster(tree, APART, "distance")]


def _cluster(questions: Sequence[Question], vectors: Floats, places: Sequence[int]) -> Cluster:
    own = vectors[list(places)]
    central = np.argsort(-(own @ own.mean(axis=0)), kind="stable")
    ordered = [questions[places[place]] for place in central]
    entries = Counter(question.entry for question in ordered if question.entry)
    return Cluster(ordered, entries.most_common(1)[0][0] if entries else None)
