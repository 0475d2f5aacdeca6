"""What a visitor wants done with the check: stop, later, back, from the start, why, once more."""

import pytest

from bot.assessment.fields import AGE, CONDITIONS, DURATION, EXPECTATIONS, FIELDS, MEDICATIONS, PATTERN, SCALP, SUMMARY
from bot.assessment.interview import resumes
from bot.assessment.state import KEPT_SECONDS, Interview
from tests.unit.assessment.visitor import HOUR, JUNK, NO, PLAIN, SKIP, YES, Visitor, everything_known, heard

STOP = heard("stop", command="stop")
LATER = heard("can we finish this later", command="later")
BACK = heard("back", command="back")
START_OVER = heard("start over", command="start_over")
GO_ON = heard("go on")
QUESTIONS = (*FIELDS, SUMMARY)


@pytest.mark.parametrize("field", QUESTIONS)
def test_stop_drops_every_answer(visitor: Visitor, field: str) -> None:
    visitor.up_to(field).says(STOP)
    assert (visitor.step.end, visitor.notes, visitor.step.ask) == ("stopped", ["stopped"], None)
    assert visitor.interview == Interview()


@pytest.mark.parametrize(
    ("command", "ask"), [("why", "why"), ("repeat", "again"), ("resume", "plain"), ("kidding", "plain")]
)
@pytest.mark.parametrize("field", QUESTIONS)
def test_why_and_once_more_leave_the_question_open(visitor: Visitor, field: str, command: str, ask: str) -> None:
    known = visitor.up_to(field).interview
    visitor.says(heard("hm what", command=command))
    assert (visitor.open, visitor.step.ask, visitor.step.end) == (field, ask, None)
    assert (visitor.interview.answers, visitor.interview.done) == (known.answers, known.done)


@pytest.mark.parametrize("command", ["repeat", "resume", "kidding"])
@pytest.mark.parametrize("field", [PATTERN, CONDITIONS, MEDICATIONS, SCALP])
def test_once_more_and_again_is_an_answer_that_cannot_be_read(visitor: Visitor, field: str, command: str) -> None:
    visitor.up_to(field).says(heard("hm what", command=command), heard("hm what", command=command))
    assert (visitor.notes, visitor.told(field)) == (["not_read"], [None])


def test_once_more_is_no_refusal_of_the_age(visitor: Visitor) -> None:
    again = heard("what was that", command="repeat")
    visitor.says(again, again, SKIP, again)
    assert (visitor.open, visitor.step.end) == (AGE, None)
    assert visitor.says(PLAIN[AGE]).open == PATTERN


@pytest.mark.parametrize("field", FIELDS[1:])
def test_back_asks_the_question_before_anew(visitor: Visitor, field: str) -> None:
    before = FIELDS[FIELDS.index(field) - 1]
    visitor.up_to(field).says(BACK)
    assert (visitor.open, visitor.step.ask) == (before, "plain")
    assert visitor.says(PLAIN[before]).open == field
    assert visitor.outcome == "qualified"


def test_back_again_and_again_ends_at_the_first_question(visitor: Visitor) -> None:
    visitor.says(heard("34, 2 years", age=34, months=24)).up_to(CONDITIONS)
    seen = [visitor.says(BACK).open for _ in range(5)]
    assert seen == ["prior_treatments", DURATION, PATTERN, AGE, AGE]
    assert visitor.notes == ["no_way_back"]
    assert visitor.up_to(SUMMARY).told(AGE) == [34]


def test_back_before_any_answer_says_that_there_is_no_way(visitor: Visitor) -> None:
    assert (visitor.says(BACK).notes, visitor.open) == (["no_way_back"], AGE)


def test_an_answer_given_anew_replaces_the_one_before(visitor: Visitor) -> None:
    visitor.up_to(PATTERN).says(BACK, heard("38", age=38))
    assert (visitor.open, visitor.told(AGE), visitor.notes) == (PATTERN, [38], [])


