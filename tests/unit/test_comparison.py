"""How ways to classify are compared on the same questions."""

from pathlib import Path

import numpy as np
import pytest

from bot.cli.evaluation.comparison import as_table, measure
from bot.cli.evaluation.examples import Examples, read_examples
from bot.cli.evaluation.labels import Question, parse_label
from bot.cli.evaluation.methods import METHODS, Features, Ranked, ngrams, rank
from bot.errors import SettingError

TOPICS = {"cost", "what_is", "scarring", "bot_identity"}


def asked(label: str) -> Question:
    return Question(1, "how much", parse_label(label, TOPICS))


def ranked(shares: list[list[float]]) -> Ranked:
    return Ranked("a method", ("cost", "out_of_scope", "scarring", "what_is", "bot_identity"), np.array(shares), 1.0)


def test_a_method_is_measured_on_topics_and_on_telling_strangers_apart() -> None:
    questions = [asked("cost"), asked("what_is|scarring"), asked("scarring"), asked("out_of_scope")]
    shares = [
        [0.6, 0.1, 0.1, 0.1, 0.1],
        [0.5, 0.1, 0.2, 0.1, 0.1],
        [0.3, 0.0, 0.1, 0.3, 0.3],
        [0.1, 0.6, 0.1, 0.1, 0.1],
    ]
    found = measure(ranked(shares), questions)
    assert (round(found.top, 2), round(found.among, 2), found.auroc, found.held_back) == (0.33, 0.67, 1.0, 1.0)


def test_out_of_scope_is_no_choice_of_a_method() -> None:
    found = measure(ranked([[0.2, 0.7, 0.05, 0.05, 0.0]]), [asked("cost")])
    assert found.top == 1.0
    assert np.isnan(found.auroc)
    assert "100.0 %" in as_table([found])


def test_examples_are_read_by_topic_and_follow_ups_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "cost.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: cost\n  metadata: {entry: cost.x}\n'
        "  examples: |\n    - how much\n    - a - b?\n"
    )
    (tmp_path / "follow_up.yml").write_text("nlu:\n- intent: follow_up\n  examples: |\n    - why\n- lookup: brands\n")
    found = read_examples(tmp_path)
    assert (found.texts, found.topics) == (("how much", "a - b?"), ("cost", "cost"))


def test_broken_training_data_is_named(tmp_path: Path) -> None:
    (tmp_path / "cost.yml").write_text("nlu: [")
    with pytest.raises(SettingError, match=r"cost\.yml"):
        read_examples(tmp_path)


def test_every_method_learns_and_ranks_each_label() -> None:
    examples = Examples(
        tuple(f"price of it {word}" for word in "abcdefghij")
        + tuple(f"does it leave marks {word}" for word in "abcdefghij"),
        ("cost",) * 10 + ("scarring",) * 10,
    )
    vectors = np.random.default_rng(1).normal(size=(20, 8)).astype(np.float32)
    vectors[:10, 0] += 5
    learned, questions = ngrams(examples.texts, ["what price", "any marks"])
    features = Features(learned, questions, vectors, vectors[[0, 19]])
    for method in METHODS:
        found = rank(method, examples, features)
        assert found.labels == ("cost", "scarring")
        assert found.shares.argmax(axis=1).tolist() == [0, 1], method
