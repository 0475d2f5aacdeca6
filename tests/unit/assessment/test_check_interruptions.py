"""Questions in the middle: answered, then the open one again; after three in a row the check waits."""

import pytest

from bot.assessment.fields import AGE, CONDITIONS, FIELDS, PATTERN, SUMMARY
from bot.assessment.interview import resumes
from tests.unit.assessment.visitor import COST, JUNK, PLAIN, SKIP, Visitor, heard

HELLO = heard("hello there", small_talk=True)
QUESTIONS = (*FIELDS, SUMMARY)


@pytest.mark.parametrize("field", QUESTIONS)
def test_a_question_in_the_middle_leaves_everything_as_it_was(visitor: Visitor, field: str) -> None:
    before = visitor.up_to(field).interview
    visitor.says(COST)
    assert (visitor.open, visitor.step.answering, visitor.step.ask, visitor.notes) == (field, True, "plain", [])
    assert visitor.interview.answers == before.answers
    assert visitor.interview.unreadable == before.unreadable


@pytest.mark.parametrize("field", QUESTIONS)
def test_after_three_questions_in_a_row_the_check_is_put_aside(visitor: Visitor, field: str) -> None:
    before = visitor.up_to(field).says(COST, HELLO if field != SUMMARY else COST).interview
    visitor.says(COST)
    assert (visitor.step.end, visitor.notes, visitor.step.ask) == ("paused", ["put_aside"], None)
    assert visitor.step.answering, "the third question is answered too"
    assert resumes(heard("go on"), visitor.interview, None)
    visitor.comes_back(heard("go on"))
    assert (visitor.open, visitor.interview.answers) == (field, before.answers)
    assert visitor.says(COST).step.end is None


def test_an_answer_between_two_questions_begins_the_count_anew(visitor: Visitor) -> None:
    visitor.says(COST, COST, PLAIN[AGE], COST, COST)
    assert (visitor.open, visitor.step.end) == (PATTERN, None)


def test_a_question_between_two_tries_does_not_count_as_a_try(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(JUNK, COST)
    assert visitor.step.end is None
    assert visitor.says(JUNK).notes == ["not_read"]


def test_a_question_between_two_refusals_of_the_age_is_answered(visitor: Visitor) -> None:
    visitor.says(SKIP, COST)
    assert (visitor.open, visitor.step.answering) == (AGE, True)
    assert visitor.says(SKIP).step.end == "decided"


def test_a_check_put_aside_unanswered_expires_with_nothing_to_lose(visitor: Visitor) -> None:
    visitor.says(COST, COST, COST).comes_back(heard("go on"), hours=100)
    assert (visitor.open, visitor.notes) == (AGE, ["intro"])


def test_a_decided_check_does_not_go_on(visitor: Visitor) -> None:
    visitor.up_to(SUMMARY)
    assert not resumes(heard("go on"), Visitor.decided(visitor.interview), None)
    assert resumes(heard("start over", command="start_over"), Visitor.decided(visitor.interview), None)


def test_a_question_that_begins_with_ok_is_no_yes_to_an_offer() -> None:
    asked = heard("ok what does it cost", yes_no="yes", asks=True, about="cost", sure=True)
    assert not resumes(asked, None, "start_assessment.suitability_check")
    assert resumes(heard("ok", yes_no="yes"), None, "start_assessment.suitability_check")
