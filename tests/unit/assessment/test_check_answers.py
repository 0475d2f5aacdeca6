"""What is kept of the answers: every value ever given, and which of them stand."""

from bot.assessment.answers import Answers, Value, read_answers
from bot.assessment.fields import AGE, CONDITIONS, DURATION, FIELDS, MEDICATIONS
from tests.unit.assessment.visitor import corrected

LUPUS = Value(CONDITIONS, "told", ("autoimmune",))
KELOID = Value(CONDITIONS, "told", ("keloid",))
NONE = Value(CONDITIONS, "none")
SILENCE = Value(CONDITIONS)


def test_values_of_a_field_stand_beside_each_other() -> None:
    answers = Answers().give(LUPUS).give(KELOID).give(Value(AGE, 34))
    assert answers.current(CONDITIONS) == (LUPUS, KELOID)
    assert answers.of(AGE) == (Value(AGE, 34),)


def test_the_same_value_again_changes_nothing() -> None:
    answers = Answers().give(LUPUS).give(KELOID)
    assert answers.give(LUPUS) is answers
    assert answers.give(KELOID).correct(Value(AGE, 3)).correct(Value(AGE, 3)).of(AGE) == (Value(AGE, 3),)


def test_a_correction_replaces_what_stands_and_forgets_nothing() -> None:
    answers = Answers().give(Value(AGE, 28)).correct(Value(AGE, 38)).correct(Value(AGE, 48))
    assert answers.current(AGE) == (Value(AGE, 48),)
    assert answers.of(AGE) == (corrected(Value(AGE, 28)), corrected(Value(AGE, 38)), Value(AGE, 48))


def test_a_value_that_comes_back_after_its_correction_stands_beside_the_corrected_one() -> None:
    answers = Answers().give(LUPUS).correct(NONE).correct(LUPUS)
    assert answers.current(CONDITIONS) == (LUPUS,)
    assert corrected(LUPUS) in answers.values


def test_a_denial_corrects_only_the_values_that_hold_what_is_denied() -> None:
    answers = Answers().give(LUPUS).give(KELOID).deny(["autoimmune", "cancer_active"])
    assert answers.of(CONDITIONS) == (corrected(LUPUS), KELOID)
    assert answers.deny([]) == answers


def test_an_answer_to_the_question_lets_its_silence_be_forgotten() -> None:
    assert Answers().give(SILENCE).answer(NONE).values == (NONE,)
    assert Answers().give(SILENCE).correct(LUPUS).values == (LUPUS,)
    assert Answers().give(SILENCE).replaced(CONDITIONS).answer(NONE).values == (NONE,)


def test_a_fact_told_elsewhere_does_not_end_the_silence() -> None:
    assert Answers().give(SILENCE).give(LUPUS).values == (SILENCE, LUPUS)


def test_another_fields_answer_does_not_end_the_silence() -> None:
    medicine = Value(MEDICATIONS, "none")
    assert Answers().give(SILENCE).answer(medicine).values == (SILENCE, medicine)


def test_an_answer_stays_when_the_question_is_refused_later() -> None:
    assert Answers().give(NONE).answer(SILENCE).values == (NONE, SILENCE)


def test_the_last_number_is_the_one_that_counts() -> None:
    answers = Answers().give(Value(DURATION, 24)).correct(Value(DURATION, 36))
    assert answers.number(DURATION) == 36
    assert answers.number(AGE) is None
    assert Answers().give(Value(AGE)).number(AGE) is None


def test_slots_give_back_what_was_put_into_them() -> None:
    answers = Answers().give(Value(AGE, 28)).correct(Value(AGE, 38)).give(LUPUS).give(SILENCE)
    slots = answers.as_slots(FIELDS)
    assert slots[MEDICATIONS] is None
    assert slots[CONDITIONS] == [
        {"value": "told", "findings": ["autoimmune"], "status": "current"},
        {"value": None, "findings": [], "status": "current"},
    ]
    assert set(read_answers(slots, FIELDS).values) == set(answers.values)
    assert read_answers({}, FIELDS) == Answers()
