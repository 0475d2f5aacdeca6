"""Under 18 the check ends at once, however it comes out, and nothing of it is kept."""

import pytest

from bot.assessment.fields import AGE, DURATION, FIELDS, MEDICATIONS, PATTERN, SUMMARY
from bot.assessment.heard import Heard
from bot.assessment.state import Interview
from tests.unit.assessment.visitor import PLAIN, SKIP, YES, Visitor, heard

SEVENTEEN = heard("i'm 17", age=17, told_age=True)
LATER = heard("later", command="later")


def ended(visitor: Visitor) -> bool:
    """Whether the check has ended with nothing kept, said or asked."""
    step = visitor.step
    return (step.end, step.interview, step.notes, step.ask, step.answering) == (
        "underage",
        Interview(),
        (),
        None,
        False,
    )


@pytest.mark.parametrize("age", [9, 12, 17])
def test_a_minor_who_answers_the_age(visitor: Visitor, age: int) -> None:
    assert ended(visitor.says(heard(str(age), age=age)))


@pytest.mark.parametrize(
    "said",
    [
        heard("1", age=1),
        heard("I have 3 small kids, is it safe to be around them after?", age=3, asks=True),
        heard("my hair has been going thin for 12 of them now", age=12),
    ],
    ids=lambda said: said.text,
)
def test_a_number_that_is_hardly_an_age_is_asked_again(visitor: Visitor, said: Heard) -> None:
    assert not ended(visitor.says(said))


@pytest.mark.parametrize("command", ["skip", "back", "change_answer", "later"])
def test_a_minor_whose_age_is_taken_for_a_command(visitor: Visitor, command: str) -> None:
    assert ended(visitor.says(heard("16, next", age=16, command=command)))


def test_eighteen_is_an_adult(visitor: Visitor) -> None:
    assert visitor.says(heard("18", age=18)).open == PATTERN


@pytest.mark.parametrize("field", [*FIELDS, SUMMARY])
def test_a_minor_who_says_so_at_any_moment(visitor: Visitor, field: str) -> None:
    assert ended(visitor.up_to(field).says(SEVENTEEN))


@pytest.mark.parametrize(
    "message",
    [
        Heard("i'm 17, skip that", age=17, told_age=True, command="skip"),
        Heard("i'm 17, later", age=17, told_age=True, command="later"),
        Heard("i'm 17, stop", age=17, told_age=True, command="stop"),
        Heard("does it work at 17? i'm 17", age=17, told_age=True, asks=True, about="candidacy_general", sure=True),
        Heard("i'm 17 and take accutane", age=17, told_age=True, present=frozenset({"isotretinoin"})),
        Heard("yes, i'm 17", age=17, told_age=True, yes_no="yes"),
    ],
)
@pytest.mark.parametrize("field", [AGE, PATTERN, MEDICATIONS, SUMMARY])
def test_nothing_else_in_the_message_matters(visitor: Visitor, field: str, message: Heard) -> None:
    assert ended(visitor.up_to(field).says(message))


def test_a_minor_who_first_said_to_be_an_adult(visitor: Visitor) -> None:
    assert ended(visitor.says(PLAIN[AGE], heard("oops, 17", age=17, corrects=True)))
    assert ended(Visitor().says(PLAIN[AGE], heard("oops, 17 years", age=17, months=204, corrects=True)))


def test_a_minor_who_goes_back_to_the_age(visitor: Visitor) -> None:
    assert ended(visitor.up_to(PATTERN).says(heard("back", command="back"), heard("16", age=16)))


@pytest.mark.parametrize(
    "message",
    [heard("17", age=17), heard("change my age to 17", age=17), heard("my age is 17 years", age=17, months=204)],
)
def test_a_minor_who_corrects_the_summary(visitor: Visitor, message: Heard) -> None:
    assert ended(visitor.up_to(SUMMARY).says(message))


@pytest.mark.parametrize("message", [heard("2 years", age=2, months=24), heard("duration 3", age=3)])
def test_a_length_of_time_at_the_summary_is_no_age(visitor: Visitor, message: Heard) -> None:
    visitor.up_to(SUMMARY).says(message)
    assert (visitor.step.end, visitor.told(AGE)) == (None, [34])


@pytest.mark.parametrize("field", [DURATION, MEDICATIONS])
def test_a_small_number_elsewhere_is_no_age(visitor: Visitor, field: str) -> None:
    visitor.up_to(field).says(heard("12", age=12))
    assert (visitor.step.end, visitor.told(AGE)) == (None, [34])


def test_a_minor_who_refused_the_age_first(visitor: Visitor) -> None:
    assert ended(visitor.says(SKIP, heard("16", age=16)))


def test_a_minor_who_says_so_when_asked_to_save(visitor: Visitor) -> None:
    assert ended(visitor.up_to(PATTERN).says(LATER, SEVENTEEN))


def test_a_minor_whose_answers_have_expired(visitor: Visitor) -> None:
    assert ended(visitor.up_to(PATTERN).waits(30).says(SEVENTEEN))


def test_a_minor_who_says_so_while_asking_for_the_check(visitor: Visitor) -> None:
    assert ended(visitor.comes_back(heard("i'm 15, check me", age=15, told_age=True, about="start_assessment")))


def test_a_minor_who_says_so_on_coming_back(visitor: Visitor) -> None:
    assert ended(visitor.up_to(MEDICATIONS).says(LATER, YES).comes_back(SEVENTEEN))


@pytest.mark.parametrize("hours", [0, 30])
def test_nothing_is_left_to_come_back_to(visitor: Visitor, hours: float) -> None:
    visitor.up_to(MEDICATIONS).says(SEVENTEEN).comes_back(heard("go on"), hours)
    assert visitor.interview == Interview(at=visitor.now)
