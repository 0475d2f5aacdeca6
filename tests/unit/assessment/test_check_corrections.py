"""Visitors who take back an answer, deny one, or send it twice."""

import pytest

from bot.assessment.fields import (
    AGE,
    CONDITIONS,
    DURATION,
    EXPECTATIONS,
    MEDICATIONS,
    PATTERN,
    PREGNANCY,
    SCALP,
    SUMMARY,
    TIMELINE,
    TREATMENTS,
)
from bot.assessment.heard import Heard
from tests.unit.assessment.visitor import NO, PLAIN, Visitor, heard

OOPS = heard("oops, 38 i mean, not 28", age=38, corrects=True, yes_no="no")


def test_the_last_number_is_taken_back(visitor: Visitor) -> None:
    visitor.says(heard("28", age=28), OOPS)
    assert (visitor.open, visitor.notes, visitor.told(AGE)) == (PATTERN, ["noted"], [38])
    assert visitor.step.notes[0].field == AGE


def test_the_last_choice_is_taken_back(visitor: Visitor) -> None:
    visitor.up_to(PATTERN).says(heard("shedding all over"), heard("sorry, slow thinning", corrects=True))
    assert (visitor.open, visitor.told(PATTERN)) == (DURATION, ["gradual"])


def test_a_more_cautious_choice_that_is_taken_back_stays_as_a_conflict(visitor: Visitor) -> None:
    visitor.up_to(PATTERN).says(heard("patches"), heard("sorry, slow thinning i meant", corrects=True))
    assert (visitor.open, visitor.notes, visitor.told(PATTERN)) == (DURATION, ["conflict"], ["gradual"])
    assert visitor.up_to(SUMMARY).outcome == "clinician_review"


def test_a_correction_keeps_whatever_else_it_tells(visitor: Visitor) -> None:
    visitor.says(heard("28", age=28))
    visitor.says(heard("38 i mean, on eliquis", age=38, corrects=True, present=["anticoagulant"]))
    assert (visitor.told(AGE), visitor.findings()) == ([38], {"anticoagulant"})


def test_a_correction_that_also_answers_the_open_question_moves_on(visitor: Visitor) -> None:
    visitor.says(heard("28", age=28))
    visitor.says(heard("38 i mean, scarring alopecia", age=38, corrects=True, present=["scarring_alopecia"]))
    assert (visitor.open, visitor.told(AGE)) == (DURATION, [38])


def test_a_correction_that_changes_nothing_answers_the_open_question(visitor: Visitor) -> None:
    visitor.up_to(MEDICATIONS).says(heard("actually none", none_at_all=True, corrects=True, yes_no="no"))
    assert (visitor.open, visitor.told(MEDICATIONS)) == (PREGNANCY, ["none"])


def test_a_choice_of_the_open_question_is_not_taken_for_a_correction(visitor: Visitor) -> None:
    visitor.up_to(MEDICATIONS).says(heard("allopurinol", harmless=True))
    visitor.says(heard("not applicable, man", none_at_all=True, corrects=True))
    assert (visitor.open, visitor.told(MEDICATIONS), visitor.told(PREGNANCY)) == (SCALP, ["other"], ["does_not_apply"])


def test_a_length_of_time_does_not_correct_the_age(visitor: Visitor) -> None:
    visitor.says(heard("34, patchy", age=34, present=["patchy_sudden_loss"]))
    assert visitor.open == DURATION
    visitor.says(heard("actually 2 years", age=2, months=24, corrects=True))
    assert (visitor.told(AGE), visitor.told(DURATION), visitor.open) == ([34], [24], TREATMENTS)


@pytest.mark.parametrize("message", [heard("not pregnant, no", corrects=True, yes_no="no", denied=["pregnant"]), NO])
def test_a_no_to_the_open_question_corrects_nothing_else(visitor: Visitor, message: Heard) -> None:
    visitor.up_to(MEDICATIONS).says(heard("eliquis", present=["anticoagulant"]), message)
    assert (visitor.open, visitor.notes, visitor.told(PREGNANCY)) == (SCALP, [], ["no"])
    assert visitor.findings("corrected") == set()


def test_a_finding_that_is_denied_later_stays_as_a_conflict(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(heard("lupus", present=["autoimmune"]))
    visitor.says(heard("i don't have lupus", denied=["autoimmune"], yes_no="no"))
    assert (visitor.notes, visitor.told(CONDITIONS)) == (["conflict"], [])
    assert (visitor.open, visitor.told(MEDICATIONS)) == (MEDICATIONS, []), "nothing was said of medicines"
    assert visitor.findings("corrected") == {"autoimmune"}
    assert visitor.up_to(SUMMARY).outcome == "clinician_review"


def test_a_conflict_is_said_also_where_the_message_skips_or_asks(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(heard("lupus", present=["autoimmune"]))
    skips = heard("it's not lupus. next please", denied=["autoimmune"], refuses=True)
    assert visitor.says(skips).notes == ["conflict", "skipped"]
    other = Visitor().up_to(CONDITIONS).says(heard("lupus", present=["autoimmune"]))
    asks = heard("it's not lupus, what does it cost?", denied=["autoimmune"], asks=True, about="cost")
    assert (other.says(asks).notes, other.step.answering, other.open) == (["conflict"], True, MEDICATIONS)


def test_a_finding_that_is_denied_in_the_same_message_is_one_answer(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(heard("not lupus, keloids", present=["keloid"], denied=["autoimmune", "keloid"]))
    assert (visitor.notes, visitor.findings(), visitor.findings("corrected")) == ([], {"keloid"}, set())


def test_an_age_told_again_later_replaces_the_first(visitor: Visitor) -> None:
    visitor.up_to(SCALP).says(heard("by the way i'm 36 not 34", age=36, told_age=True, corrects=True))
    assert (visitor.open, visitor.told(AGE), visitor.notes) == (SCALP, [36], ["noted"])
    assert visitor.interview.unreadable == 0


@pytest.mark.parametrize("words", [heard("34", age=34), heard("i'm 34", age=34, told_age=True)])
def test_an_answer_sent_twice_is_known_already(visitor: Visitor, words: Heard) -> None:
    visitor.says(words, words)
    assert (visitor.open, visitor.notes, visitor.told(AGE)) == (PATTERN, ["have_that"], [34])


@pytest.mark.parametrize(
    ("field", "following"), [(DURATION, TREATMENTS), (SCALP, EXPECTATIONS), (EXPECTATIONS, TIMELINE)]
)
def test_words_sent_twice_do_not_answer_the_next_question(visitor: Visitor, field: str, following: str) -> None:
    visitor.up_to(field).says(PLAIN[field], PLAIN[field])
    assert (visitor.open, visitor.notes, visitor.told(following)) == (following, ["have_that"], [])
    visitor.says(PLAIN[field])
    assert visitor.open != following, "said a third time they are meant"


def test_none_again_answers_the_next_question_too(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(NO, NO)
    assert (visitor.open, visitor.told(MEDICATIONS)) == (PREGNANCY, ["none"])


def test_a_correction_of_the_age_is_not_kept_as_ones_own_words_too() -> None:
    visitor = Visitor().up_to(TIMELINE)
    visitor.says(heard("oops im 47 not 46", age=47, told_age=True, corrects=True))
    assert (visitor.told(AGE)[-1], visitor.told(TIMELINE), visitor.open) == (47, [], TIMELINE)
