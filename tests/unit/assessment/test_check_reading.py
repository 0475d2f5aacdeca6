"""Which value a message gives the open question, and which of its facts belong elsewhere."""

import pytest

from bot.assessment.answers import Value
from bot.assessment.fields import (
    AGE,
    CONDITIONS,
    DURATION,
    EXPECTATIONS,
    FIELD_OF_FINDING,
    FINDINGS,
    MEDICATIONS,
    PATTERN,
    PREGNANCY,
    SCALP,
    TIMELINE,
    TREATMENTS,
)
from bot.assessment.heard import Heard, read_heard
from bot.assessment.questions import Questions
from bot.assessment.reading import MOST_WORDS_KEPT, count_from_age, interrupts, read_elsewhere, read_value
from tests.unit.assessment.visitor import COST, JUNK, NO, PLAIN, SKIP, YES, heard

UNSURE = heard("no idea", unsure=True)


def read(questions: Questions, field: str, message: Heard) -> Value | None:
    return read_value(message, questions.of(field))


@pytest.mark.parametrize(
    ("field", "message", "value", "findings"),
    [
        (AGE, heard("34", age=34), 34, ()),
        (DURATION, heard("2 years", months=24), 24, ()),
        (DURATION, heard("2", age=2), 24, ()),
        (PATTERN, heard("Slow thinning over years"), "gradual", ()),
        (PATTERN, heard("my temples"), "gradual", ()),
        (PATTERN, heard("coin sized spots"), "patchy_sudden", ("patchy_sudden_loss",)),
        (PATTERN, heard("frontal fibrosing", present=["scarring_alopecia"]), "told", ("scarring_alopecia",)),
        (CONDITIONS, heard("lupus and keloids", present=["keloid", "autoimmune"]), "told", ("autoimmune", "keloid")),
        (CONDITIONS, NO, "none", ()),
        (CONDITIONS, heard("asthma", harmless=True), "other", ()),
        (CONDITIONS, heard("it isn't lupus", denied=["autoimmune"]), "other", ()),
        (CONDITIONS, heard("i take eliquis", present=["anticoagulant"]), "elsewhere", ()),
        (MEDICATIONS, heard("eliquis", present=["anticoagulant"]), "told", ("anticoagulant",)),
        (MEDICATIONS, heard("no, only vitamins", yes_no="no", harmless=True), "none", ()),
        (PREGNANCY, heard("Pregnant"), "pregnant", ("pregnant",)),
        (PREGNANCY, YES, "yes", ("pregnant",)),
        (PREGNANCY, heard("neither"), "no", ()),
        (PREGNANCY, heard("im a man"), "does_not_apply", ()),
        (PREGNANCY, heard("not pregnant", denied=["pregnant"]), "no", ()),
        (PREGNANCY, heard("trying for one", present=["pregnant"]), "told", ("pregnant",)),
        (SCALP, heard("a bit itchy"), "mild", ()),
        (SCALP, heard("pus or open sores"), "infection", ("scalp_infection",)),
        (SCALP, heard("itchy, and it oozes", present=["scalp_infection"]), "mild", ("scalp_infection",)),
        (SCALP, NO, "none", ()),
        (SCALP, heard("no pus", denied=["scalp_infection"]), "none", ()),
        (TREATMENTS, heard("Nothing so far"), "nothing", ()),
        (TREATMENTS, heard("  minoxidil\n and   prayers "), "minoxidil and prayers", ()),
        (EXPECTATIONS, heard("All my hair back"), "full", ()),
        (TIMELINE, NO, "none", ()),
    ],
)
def test_an_answer_gives_its_value(
    questions: Questions, field: str, message: Heard, value: object, findings: tuple[str, ...]
) -> None:
    assert read(questions, field, message) == Value(field, value, findings)


@pytest.mark.parametrize("field", PLAIN)
def test_a_refusal_is_an_answer_that_is_not_given(questions: Questions, field: str) -> None:
    assert read(questions, field, SKIP) == Value(field)


@pytest.mark.parametrize("field", [PATTERN, CONDITIONS, MEDICATIONS, PREGNANCY, SCALP])
def test_not_knowing_is_an_answer_that_is_not_given(questions: Questions, field: str) -> None:
    assert read(questions, field, UNSURE) == Value(field)


@pytest.mark.parametrize("field", PLAIN)
def test_a_no_to_telling_is_not_a_no_to_the_question(questions: Questions, field: str) -> None:
    assert read(questions, field, heard("no, i'm not telling", yes_no="no", refuses=True)) == Value(field)


@pytest.mark.parametrize("field", [CONDITIONS, MEDICATIONS, PREGNANCY, SCALP])
def test_no_idea_is_not_a_no(questions: Questions, field: str) -> None:
    assert read(questions, field, heard("no, i don't know", yes_no="no", unsure=True)) == Value(field)


@pytest.mark.parametrize("field", PLAIN)
def test_a_question_back_is_no_answer(questions: Questions, field: str) -> None:
    assert read(questions, field, COST) is None


@pytest.mark.parametrize("field", [field for field in PLAIN if field not in (TREATMENTS, EXPECTATIONS, TIMELINE)])
def test_unknown_words_are_no_answer_where_a_fact_is_asked(questions: Questions, field: str) -> None:
    assert read(questions, field, JUNK) is None


