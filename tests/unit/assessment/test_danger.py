"""How a message is answered for the sake of safety: the flag it raises, and the one that stands since the last."""

from collections.abc import Collection
from typing import Any

import pytest

from bot.assessment.danger import Flag, Safety, decide_safety, read_flag, texts_of
from bot.assessment.heard import Heard
from bot.assessment.red_flags import ENDING, read_red_flags
from bot.settings import PROJECT

FLAGS = read_red_flags(PROJECT / "data" / "assessment" / "red_flags.yml")
OF_CLASS = {"emergency": "RF-01", "urgent_care": "RF-08", "self_harm": "RF-41", "clinician_first": "RF-20"}
CLASSES = sorted(OF_CLASS)


def flag(kind: str, certain: bool = True) -> Flag:
    return Flag(OF_CLASS[kind], kind, certain)


def answered(
    raised: Flag | None = None, standing: Flag | None = None, told: Collection[str] = (), **heard: Any
) -> Safety | None:
    return decide_safety(raised, standing, told, Heard("words", **heard))


def way(*arguments: Any, **heard: Any) -> str | None:
    safety = answered(*arguments, **heard)
    return safety.way if safety else None


def test_a_message_without_danger_is_answered_as_any_other() -> None:
    assert answered() is None
    assert answered(about="cost", yes_no="yes", command="kidding") is None


@pytest.mark.parametrize("kind", CLASSES)
def test_certain_danger_gets_the_advice_whatever_else_is_asked(kind: str) -> None:
    assert answered(flag(kind), about="cost", yes_no="no") == Safety("advise", flag(kind))


@pytest.mark.parametrize("kind", CLASSES)
def test_suspected_danger_gets_the_first_line_and_one_question(kind: str) -> None:
    safety = answered(flag(kind, certain=False))
    assert safety == Safety("ask", flag(kind, certain=False))
    assert not safety.flag.ends
    first, question = texts_of(safety, FLAGS)
    assert first == FLAGS.classes[kind].first_line
    assert question.count("?") == 1
    assert question.endswith("?")


@pytest.mark.parametrize("kind", CLASSES)
def test_danger_that_is_suspected_twice_running_gets_the_advice(kind: str) -> None:
    assert answered(flag(kind, certain=False), flag(kind, certain=False)) == Safety("advise", flag(kind))


def test_a_suspicion_of_another_class_is_asked_about_anew() -> None:
    assert way(flag("self_harm", certain=False), flag("urgent_care", certain=False)) == "ask"
    assert way(flag("self_harm", certain=False), flag("self_harm")) == "ask"


@pytest.mark.parametrize("kind", CLASSES)
def test_a_yes_to_the_question_gets_the_advice(kind: str) -> None:
    assert answered(None, flag(kind, certain=False), yes_no="yes") == Safety("advise", flag(kind))


@pytest.mark.parametrize("kind", CLASSES)
def test_somebody_who_cannot_say_no_to_the_question_gets_the_advice(kind: str) -> None:
    assert way(None, flag(kind, certain=False), unsure=True) == "advise"


def test_half_an_answer_about_ending_ones_life_gets_the_advice() -> None:
    assert way(None, flag("self_harm", certain=False)) == "advise"
    assert way(None, flag("self_harm", certain=False), asks=True) == "advise"


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("heard", [{"yes_no": "no"}, {"command": "kidding"}])
def test_a_no_or_a_joke_after_the_question_is_answered_kindly(kind: str, heard: dict[str, Any]) -> None:
    safety = answered(None, flag(kind, certain=False), **heard)
    assert safety == Safety("calm", flag(kind, certain=False))
    assert texts_of(safety, FLAGS) == (FLAGS.classes[kind].calm,)


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("heard", [{"about": "cost"}, {"small_talk": True}, {"age": 34}])
def test_something_else_after_the_question_is_answered_as_any_other(kind: str, heard: dict[str, Any]) -> None:
    assert answered(None, flag(kind, certain=False), **heard) is None


@pytest.mark.parametrize("kind", sorted(ENDING))
def test_somebody_who_was_kidding_after_the_advice_is_answered_kindly(kind: str) -> None:
    assert answered(None, flag(kind), command="kidding") == Safety("calm", flag(kind))


@pytest.mark.parametrize("kind", sorted(ENDING))
@pytest.mark.parametrize(
    "heard",
    [
        {},
        {"yes_no": "no"},
        {"yes_no": "yes"},
        {"small_talk": True},
        {"age": 34},
        {"about": "start_assessment"},
        {"about": "consultation_booking"},
        {"command": "restart"},
    ],
)
def test_going_on_about_it_or_wanting_to_go_on_selling_hears_it_once_more(kind: str, heard: dict[str, Any]) -> None:
    safety = answered(None, flag(kind), **heard)
    assert safety == Safety("again", flag(kind))
    assert texts_of(safety, FLAGS) == (FLAGS.classes[kind].again,)


@pytest.mark.parametrize("kind", sorted(ENDING))
def test_a_question_on_something_else_after_the_advice_is_answered(kind: str) -> None:
    assert answered(None, flag(kind), about="recovery_downtime", sure=True, asks=True) is None


@pytest.mark.parametrize("certain", [True, False])
def test_what_a_clinician_has_to_see_is_told_once(certain: bool) -> None:
    flagged = flag("clinician_first", certain)
    assert way(flagged, None, ("RF-21",)) is not None
    assert answered(flagged, None, ("RF-20",)) is None
    assert answered(None, flag("clinician_first")) is None


@pytest.mark.parametrize("kind", sorted(ENDING))
def test_an_emergency_is_told_as_often_as_it_is_raised(kind: str) -> None:
    assert way(flag(kind), flag(kind), (OF_CLASS[kind],)) == "advise"


def test_only_certain_danger_of_the_first_three_classes_ends_a_check() -> None:
    ending = {(kind, certain) for kind in CLASSES for certain in (True, False) if flag(kind, certain).ends}
    assert ending == {("emergency", True), ("urgent_care", True), ("self_harm", True)}


def test_the_advice_is_that_of_the_flag() -> None:
    for kind in CLASSES:
        assert texts_of(Safety("advise", flag(kind)), FLAGS) == (FLAGS.flag(OF_CLASS[kind]).advice,)


def test_a_flag_is_the_same_after_it_was_kept_in_a_slot() -> None:
    for kind in CLASSES:
        assert read_flag(flag(kind).as_data()) == flag(kind)
    assert read_flag({**flag("emergency").as_data(), "probability": 0.3}) == flag("emergency")
    assert read_flag(None) is None
