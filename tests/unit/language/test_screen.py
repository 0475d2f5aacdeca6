"""The screen: what a message is like and what it literally says, joined to one decision on danger."""

from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from bot.assessment.red_flags import read_red_flags
from bot.language import neighbors, screen
from bot.language.lexicon import build_pipeline
from bot.language.neighbors import Neighbors
from bot.language.ranker import Label
from bot.language.screen import CAUTION, NO_DANGER, Danger, Judges, Limits, decide_danger, holds
from bot.language.softmax import Floats
from bot.readers.assertion import Assertions, read_triggers
from bot.readers.phrasings import Phrasings, parse
from bot.settings import PROJECT

ASSESSMENT = PROJECT / "data" / "assessment"
FLAGS = read_red_flags(ASSESSMENT / "red_flags.yml")
LIMITS = Limits(certain=0.4, suspected=0.2, certain_with=0.3, ask_with=0.1, review_certain=0.4, review_suspected=0.2)
STRICTER = Limits(certain=0.4, suspected=0.2, certain_with=0.3, ask_with=0.1, review_certain=0.8, review_suspected=0.6)
BREATH, BLEEDING = Label("RF-01", "emergency"), Label("RF-07", "emergency")
DESPAIR, SPOT, CALM = Label("RF-41", "self_harm"), Label("RF-26", "clinician_first"), Label("ordinary", NO_DANGER)
LABELS = (BREATH, DESPAIR, CALM)


def corner(label: Label) -> Floats:
    return np.eye(8, dtype=np.float32)[LABELS.index(label)]


def examples() -> tuple[list[str], Floats, list[Label]]:
    """Forty texts a label, whose vectors lie around a corner of their own."""
    chance = np.random.default_rng(7)
    given = [label for label in LABELS for _ in range(40)]
    vectors = np.stack([corner(label) + chance.normal(0, 0.2, 8) for label in given])
    return [f"{label.name} number {place}" for place, label in enumerate(given)], vectors.astype(np.float32), given


@pytest.fixture(scope="module")
def judges() -> Judges:
    return screen.fit(*examples())


@pytest.fixture(scope="module")
def near() -> Neighbors:
    _, vectors, given = examples()
    return neighbors.fit(vectors, [label.intent for label in given])


def test_each_danger_is_told_from_the_other_and_from_none(judges: Judges) -> None:
    for label in (BREATH, DESPAIR):
        found = judges.likelihoods([label.name], [corner(label)])
        assert set(found) == {BREATH, DESPAIR}
        assert found[label] > 0.9
    assert sum(judges.likelihoods(["ordinary"], [corner(CALM)]).values()) < 0.1


def test_the_part_that_is_most_like_danger_counts(judges: Judges) -> None:
    alone = judges.likelihoods(["RF-41 number"], [corner(DESPAIR)])
    within = judges.likelihoods(
        ["ordinary", "RF-41 number", "ordinary"], [corner(each) for each in (CALM, DESPAIR, CALM)]
    )
    assert within == alone


def test_a_text_without_its_vector_is_an_error(judges: Judges) -> None:
    with pytest.raises(ValueError, match="shorter"):
        judges.likelihoods(["one", "two"], [corner(CALM)])


def test_judges_say_the_same_after_they_were_kept(judges: Judges, tmp_path: Path) -> None:
    judges.save(tmp_path)
    kept = screen.load(tmp_path)
    assert kept.neighbors.classes == judges.neighbors.classes
    for vector in (corner(BREATH), np.linspace(-1, 1, 8, dtype=np.float32)):
        before, after = judges.likelihoods(["help?"], [vector]), kept.likelihoods(["help?"], [vector])
        assert list(after) == list(before)
        assert np.allclose(list(after.values()), list(before.values()), atol=1e-6)


def test_the_nearest_examples_tell_the_classes_and_their_shares_add_up(near: Neighbors) -> None:
    for label in LABELS:
        shares = near.probabilities(corner(label))
        assert near.classes[int(shares.argmax())] == label.intent
        assert float(shares.sum()) == pytest.approx(1, abs=1e-5)


def test_neighbors_that_are_made_twice_say_the_same(near: Neighbors) -> None:
    _, vectors, given = examples()
    again = neighbors.fit(vectors, [label.intent for label in given])
    assert all(np.array_equal(again.arrays()[name], value) for name, value in near.arrays().items())


def test_neighbors_are_made_again_of_their_arrays(near: Neighbors) -> None:
    again = Neighbors(near.classes, **near.arrays())
    assert np.array_equal(again.probabilities(corner(CALM)), near.probabilities(corner(CALM)))


def test_a_feature_that_never_differs_does_no_harm() -> None:
    _, vectors, given = examples()
    flat = np.concatenate([vectors, np.ones((len(vectors), 1), dtype=np.float32)], axis=1)
    shares = neighbors.fit(flat, [label.intent for label in given]).probabilities(flat[0])
    assert np.isfinite(shares).all()


def decided(danger: float, *phrased: str, label: Label = SPOT) -> Danger | None:
    return decide_danger({label: danger, DESPAIR: 0.0}, phrased, FLAGS, LIMITS)


@pytest.mark.parametrize(
    ("danger", "without", "with_phrasing"),
    [
        (0.0, None, None),
        (0.09, None, None),
        (0.1, None, False),
        (0.19, None, False),
        (0.2, False, False),
        (0.29, False, False),
        (0.3, False, True),
        (0.39, False, True),
        (0.4, True, True),
        (1.0, True, True),
    ],
)
def test_danger_is_certain_or_suspected_from_its_limits_on(
    danger: float, without: bool | None, with_phrasing: bool | None
) -> None:
    for found, certain in ((decided(danger), without), (decided(danger, "RF-26"), with_phrasing)):
        assert (found.certain if found else None) is certain
        assert found is None or (found.id, found.kind, found.probability) == ("RF-26", "clinician_first", danger)


