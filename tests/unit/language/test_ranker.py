"""The ranker learns, is kept without loss, and is nothing but numbers on disk."""

from pathlib import Path

import numpy as np
import pytest

from bot.language import ranker
from bot.language.ranker import Label, Ranker
from bot.language.softmax import Floats

GREEN, BLUE, RED = Label("cool.green", "cool"), Label("cool.blue", "cool"), Label("warm.red", "warm")


def examples(labels: list[Label]) -> tuple[list[str], Floats, list[Label]]:
    """Forty texts a label, whose vectors lie around a corner of their own."""
    chance = np.random.default_rng(7)
    given = [label for label in labels for _ in range(40)]
    vectors = np.stack([np.eye(8)[labels.index(label)] + chance.normal(0, 0.2, 8) for label in given])
    return [f"{label.name} number {place}" for place, label in enumerate(given)], vectors.astype(np.float32), given


@pytest.fixture(scope="module")
def trained() -> Ranker:
    return ranker.fit(*examples([GREEN, BLUE, RED]), lambda stage, done, total: None)


def test_what_was_learnt_is_ranked_first(trained: Ranker) -> None:
    shares = trained.probabilities("warm.red again", np.eye(8, dtype=np.float32)[2])
    assert trained.labels[int(shares.argmax())] == RED
    assert float(shares.sum()) == pytest.approx(1, abs=1e-5)


def test_a_ranker_says_the_same_after_it_was_kept(trained: Ranker, tmp_path: Path) -> None:
    trained.save(tmp_path)
    kept = ranker.load(tmp_path)
    vector = np.linspace(-1, 1, 8, dtype=np.float32)
    assert kept.labels == trained.labels
    assert np.allclose(kept.probabilities("blue?", vector), trained.probabilities("blue?", vector), atol=1e-6)


def test_training_twice_gives_the_same_numbers(trained: Ranker) -> None:
    again = ranker.fit(*examples([GREEN, BLUE, RED]), lambda stage, done, total: None)
    assert np.array_equal(again.of_label.weights, trained.of_label.weights)


def test_two_intents_are_enough() -> None:
    both = ranker.fit(*examples([GREEN, RED]), lambda stage, done, total: None)
    shares = both.probabilities("cool.green", np.eye(8, dtype=np.float32)[0])
    assert both.labels[int(shares.argmax())] == GREEN