@pytest.mark.parametrize("field", [TREATMENTS, EXPECTATIONS, TIMELINE])
def test_any_words_answer_an_open_question_but_not_signs_or_small_talk(questions: Questions, field: str) -> None:
    assert read(questions, field, JUNK) == Value(field, "grmpf")
    for message in (
        heard("🤷"),
        heard("?!", asks=True),
        heard("hello", small_talk=True),
        heard("book me", about="consultation_booking"),
    ):
        assert read(questions, field, message) is None


def test_long_words_are_kept_short(questions: Questions) -> None:
    value = read(questions, EXPECTATIONS, heard("hair " * 1000))
    assert value is not None
    assert len(str(value.value)) == MOST_WORDS_KEPT


@pytest.mark.parametrize(
    ("field", "text", "option"),
    [
        (PATTERN, "not sudden, slow", "gradual"),
        (PATTERN, "slow, never really patchy", "gradual"),
        (PATTERN, "it wasn't sudden or patchy, just the temples", "gradual"),
        (PATTERN, "no bald spots, front only", "gradual"),
        (PATTERN, "no, suddenly", "patchy_sudden"),
        (PATTERN, "not slow, it came overnight", "patchy_sudden"),
        (SCALP, "no pain but itchy", "mild"),
        (SCALP, "no itching, flakes or pain", None),
        (PREGNANCY, "no. menopause", "does_not_apply"),
    ],
)
def test_a_word_that_is_denied_is_no_choice(questions: Questions, field: str, text: str, option: str | None) -> None:
    value = read(questions, field, heard(text))
    assert (value and value.value) == option


def test_maybe_pregnant_counts_as_pregnant_and_not_as_silence(questions: Questions) -> None:
    message = heard("not sure, might be pregnant", present=["pregnant"], unsure=True)
    assert read(questions, PREGNANCY, message) == Value(PREGNANCY, "told", ("pregnant",))


def test_a_choice_is_taken_literally_where_the_message_asks(questions: Questions) -> None:
    assert read(questions, PATTERN, heard("is it slow for everyone?", asks=True)) is None
    assert read(questions, PREGNANCY, heard("Pregnant", asks=True)) == Value(PREGNANCY, "pregnant", ("pregnant",))


def test_what_is_denied_of_one_field_says_nothing_of_another(questions: Questions) -> None:
    assert read(questions, SCALP, heard("i am not pregnant", denied=["pregnant"])) is None
    assert read(questions, PREGNANCY, heard("that is not pus", denied=["scalp_infection"])) is None


@pytest.mark.parametrize("finding", FINDINGS)
def test_a_finding_lands_in_its_own_field_whatever_is_asked(finding: str, questions: Questions) -> None:
    message, owner = heard("well", present=[finding]), FIELD_OF_FINDING[finding]
    for field in PLAIN:
        landed = read_elsewhere(message, field, questions)
        assert landed == ([] if field == owner else [Value(owner, "told", (finding,))])


def test_an_age_lands_elsewhere_only_where_it_is_told_as_one(questions: Questions) -> None:
    assert read_elsewhere(heard("i'm 34", age=34, told_age=True), CONDITIONS, questions) == [Value(AGE, 34)]
    assert read_elsewhere(heard("34", age=34), CONDITIONS, questions) == []
    assert read_elsewhere(heard("i'm 34", age=34, told_age=True), AGE, questions) == []


@pytest.mark.parametrize(
    ("field", "asks", "landed"),
    [(AGE, False, True), (PATTERN, False, True), (AGE, True, False), (MEDICATIONS, False, False)],
)
def test_a_length_of_time_is_that_of_the_loss_only_before_it_is_asked(
    field: str, asks: bool, landed: bool, questions: Questions
) -> None:
    found = read_elsewhere(heard("for 3 months", months=3, asks=asks), field, questions)
    assert found == ([Value(DURATION, 3)] if landed else [])


@pytest.mark.parametrize(("age", "months"), [(41, 36), (38, None), (30, None), (None, None)])
def test_since_an_age_is_counted_from_the_present_one(age: int | None, months: int | None) -> None:
    assert count_from_age(heard("since 38", since_age=38), age).months == months


def test_months_that_are_told_are_not_counted_anew() -> None:
    assert count_from_age(heard("2 years, since 38", since_age=38, months=24), 50).months == 24


@pytest.mark.parametrize(
    ("message", "field", "whether"),
    [
        (COST, AGE, True),
        (heard("hello", small_talk=True), CONDITIONS, True),
        (heard("what?", asks=True), AGE, False),
        (heard("my insurance pays nothing", about="insurance_financing", sure=True), CONDITIONS, True),
        (heard("my insurance pays nothing", about="insurance_financing"), CONDITIONS, False),
        (heard("my liver is bad", about="contraindications", sure=True), CONDITIONS, False),
        (heard("is my liver a problem?", asks=True, about="contraindications"), CONDITIONS, True),
        (heard("40 something", about="cost", sure=True), AGE, False),
    ],
)
def test_a_message_of_its_own_is_told_from_an_answer(message: Heard, field: str, whether: bool) -> None:
    assert interrupts(message, field) is whether


def test_the_parse_data_of_a_message_is_heard_whatever_is_missing_in_it() -> None:
    data = {"text": "hi", "answers": {"age": 34, "present": ["keloid"], "something_new": 1}}
    assert read_heard(data, command="skip") == Heard("hi", age=34, present=frozenset({"keloid"}), command="skip")
    assert read_heard({"text": None}) == Heard("")
    assert read_heard({"text": " \n", "answers": {"none_at_all": True}}) == Heard(" \n"), "a blank is no answer"
    assert read_heard({}, about="cost").answerable