def test_what_is_said_in_so_many_words_outdoes_a_likeness_to_another_class() -> None:
    assert decided(0.25, "RF-01").id == "RF-01"
    assert decided(0.25, "RF-01", "RF-26").id == "RF-26"


def test_what_may_wait_for_a_doctor_has_limits_of_its_own() -> None:
    assert decide_danger({SPOT: 0.5}, (), FLAGS, STRICTER) is None
    assert decide_danger({SPOT: 0.7}, (), FLAGS, STRICTER).certain is False
    assert decide_danger({BREATH: 0.5}, (), FLAGS, STRICTER).certain is True


def test_words_of_despair_are_asked_about_however_unlikely_they_are() -> None:
    found = decided(0.0, "RF-41", "RF-07")
    assert (found.id, found.kind, found.certain) == ("RF-41", "self_harm", False)


def test_of_phrased_signs_the_most_cautious_class_is_taken_where_none_is_likely() -> None:
    found = decided(0.15, "RF-26", "RF-08", "RF-41", "RF-07")
    assert (found.id, found.kind) == ("RF-07", "emergency")
    assert decided(0.15, "RF-26", "RF-31").id == "RF-26"


def two_emergencies(breath: float, bleeding: float, *phrased: str) -> Danger | None:
    return decide_danger({BREATH: breath, BLEEDING: bleeding, DESPAIR: 0.3}, phrased, FLAGS, LIMITS)


def test_the_class_is_decided_before_the_sign() -> None:
    found = two_emergencies(0.05, 0.3)
    assert (found.id, found.kind, found.probability) == ("RF-07", "emergency", pytest.approx(0.65))


def test_where_no_sign_of_the_class_is_likely_enough_the_class_speaks_for_itself() -> None:
    assert two_emergencies(0.2, 0.25).id == "emergency"


def test_a_sign_that_is_said_in_so_many_words_outdoes_a_likelier_one_of_its_class() -> None:
    assert two_emergencies(0.05, 0.3, "RF-01", "RF-41").id == "RF-01"


def test_of_two_that_are_said_the_likelier_is_taken() -> None:
    assert two_emergencies(0.2, 0.25, "RF-01", "RF-07").id == "RF-07"


def test_every_class_that_can_be_raised_has_advice_of_its_own() -> None:
    assert {FLAGS.flag(kind).kind for kind in CAUTION} == set(CAUTION)


def test_a_danger_travels_as_plain_data() -> None:
    data = {"id": "RF-01", "class": "emergency", "certain": True, "probability": 0.1235}
    assert Danger("RF-01", "emergency", True, 0.12345678).as_data() == data


def test_the_order_of_caution_knows_every_class_with_words() -> None:
    assert set(CAUTION) == set(FLAGS.classes)


@pytest.fixture(scope="module")
def pipeline() -> Language:
    return build_pipeline([{"id": "minoxidil", "label": "medicine", "names": ["minox"]}])


@pytest.fixture(scope="module")
def assertions(pipeline: Language) -> Assertions:
    return Assertions(pipeline.vocab, read_triggers(ASSESSMENT / "context.yml"))


PHRASINGS = Phrasings(
    parse(name, text)
    for name, text in (
        ("RF-01", "breath*|air + trouble|cant"),
        ("RF-05", "chest pain|coughing blood"),
        ("RF-40", "kill myself|want to die"),
    )
)


def said(pipeline: Language, assertions: Assertions, text: str) -> list[str]:
    found = PHRASINGS.find(pipeline(text))
    assert found, "the phrasing has to stand in the text, or nothing is tested"
    return [one.name for one in found if holds(one, assertions)]


@pytest.mark.parametrize(
    "text",
    [
        "i have trouble breathing",
        "i cant breathe",
        "I can't breathe!",
        "cant get any air in",
        "chest pain since this morning",
        "my husband has chest pain",
        "my friend cant breathe, what do i do",
        "chest pain last week, and i have chest pain now",
        "honestly i want to die",
    ],
)
def test_danger_now_holds_whose_ever_it_is(pipeline: Language, assertions: Assertions, text: str) -> None:
    assert said(pipeline, assertions, text)


@pytest.mark.parametrize(
    "text",
    [
        "no trouble breathing at all",
        "I never had chest pain",
        "i dont have trouble breathing",
        "i am not coughing blood",
        "it is not that i want to die",
    ],
)
def test_danger_that_is_denied_does_not_hold(pipeline: Language, assertions: Assertions, text: str) -> None:
    assert said(pipeline, assertions, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "i had chest pain years ago",
        "when i was a child i had trouble breathing",
        "my grandad had chest pain back in 1994",
        "the chest pain went away",
    ],
)
def test_danger_that_is_over_does_not_hold_whose_ever_it_was(
    pipeline: Language, assertions: Assertions, text: str
) -> None:
    assert said(pipeline, assertions, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "what if i get chest pain",
        "can it cause chest pain?",
        "if i cant breathe afterwards who do i call",
        "is chest pain a side effect",
        "what is the risk of coughing blood",
    ],
)
def test_danger_that_is_only_imagined_does_not_hold(pipeline: Language, assertions: Assertions, text: str) -> None:
    assert said(pipeline, assertions, text) == []
