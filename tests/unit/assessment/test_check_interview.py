"""The course of the check: one question after the other, and what happens where an answer is missing."""

import pytest

from bot.assessment.fields import (
    AGE,
    CONDITIONS,
    DURATION,
    EXPECTATIONS,
    FIELDS,
    MEDICATIONS,
    PATTERN,
    PREGNANCY,
    SAFETY_FIELDS,
    SCALP,
    SUMMARY,
    TREATMENTS,
)
from bot.assessment.heard import Heard
from bot.assessment.interview import resumes
from bot.assessment.state import Interview
from tests.unit.assessment.visitor import COST, JUNK, NO, PLAIN, SKIP, YES, Visitor, everything_known, heard

OTHERS = [field for field in FIELDS if field != AGE]


def test_the_questions_come_in_the_contracts_order(visitor: Visitor) -> None:
    asked = []
    while visitor.open != SUMMARY:
        asked.append(visitor.open)
        visitor.says(PLAIN[visitor.open])
        assert (visitor.notes, visitor.step.answering) == ([], False)
    assert tuple(asked) == FIELDS
    assert visitor.says(YES).step.end == "decided"
    assert visitor.outcome == "qualified"


def test_the_check_begins_with_what_it_is(visitor: Visitor) -> None:
    assert (visitor.notes, visitor.open) == (["intro"], AGE)


@pytest.mark.parametrize(
    ("message", "last_entry", "begins"),
    [
        (heard("check me", about="start_assessment"), None, True),
        (YES, "start_assessment.suitability_check", True),
        (YES, "candidacy_general.am_i_suitable", True),
        (YES, "cost.per_session", False),
        (NO, "candidacy_general.am_i_suitable", False),
        (heard("go on"), None, False),
        (heard("continue please", command="resume"), None, False),
        (heard("start over", command="start_over"), None, False),
    ],
)
def test_the_check_begins_where_it_is_asked_for_or_accepted(message: Heard, last_entry: str, begins: bool) -> None:
    assert resumes(message, Interview(), last_entry) is begins
    assert resumes(message, None, last_entry) is begins


def test_what_the_visitor_tells_while_asking_for_the_check_is_not_asked_again(visitor: Visitor) -> None:
    message = heard("i'm 34 with lupus, am i suitable?", age=34, told_age=True, present=["autoimmune"], asks=True)
    visitor.comes_back(message, hours=0)
    assert (visitor.open, visitor.told(AGE), visitor.findings()) == (PATTERN, [34], {"autoimmune"})
    assert visitor.notes == ["intro", "noted"]


@pytest.mark.parametrize("field", OTHERS)
def test_a_skipped_question_is_not_asked_again_and_is_cautious_where_it_is_about_safety(
    visitor: Visitor, field: str
) -> None:
    visitor.up_to(field).says(SKIP)
    assert (visitor.notes, visitor.told(field)) == (["skipped"], [None])
    assert visitor.open != field
    visitor.up_to(SUMMARY).says(YES)
    assert visitor.outcome == ("clinician_review" if field in SAFETY_FIELDS else "qualified")


def test_a_first_skip_of_the_age_asks_once_more(visitor: Visitor) -> None:
    visitor.says(SKIP)
    assert (visitor.open, visitor.notes, visitor.step.ask) == (AGE, ["age_needed"], "again")
    assert visitor.says(PLAIN[AGE]).open == PATTERN


@pytest.mark.parametrize("second", [SKIP, JUNK, heard("🤐")])
def test_a_second_skip_of_the_age_ends_the_check(visitor: Visitor, second: Heard) -> None:
    visitor.says(SKIP, second)
    assert (visitor.step.end, visitor.outcome) == ("decided", "not_now")


@pytest.mark.parametrize("second", [SKIP, JUNK])
def test_an_age_that_cannot_be_read_twice_ends_the_check(visitor: Visitor, second: Heard) -> None:
    visitor.says(JUNK)
    assert (visitor.open, visitor.step.ask, visitor.step.end) == (AGE, "again", None)
    visitor.says(second)
    assert (visitor.step.end, visitor.outcome) == ("decided", "not_now")


@pytest.mark.parametrize("field", [PATTERN, DURATION, CONDITIONS, MEDICATIONS, PREGNANCY, SCALP])
def test_an_answer_that_cannot_be_read_twice_is_left_as_not_given(visitor: Visitor, field: str) -> None:
    visitor.up_to(field).says(heard("grmpf"))
    assert (visitor.open, visitor.step.ask) == (field, "again")
    visitor.says(heard("grmpf grmpf"))
    assert (visitor.notes, visitor.step.notes[0].field, visitor.told(field)) == (["not_read"], field, [None])
    visitor.up_to(SUMMARY)
    assert visitor.outcome == ("clinician_review" if field in SAFETY_FIELDS else "qualified")


