"""A verdict is sure, unsure, or none of these; several questions count only where they are sure."""

import numpy as np
import pytest

from bot.language.ranker import Label
from bot.language.several import choose_parts
from bot.language.verdict import Judged, Thresholds, judge

THRESHOLDS = Thresholds(none_of_these="other", none_above=0.3, answer_above=0.6, part_above=0.5)
LABELS = (
    Label("pizza.price", "pizza"),
    Label("pizza.size", "pizza"),
    Label("hours.when", "hours"),
    Label("other", "other"),
)


def judged(*shares: float) -> Judged:
    return judge("text", np.array(shares, dtype=np.float32), LABELS, THRESHOLDS)


def test_a_likely_intent_is_answered_by_its_likeliest_label() -> None:
    found = judged(0.5, 0.3, 0.1, 0.1)
    assert (found.verdict, found.candidates[0][0]) == ("answer", "pizza.price")
    assert found.confidence == pytest.approx(0.8)


def test_intents_that_are_close_leave_it_unsure_and_are_all_offered() -> None:
    found = judged(0.45, 0.0, 0.45, 0.1)
    assert found.verdict == "unsure"
    assert [name for name, _ in found.candidates] == ["pizza.price", "hours.when"]


def test_what_is_like_the_examples_of_none_is_none() -> None:
    found = judged(0.4, 0.1, 0.1, 0.4)
    assert (found.verdict, found.confidence) == ("none", pytest.approx(0.4))


def test_the_share_of_none_is_left_out_when_the_others_are_compared() -> None:
    assert judged(0.5, 0.0, 0.24, 0.26).verdict == "answer"


def test_two_sure_questions_are_both_kept_in_their_order() -> None:
    price, hours = judged(0.9, 0.0, 0.05, 0.05), judged(0.05, 0.0, 0.9, 0.05)
    assert choose_parts(price, [hours, price], THRESHOLDS) == [hours, price]


def test_one_sure_question_among_unsure_ones_leaves_a_clear_message_whole() -> None:
    whole, sure, unsure = judged(0.9, 0.0, 0.05, 0.05), judged(0.05, 0.0, 0.9, 0.05), judged(0.45, 0.0, 0.45, 0.1)
    assert choose_parts(whole, [sure, unsure], THRESHOLDS) == [whole]


def test_an_unclear_story_gives_way_to_its_only_sure_question() -> None:
    story, question = judged(0.45, 0.0, 0.45, 0.1), judged(0.02, 0.0, 0.95, 0.03)
    assert choose_parts(story, [question], THRESHOLDS) == [question]


def test_the_same_intent_twice_is_one_question() -> None:
    price, size = judged(0.9, 0.0, 0.05, 0.05), judged(0.0, 0.9, 0.05, 0.05)
    assert choose_parts(price, [price, size], THRESHOLDS) == [price]
