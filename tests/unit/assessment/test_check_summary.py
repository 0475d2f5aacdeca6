"""The end of the check: what was understood is confirmed, corrected, or put aside."""

import pytest

from bot.assessment.fields import AGE, CONDITIONS, DURATION, FIELDS, MEDICATIONS, PATTERN, PREGNANCY, SUMMARY
from bot.assessment.heard import Heard
from tests.unit.assessment.visitor import COST, JUNK, NO, PLAIN, SKIP, YES, Visitor, heard

CHANGE = heard("change something", command="change_answer")
BACK = heard("back", command="back")


@pytest.fixture
def visitor() -> Visitor:
    """Somebody who has answered everything."""
    return Visitor().up_to(SUMMARY)


@pytest.mark.parametrize(
    "message", [YES, heard("yes, 34 is right", yes_no="yes", age=34), heard("Yes, in 2 months", yes_no="yes", months=2)]
)
def test_yes_ends_the_check(visitor: Visitor, message: Heard) -> None:
    known = visitor.interview.answers
    assert visitor.says(message).step.end == "decided"
    assert visitor.interview.answers == known


@pytest.mark.parametrize(
    "message", [NO, CHANGE, BACK, heard("yes, change something", yes_no="yes", command="change_answer")]
)
def test_whoever_wants_a_change_is_asked_which(visitor: Visitor, message: Heard) -> None:
    visitor.says(message)
    assert (visitor.open, visitor.step.ask, visitor.step.end) == (SUMMARY, "what_to_change", None)


@pytest.mark.parametrize("field", FIELDS)
def test_a_question_that_is_named_is_asked_anew(visitor: Visitor, field: str) -> None:
    name = visitor.questions.of(field).names[0]
    visitor.says(CHANGE, heard(f"The {name}, please"))
    assert (visitor.open, visitor.step.ask, visitor.interview.anew) == (field, "plain", True)
    visitor.says(PLAIN[field])
    assert (visitor.open, visitor.interview.anew, len(visitor.told(field))) == (SUMMARY, False, 1)
    assert visitor.outcome == "qualified"


@pytest.mark.parametrize(
    ("message", "field", "value"),
    [
        (heard("35", age=35), AGE, 35),
        (heard("it's 35 not 34", age=35, corrects=True, yes_no="no"), AGE, 35),
        (heard("my age is 35", age=35, told_age=True), AGE, 35),
        (heard("3 years", age=3, months=36), DURATION, 36),
        (heard("the duration is 3", age=3), DURATION, 36),
        (heard("no, the pattern is shedding", yes_no="no"), PATTERN, "shedding"),
        (heard("pregnancy: neither"), PREGNANCY, "no"),
    ],
)
def test_the_right_answer_itself_is_enough(visitor: Visitor, message: Heard, field: str, value: object) -> None:
    visitor.says(message)
    assert (visitor.open, visitor.told(field), visitor.step.end) == (SUMMARY, [value], None)
    assert visitor.notes == ["noted"]
    assert visitor.says(YES).step.end == "decided"


def test_no_the_medicines_are_wrong_does_not_mean_no_medicines() -> None:
    visitor = Visitor().up_to(MEDICATIONS).says(heard("eliquis", present=["anticoagulant"])).up_to(SUMMARY)
    visitor.says(heard("no, the medicines are wrong", yes_no="no"))
    assert (visitor.open, visitor.findings()) == (MEDICATIONS, {"anticoagulant"})


def test_a_finding_told_at_the_end_still_counts(visitor: Visitor) -> None:
    visitor.says(heard("yes, but i also take eliquis", yes_no="yes", present=["anticoagulant"]))
    assert (visitor.open, visitor.notes, visitor.step.end) == (SUMMARY, ["noted"], None)
    assert (visitor.says(YES).outcome, visitor.findings()) == ("clinician_review", {"anticoagulant"})


def test_a_number_and_a_finding_told_together_at_the_end_both_count(visitor: Visitor) -> None:
    visitor.says(heard("35, and lupus", age=35, present=["autoimmune"]))
    assert (visitor.told(AGE), visitor.findings()) == ([35], {"autoimmune"})


def test_a_finding_denied_at_the_end_stays_as_a_conflict() -> None:
    visitor = Visitor().up_to(CONDITIONS).says(heard("lupus", present=["autoimmune"])).up_to(SUMMARY)
    visitor.says(heard("no, i don't have lupus", yes_no="no", denied=["autoimmune"]))
    assert (visitor.open, visitor.notes) == (SUMMARY, ["conflict"])
    assert visitor.says(YES).outcome == "clinician_review"


def test_a_skipped_question_answered_at_the_end_is_answered() -> None:
    visitor = Visitor().up_to(CONDITIONS).says(SKIP).up_to(SUMMARY)
    assert visitor.outcome == "clinician_review"
    visitor.says(heard("illnesses"), NO)
    assert (visitor.open, visitor.outcome) == (SUMMARY, "qualified")


def test_a_question_at_the_end_is_answered_and_the_summary_shown_again(visitor: Visitor) -> None:
    visitor.says(COST)
    assert (visitor.open, visitor.step.answering, visitor.step.ask) == (SUMMARY, True, "plain")
    named = heard("what does my age matter?", asks=True, about="candidacy_general")
    assert (visitor.says(named).open, visitor.step.answering) == (SUMMARY, True)
    assert visitor.says(YES).step.end == "decided"


def test_what_cannot_be_read_twice_is_taken_as_right_and_said_so(visitor: Visitor) -> None:
    assert (visitor.says(JUNK).step.ask, visitor.step.end) == ("again", None)
    assert (visitor.says(heard("🤷")).notes, visitor.step.end) == (["taken_as_read"], "decided")


def test_skip_at_the_end_is_no_answer(visitor: Visitor) -> None:
    assert (visitor.says(SKIP).open, visitor.step.ask, visitor.step.end) == (SUMMARY, "again", None)


def test_a_check_that_was_decided_begins_from_the_start(visitor: Visitor) -> None:
    visitor.says(YES)
    visitor.step = type(visitor.step)(Visitor.decided(visitor.interview))
    visitor.comes_back(heard("check me again", about="start_assessment"))
    assert (visitor.open, visitor.notes) == (AGE, ["from_the_start"])
    assert visitor.told(AGE) == []
