"""What the check says: questions with their number, buttons, the summary, the outcome with reasons and sources."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.assessment.answers import Answers, Value
from bot.assessment.fields import (
    AGE,
    CONDITIONS,
    DURATION,
    FIELDS,
    MEDICATIONS,
    PATTERN,
    PREGNANCY,
    SAFETY_FIELDS,
    SUMMARY,
    TIMELINE,
    TREATMENTS,
)
from bot.assessment.outcome import decide_outcome
from bot.assessment.state import Interview, Note, Step
from bot.assessment.table import Table
from bot.assessment.words import Words
from tests.unit.assessment.visitor import NO, SKIP, YES, Visitor, corrected, heard


def cite(ids: Sequence[str]) -> list[dict[str, Any]]:
    """A bibliography that knows every source by its id."""
    return [{"id": name, "title": f"<{name}>"} for name in ids]


def conclusion(words: Words, *values: Value, notes: Sequence[Note] = ()) -> Any:
    return words.conclude(decide_outcome(Answers(values), (), words.table), cite, notes)


@pytest.mark.parametrize("field", FIELDS)
def test_a_question_says_which_of_ten_it_is_and_can_be_skipped_and_asked_about(words: Words, field: str) -> None:
    spoken = words.say(Step(Interview(open=field)))
    question = words.questions.of(field)
    assert spoken.texts == (f"{FIELDS.index(field) + 1} of 10. {question.ask}",)
    assert spoken.payload == {"kind": "question", "field": field}
    assert spoken.buttons == (*(option.title for option in question.options), "Skip", "Why do you ask?")


@pytest.mark.parametrize("field", FIELDS)
def test_why_is_told_before_the_question_and_not_offered_again(words: Words, field: str) -> None:
    spoken = words.say(Step(Interview(open=field), ask="why"))
    question = words.questions.of(field)
    assert spoken.texts == (question.why, f"{FIELDS.index(field) + 1} of 10. {question.ask}")
    assert spoken.buttons[-1] == "Skip"


@pytest.mark.parametrize("field", FIELDS)
def test_an_answer_that_was_not_read_is_asked_for_in_other_words(words: Words, field: str) -> None:
    assert words.say(Step(Interview(open=field), ask="again")).texts == (words.questions.of(field).again,)


def test_the_first_turn_says_what_the_check_is(words: Words, visitor: Visitor) -> None:
    spoken = words.say(visitor.step)
    assert "not a diagnosis" in spoken.texts[0]
    assert "three minutes" in spoken.texts[0]
    assert "skip any question" in spoken.texts[0]
    assert spoken.payload == {"kind": "question", "field": AGE, "topics": ["start_assessment"]}


@pytest.mark.parametrize("field", [CONDITIONS, MEDICATIONS])
def test_a_question_of_which_something_is_known_asks_for_more(words: Words, field: str) -> None:
    known = Answers((Value(field, "told", ("autoimmune",)),))
    question = words.questions.of(field)
    assert question.more
    assert words.say(Step(Interview(known, open=field))).texts[0].endswith(question.more)
    assert words.say(Step(Interview(known, open=field, anew=True))).texts[0].endswith(question.ask)


def test_saving_is_asked_with_yes_and_no(words: Words, visitor: Visitor) -> None:
    spoken = words.say(visitor.up_to(PATTERN).says(heard("later", command="later")).step)
    assert "24 hours" in spoken.texts[0]
    assert (spoken.buttons, spoken.payload["field"]) == (("Yes", "No"), PATTERN)


def test_the_summary_has_a_line_for_each_field_and_is_to_be_confirmed(words: Words, visitor: Visitor) -> None:
    spoken = words.say(visitor.up_to(SUMMARY).step)
    lines = spoken.texts[0].split("\n")
    assert lines[1:-1] == [
        "- Age: 34",
        "- Kind of hair loss: slow thinning over years",
        "- Since: 2 years",
        "- Tried so far: nothing so far",
        "- Illnesses: none",
        "- Medicines: none",
        "- Pregnant or breastfeeding: does not apply to me",
        "- Scalp right now: none",
        "- Hopes for: somewhat thicker hair",
        "- Time frame: just looking",
    ]
    assert spoken.payload == {"kind": "question", "field": "summary"}
    assert spoken.buttons == ("Yes, that's right", "Change something")
    assert words.say(visitor.says(NO).step).buttons == ()


def test_the_summary_tells_findings_and_what_was_not_given(words: Words, visitor: Visitor) -> None:
    visitor.up_to(CONDITIONS).says(heard("lupus", present=["autoimmune"]), SKIP)
    visitor.says(heard("not pregnant, but keloids", present=["keloid"], denied=["pregnant"]))
    summary = words.summary(visitor.up_to(SUMMARY).interview.answers)
    assert "Illnesses: you have a disease of the immune system, your skin makes thick scars or dark marks" in summary
    assert "Medicines: not given" in summary
    assert "None" not in summary


def test_a_corrected_value_is_not_in_the_summary(words: Words) -> None:
    answers = Answers((corrected(Value(AGE, 28)), Value(AGE, 38), corrected(Value(PREGNANCY, "yes", ("pregnant",)))))
    summary = words.summary(answers)
    assert "Age: 38\n" in summary
    assert "28" not in summary
    assert "Pregnant or breastfeeding: not given" in summary


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (DURATION, 0, "0 months"),
        (DURATION, 1, "1 month"),
        (DURATION, 11, "11 months"),
        (DURATION, 12, "1 year"),
        (DURATION, 18, "18 months"),
        (DURATION, 24, "2 years"),
        (DURATION, 30, "2 years"),
        (CONDITIONS, "other", "something that does not change the result"),
        (CONDITIONS, "elsewhere", "nothing more than I noted"),
        (PREGNANCY, "no", "no"),
        (TREATMENTS, "prp {twice}", "prp {twice}"),
        (TIMELINE, "soon", "in the next months"),
        (TIMELINE, None, "not given"),
    ],
)
def test_a_value_is_told_in_words(words: Words, field: str, value: object, told: str) -> None:
    line = words.summary(Answers((Value(field, value),))).split("\n")[FIELDS.index(field)]
    assert line.split(": ", 1)[1] == told


def test_a_change_is_noted_with_the_new_value(words: Words, visitor: Visitor) -> None:
    visitor.says(heard("28", age=28), heard("38 i mean", age=38, corrects=True))
    assert words.say(visitor.step).texts[0] == "Noted: Age: 38."


@pytest.mark.parametrize("field", FIELDS[1:])
@pytest.mark.parametrize("phrase", ["skipped", "not_read"])
def test_an_answer_not_given_says_what_that_means_where_it_is_about_safety(
    words: Words, field: str, phrase: str
) -> None:
    (text, *_) = words.say(Step(Interview(), (Note(phrase, field),))).texts
    assert ("clinician" in text) is (field in SAFETY_FIELDS)


@pytest.mark.parametrize("phrase", ["stopped", "saved", "not_saved", "paused", "put_aside"])
def test_leaving_the_check_asks_nothing(words: Words, phrase: str) -> None:
    spoken = words.say(Step(Interview(), (Note(phrase),), ask=None))
    assert (len(spoken.texts), spoken.buttons) == (1, ())
    assert "field" not in spoken.payload


@pytest.mark.parametrize("outcome", ["underage", "not_now", "clinician_review", "qualified"])
def test_an_outcome_is_said_in_its_words_with_what_to_do_next(words: Words, table: Table, outcome: str) -> None:
    values = {
        "underage": Value(AGE, 15),
        "not_now": Value(PREGNANCY, "pregnant", ("pregnant",)),
        "clinician_review": Value(MEDICATIONS, "told", ("anticoagulant",)),
        "qualified": Value(AGE, 34),
    }
    spoken = conclusion(words, values[outcome])
    assert (spoken.texts[0], spoken.texts[-1]) == (table.words(outcome).says, table.words(outcome).next)
    assert (spoken.payload["kind"], spoken.payload["outcome"]) == ("assessment", outcome)
    assert spoken.buttons == ()


def test_each_reason_is_told_with_its_source(words: Words, table: Table) -> None:
    spoken = conclusion(words, Value(MEDICATIONS, "told", ("anticoagulant", "isotretinoin")))
    why = spoken.texts[1].split("\n")
    assert len(why) == 2
    for line, finding in zip(why, ["anticoagulant", "isotretinoin"], strict=True):
        rule = table.rule(finding)
        assert line.removeprefix("Why: ") == f"{rule.because} (Source: <{rule.sources[0]}>)"
    assert [set(reason) for reason in spoken.payload["reasons"]] == [
        {"field", "finding", "outcome", "because", "source"}
    ] * 2


def test_a_reason_that_holds_twice_is_said_once_and_listed_twice(words: Words) -> None:
    spoken = conclusion(words, Value(CONDITIONS), Value(MEDICATIONS))
    assert spoken.texts[1].count("Source:") == 1
    assert {reason["field"] for reason in spoken.payload["reasons"]} == {CONDITIONS, MEDICATIONS}


def test_what_changes_nothing_is_for_staff_and_no_reason_for_the_visitor(words: Words) -> None:
    spoken = conclusion(words, Value(CONDITIONS, "told", ("diabetes",)))
    assert len(spoken.texts) == 2
    assert [reason["finding"] for reason in spoken.payload["reasons"]] == ["diabetes"]


def test_qualified_is_never_called_a_candidate(words: Words) -> None:
    spoken = " ".join(conclusion(words, Value(AGE, 34)).texts).lower()
    assert "rules out a talk with a licensed clinician" in spoken
    assert "candidate" not in spoken
    assert "not fda-approved" in spoken


def test_what_was_taken_as_right_is_said_before_the_outcome(words: Words, visitor: Visitor) -> None:
    visitor.up_to(SUMMARY).says(heard("hm"), heard("hm"))
    spoken = conclusion(words, Value(AGE, 34), notes=visitor.step.notes)
    assert spoken.texts[0] == words.questions.phrases["taken_as_read"]


def test_every_step_of_a_whole_check_can_be_said(words: Words, visitor: Visitor) -> None:
    for message in (SKIP, heard("34", age=34), heard("?"), heard("?"), heard("2 years", months=24)):
        assert all(words.say(visitor.says(message).step).texts)
    for message in (heard("back", command="back"), heard("why", command="why"), heard("later", command="later"), YES):
        assert all(words.say(visitor.says(message).step).texts)