def test_an_answer_at_the_second_try_is_as_good_as_at_the_first(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(JUNK, PLAIN[CONDITIONS], JUNK)
    assert (visitor.open, visitor.step.ask) == (MEDICATIONS, "again")
    assert visitor.told(CONDITIONS) == ["none"]


def test_two_answers_at_once_both_count(visitor: Visitor) -> None:
    visitor.says(heard("34, it began 2 years ago", age=34, months=24))
    assert (visitor.told(AGE), visitor.told(DURATION)) == ([34], [24])
    assert visitor.says(PLAIN[PATTERN]).open == TREATMENTS


def test_a_length_of_time_counted_from_an_age_is_understood_with_the_age(visitor: Visitor) -> None:
    visitor.says(heard("44, it began at 38", age=44, since_age=38))
    assert visitor.told(DURATION) == [72]
    other = Visitor().up_to(DURATION).says(heard("since i was 28", since_age=28))
    assert other.told(DURATION) == [72]


@pytest.mark.parametrize(
    ("asked", "message", "owner"),
    [
        (CONDITIONS, heard("i take eliquis", present=["anticoagulant"]), MEDICATIONS),
        (MEDICATIONS, heard("crohns, on stelara", present=["autoimmune", "immunosuppressant"]), CONDITIONS),
        (TREATMENTS, heard("accutane once", present=["isotretinoin"]), MEDICATIONS),
        (AGE, heard("34 and nursing", age=34, present=["breastfeeding"]), PREGNANCY),
        (EXPECTATIONS, heard("for the patches to go", present=["patchy_sudden_loss"]), PATTERN),
    ],
)
def test_a_fact_told_under_the_wrong_question_lands_where_it_belongs(
    visitor: Visitor, asked: str, message: Heard, owner: str
) -> None:
    visitor.up_to(asked).says(message)
    held = {name for value in visitor.interview.answers.current(owner) for name in value.findings}
    assert held & message.present
    visitor.up_to(SUMMARY)
    assert message.present <= visitor.findings()
    assert visitor.findings("corrected") == set()


def test_an_illness_told_early_is_not_asked_away_by_none(visitor: Visitor) -> None:
    visitor.says(heard("34, i have lupus", age=34, present=["autoimmune"])).up_to(CONDITIONS).says(NO)
    assert (visitor.notes, visitor.findings()) == ([], {"autoimmune"})
    assert visitor.interview.answers.current(CONDITIONS)[0].findings == ("autoimmune",)


def test_a_question_whose_answer_is_known_already_is_not_asked(visitor: Visitor) -> None:
    visitor.says(heard("34, pregnant", age=34, present=["pregnant"])).up_to(MEDICATIONS).says(NO)
    assert visitor.open == SCALP


def test_a_skipped_question_stays_open_when_only_diabetes_is_told_later(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(SKIP, heard("metformin, for my sugar", present=["diabetes"], harmless=True))
    assert (visitor.open, visitor.findings()) == (PREGNANCY, {"diabetes"})
    assert visitor.up_to(SUMMARY).outcome == "clinician_review"


@pytest.mark.parametrize("field", [AGE, PATTERN, DURATION, CONDITIONS, PREGNANCY])
def test_a_question_with_the_answer_in_it_gets_both(visitor: Visitor, field: str) -> None:
    plain = PLAIN[field]
    both = Heard(**{**vars(plain), "asks": field in (AGE, DURATION), "about": "cost", "sure": True})
    before = visitor.up_to(field).interview
    visitor.says(both)
    assert visitor.open != field
    assert visitor.step.answering is both.asks
    assert everything_known(before) < everything_known(visitor.interview)


def test_a_question_in_the_answer_keeps_the_facts_in_it(visitor: Visitor) -> None:
    visitor.up_to(PATTERN).says(
        heard("can i, on eliquis?", asks=True, about="contraindications", present=["anticoagulant"])
    )
    assert (visitor.open, visitor.step.answering, visitor.findings()) == (PATTERN, True, {"anticoagulant"})


def test_the_check_is_as_far_after_an_interruption_as_before(visitor: Visitor) -> None:
    visitor.up_to(SCALP)
    before = visitor.interview
    visitor.says(COST, PLAIN[SCALP])
    assert set(before.done) < set(visitor.interview.done)
    assert visitor.open == EXPECTATIONS
