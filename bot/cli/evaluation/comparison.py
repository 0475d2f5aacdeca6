"""Compares ways to classify on the same questions, as `strand eval FILE --components` prints it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from bot.cli.evaluation.diet import METHOD as DIET
from bot.cli.evaluation.diet import rank_with_diet
from bot.cli.evaluation.examples import Examples, read_examples
from bot.cli.evaluation.labels import OUT_OF_SCOPE, Question
from bot.cli.evaluation.methods import METHODS, Features, Ranked, Shares, ngrams, rank
from bot.cli.evaluation.report import percent, table
from bot.language.encoder import load
from bot.settings import PROJECT, Settings

CHOICES = 3
HELD_BACK_WRONGLY = 0.03

EXPLANATION = """\
Every method learns topics, and out_of_scope, from the same examples and must choose; nothing is clarified or held back.
top-1: lines in scope whose likeliest topic is one of the label's. among 3: one of the three likeliest is.
AUROC: how well "no topic is likely" tells lines out of scope from lines in scope (0.5 is chance).
held back: lines out of scope that are held back at the threshold which holds back 3 % of the lines in scope."""


@dataclass(frozen=True)
class Ability:
    """What a method can do on some questions, as shares; `auroc` and `held_back` are NaN without both scopes."""

    method: str
    top: float
    among: float
    auroc: float
    held_back: float
    training_seconds: float


def measure(ranked: Ranked, questions: Sequence[Question]) -> Ability:
    """The ability of `ranked` on `questions`, one row of its shares a question."""
    columns = [index for index, label in enumerate(ranked.labels) if label != OUT_OF_SCOPE]
    topics = [ranked.labels[index] for index in columns]
    shares = ranked.shares[:, columns]
    inside = np.array([question.in_scope for question in questions])
    order = np.argsort(-shares, axis=1, kind="stable")[:, :CHOICES]
    wanted = [{topic for side in question.alternatives for topic in side} for question in questions]
    right = [[topics[index] in accepted for index in row] for row, accepted in zip(order, wanted, strict=True)]
    hits = np.array(right)[inside]
    strangeness = 1.0 - shares.max(axis=1)
    auroc, held_back = _separation(strangeness, inside)
    return Ability(
        ranked.method,
        float(hits[:, 0].mean()),
        float(hits.any(axis=1).mean()),
        auroc,
        held_back,
        ranked.training_seconds,
    )


def _separation(strangeness: Shares, inside: NDArray[np.bool_]) -> tuple[float, float]:
    if inside.all() or not inside.any():
        return float("nan"), float("nan")
    threshold = np.quantile(strangeness[inside], 1 - HELD_BACK_WRONGLY)
    return float(roc_auc_score(~inside, strangeness)), float((strangeness[~inside] > threshold).mean())


def _features(examples: Examples, asked: Sequence[str], settings: Settings, show: Callable[..., None]) -> Features:
    encoder = load(settings.state_dir / "encoder")
    learned_ngrams, asked_ngrams = ngrams(examples.texts, asked)
    learned = encoder.encode_many(examples.texts, lambda done, of: show("Encoding the examples", done, of))
    return Features(learned_ngrams, asked_ngrams, learned, encoder.encode_many(asked))


def compare(
    questions: Sequence[Question], settings: Settings, show: Callable[..., None], with_diet: bool = True
) -> str:
    """The table of all methods on `questions`, and what its columns mean; `show(stage, done, of)` hears of progress."""
    show("Reading the examples")
    examples = read_examples(PROJECT / "data" / "nlu")
    asked = [question.text for question in questions]
    features = _features(examples, asked, settings, show)
    found: list[Ability] = []
    for method in METHODS:
        show(f"Training: {method}")
        found.append(measure(rank(method, examples, features), questions))
    if with_diet:
        show(f"Training: {DIET} (minutes)")
        found.append(measure(rank_with_diet(examples, asked), questions))
    return f"{EXPLANATION}\n\n{len(examples.texts)} examples, {len(questions)} questions\n\n{as_table(found)}"


def as_table(found: Sequence[Ability]) -> str:
    """The methods as rows."""
    rows = [
        [
            one.method,
            percent(one.top),
            percent(one.among),
            f"{one.auroc:.3f}",
            percent(one.held_back),
            f"{one.training_seconds:.0f} s",
        ]
        for one in found
    ]
    return table(["method", "top-1", "among 3", "AUROC", "held back", "training"], rows)