def test_a_finding_that_is_answered_away_after_back_stays_as_a_conflict(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(heard("lupus", present=["autoimmune"]), BACK)
    assert visitor.interview.anew
    visitor.says(NO)
    assert (visitor.notes, visitor.told(CONDITIONS)) == (["conflict"], ["none"])
    assert visitor.outcome == "clinician_review"


def test_back_to_a_skipped_question_lets_it_be_answered_after_all(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(SKIP, BACK, NO)
    assert visitor.told(CONDITIONS) == ["none"]
    assert visitor.up_to(SUMMARY).outcome == "qualified"


@pytest.mark.parametrize("field", QUESTIONS)
def test_start_over_asks_everything_again_and_forgets_no_finding(visitor: Visitor, field: str) -> None:
    visitor.up_to(field)
    known = visitor.says(heard("and lupus", present=["autoimmune"], command="repeat")).interview
    visitor.says(START_OVER)
    assert (visitor.open, visitor.notes, visitor.interview.done) == (AGE, ["from_the_start"], ())
    assert everything_known(known) <= everything_known(visitor.interview)
    assert visitor.up_to(SUMMARY).findings() == set()
    assert visitor.outcome == "clinician_review"


def test_later_asks_once_whether_to_save(visitor: Visitor) -> None:
    visitor.up_to(SCALP).says(LATER)
    assert (visitor.step.ask, visitor.open) == ("saving", SCALP)
    visitor.says(YES)
    assert (visitor.step.end, visitor.notes, visitor.interview.saved) == ("paused", ["saved"], True)
    visitor.comes_back(GO_ON).says(LATER)
    assert (visitor.step.end, visitor.notes) == ("paused", ["paused"])


@pytest.mark.parametrize("answer", [NO, SKIP, LATER, heard("bye, no time", yes_no="no", command="later")])
def test_without_a_yes_nothing_is_saved(visitor: Visitor, answer: object) -> None:
    visitor.up_to(SCALP).says(LATER, answer)
    assert (visitor.step.end, visitor.notes, visitor.interview.saved) == ("paused", ["not_saved"], False)


def test_an_answer_instead_of_yes_or_no_goes_on_with_the_check(visitor: Visitor) -> None:
    visitor.up_to(DURATION).says(LATER, PLAIN[DURATION])
    assert (visitor.step.end, visitor.told(DURATION), visitor.interview.saving) == (None, [24], False)


@pytest.mark.parametrize(
    ("message", "end", "open_field"),
    [
        (heard("no, stop", yes_no="no", command="stop"), "stopped", AGE),
        (heard("no, lets go on", yes_no="no", command="resume"), None, SCALP),
        (heard("no, from the start", yes_no="no", command="start_over"), None, AGE),
    ],
)
def test_another_command_instead_of_yes_or_no_is_obeyed(
    visitor: Visitor, message: object, end: str | None, open_field: str
) -> None:
    visitor.up_to(SCALP).says(LATER, message)
    assert (visitor.step.end, visitor.open, visitor.interview.saving) == (end, open_field, False)


@pytest.mark.parametrize("field", QUESTIONS)
def test_who_comes_back_goes_on_where_it_stopped(visitor: Visitor, field: str) -> None:
    known = everything_known(visitor.up_to(field).interview)
    visitor.says(LATER, NO)
    for message in (GO_ON, heard("lets continue", command="resume"), heard("  Carry on! ")):
        assert resumes(message, visitor.interview, None)
    visitor.comes_back(GO_ON, hours=24)
    assert (visitor.open, everything_known(visitor.interview), visitor.interview.saving) == (field, known, False)
    assert visitor.notes == (["welcome_back"] if field != AGE else ["intro"])


@pytest.mark.parametrize(("saved", "hours", "open_field"), [(NO, 24, SCALP), (NO, 24.1, AGE), (YES, 9000, SCALP)])
def test_answers_that_nobody_saved_expire_after_a_day(
    visitor: Visitor, saved: object, hours: float, open_field: str
) -> None:
    visitor.up_to(SCALP).says(LATER, saved).comes_back(GO_ON, hours)
    assert visitor.open == open_field
    if open_field == AGE:
        assert visitor.notes == ["expired", "intro"]
        assert visitor.interview == Interview(at=visitor.now)


def test_a_check_left_open_for_a_day_expires_too(visitor: Visitor) -> None:
    visitor.up_to(SCALP).waits(24.5).says(heard("it itches"))
    assert (visitor.open, visitor.notes) == (AGE, ["expired"])
    assert visitor.interview == Interview(at=visitor.now)


def test_every_message_begins_the_day_anew(visitor: Visitor) -> None:
    for field in FIELDS:
        visitor.waits(23).says(PLAIN[field])
    assert (visitor.open, visitor.interview.at) == (SUMMARY, visitor.now)
    assert KEPT_SECONDS == 24 * HOUR


def test_start_over_outside_the_check_begins_it_from_the_start(visitor: Visitor) -> None:
    visitor.up_to(SCALP).says(LATER, YES)
    assert resumes(START_OVER, visitor.interview, None)
    visitor.comes_back(START_OVER)
    assert (visitor.open, visitor.notes, visitor.told(AGE)) == (AGE, ["from_the_start"], [])


@pytest.mark.parametrize(
    ("field", "message", "known"),
    [
        (AGE, heard("34, next", age=34, command="skip"), (AGE, 34)),
        (PATTERN, heard("stop the shedding", command="stop"), (PATTERN, "shedding")),
        (CONDITIONS, heard("lupus, next", present=["autoimmune"], command="skip"), (CONDITIONS, "told")),
        (CONDITIONS, heard("none, go on", none_at_all=True, command="resume"), (CONDITIONS, "none")),
    ],
)
def test_an_answer_that_looks_like_a_command_is_an_answer(
    visitor: Visitor, field: str, message: object, known: tuple[str, object]
) -> None:
    visitor.up_to(field).says(message)
    assert (visitor.step.end, visitor.told(known[0])) == (None, [known[1]])
    assert visitor.open != field


@pytest.mark.parametrize("field", [CONDITIONS, MEDICATIONS, SCALP])
def test_no_before_stop_is_not_the_answer(visitor: Visitor, field: str) -> None:
    assert visitor.up_to(field).says(heard("no, stop", yes_no="no", command="stop")).step.end == "stopped"
    other = Visitor().up_to(field).says(heard("no, later", yes_no="no", command="later"))
    assert (other.step.ask, other.told(field)) == ("saving", [])


def test_a_finding_told_with_a_command_is_kept(visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(heard("lupus. but later", present=["autoimmune"], command="later"), YES)
    visitor.comes_back(GO_ON)
    assert (visitor.open, visitor.findings()) == (CONDITIONS, {"autoimmune"})


def test_a_command_after_two_unreadable_tries_is_still_a_command(visitor: Visitor) -> None:
    visitor.up_to(EXPECTATIONS).says(heard("?", asks=True), BACK)
    assert visitor.open == SCALP
    visitor.says(JUNK)
    assert visitor.step.ask == "again"


@pytest.mark.parametrize("command", ["back", "skip", "repeat", "resume"])
@pytest.mark.parametrize("field", [AGE, DURATION])
def test_a_number_of_questions_is_no_age_and_no_duration(visitor: Visitor, field: str, command: str) -> None:
    visitor.up_to(field).says(heard("go back one", age=1, command=command))
    assert visitor.step.end is None
    assert visitor.told(field) in ([], [None])
