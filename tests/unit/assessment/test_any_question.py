"""What every question of the check must bear, heard by the real readers; topics and commands are told beforehand."""

import pytest

from bot.assessment.fields import AGE, FIELDS, SAFETY_FIELDS, SUMMARY
from bot.assessment.state import Interview
from bot.assessment.words import Words
from tests.unit.assessment.conftest import Listen
from tests.unit.assessment.visitor import Visitor, everything_known

SPOKEN = {
    "age": "34", "hair_loss_pattern": "slowly, at the temples", "duration": "about two years",
    "prior_treatments": "just minoxidil", "conditions": "nope, healthy as a horse", "medications": "none",
    "pregnancy_or_breastfeeding": "doesn't apply to me", "scalp_symptoms": "nothing", "expectations": "more of it",
    "timeline": "no rush",
}  # fmt: skip
# These take whatever words come.
ANY_WORDS = {"prior_treatments", "expectations", "timeline"}
OTHER_LANGUAGES = ["je ne comprends pas", "no hablo bien inglés", "ich weiß nicht so recht", "我听不懂", "كم يكلف"]
LONG = ["hair " * 800, "x" * 4000, "?" * 4000, "😀" * 4000, "7" * 4000, "(" * 4000]


@pytest.fixture(params=FIELDS)
def field(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visitor(field: str) -> Visitor:
    """Somebody who is asked for the field."""
    return Visitor().up_to(field)


def stays_or_ends_as_unreadable(visitor: Visitor, field: str) -> None:
    """The second message that says nothing: the question is left as not given, and it says so."""
    if field == AGE:
        assert (visitor.step.end, visitor.outcome) == ("decided", "not_now")
        return
    assert (visitor.notes, visitor.told(field)) == (["not_read"], [None])
    assert visitor.step.end is None
    assert (visitor.outcome == "clinician_review") is (field in SAFETY_FIELDS)


def test_a_plain_answer_is_read(visitor: Visitor, field: str, listen: Listen) -> None:
    visitor.says(listen(SPOKEN[field]))
    assert visitor.open == (*FIELDS, SUMMARY)[FIELDS.index(field) + 1]
    assert visitor.told(field) not in ([], [None])


@pytest.mark.parametrize("text", ["🤷", "😀😀😀", "?", "???", "...", "-", "", "   ", "\n", "\u200b"])
def test_signs_alone_are_no_answer(visitor: Visitor, field: str, text: str, listen: Listen) -> None:
    before = visitor.interview
    message = listen(text)
    visitor.says(message)
    assert (visitor.open, visitor.step.ask, visitor.step.end) == (field, "again", None)
    assert visitor.interview.answers == before.answers
    visitor.says(message)
    stays_or_ends_as_unreadable(visitor, field)


@pytest.mark.parametrize("text", ["👍", "👎", "❤️", "✅"])
def test_a_thumb_is_at_most_a_yes_or_a_no(
    visitor: Visitor, field: str, text: str, words: Words, listen: Listen
) -> None:
    before = everything_known(visitor.interview)
    visitor.says(listen(text))
    assert before <= everything_known(visitor.interview)
    assert visitor.step.end is None
    assert all(words.say(visitor.step).texts)


def test_the_same_message_twice_loses_nothing_and_answers_once(visitor: Visitor, field: str, listen: Listen) -> None:
    message = listen(SPOKEN[field])
    visitor.says(message)
    known, following = everything_known(visitor.interview), visitor.open
    visitor.says(message)
    assert known <= everything_known(visitor.interview)
    assert visitor.told(field) not in ([], [None])
    # "None" to the next question on one's health is an answer to that one.
    if following not in SAFETY_FIELDS and following != SUMMARY:
        assert (visitor.open, visitor.notes) == (following, ["have_that"])


def test_a_question_in_the_middle_is_answered_and_the_open_one_put_again(
    visitor: Visitor, field: str, listen: Listen
) -> None:
    before = visitor.interview
    visitor.says(listen("what does it cost?", about="cost", sure=True))
    assert (visitor.open, visitor.step.answering, visitor.step.ask) == (field, True, "plain")
    assert visitor.interview.answers == before.answers
    visitor.says(listen(SPOKEN[field]))
    assert visitor.told(field) not in ([], [None])


def test_a_question_that_nobody_can_answer_is_not_read_as_the_answer(
    visitor: Visitor, field: str, listen: Listen
) -> None:
    visitor.says(listen("what would the moon say to that?"))
    assert (visitor.open, visitor.step.ask, visitor.told(field)) == (field, "again", [])


def test_a_polite_word_is_answered_and_the_question_put_again(visitor: Visitor, field: str, listen: Listen) -> None:
    visitor.says(listen("hello there", small_talk=True))
    assert (visitor.open, visitor.step.answering, visitor.told(field)) == (field, True, [])


@pytest.mark.parametrize("text", ["stop", "stop this please", "enough. stop it"])
def test_stop_ends_the_check_with_nothing_kept(visitor: Visitor, text: str, listen: Listen) -> None:
    visitor.says(listen(text, command="stop"))
    assert (visitor.step.end, visitor.interview) == ("stopped", Interview())


@pytest.mark.parametrize("text", ["skip", "rather not say", "none of your business", "next question"])
@pytest.mark.parametrize("understood", ["skip", None])
def test_skip_moves_on_also_where_only_the_readers_heard_it(
    visitor: Visitor, field: str, text: str, understood: str | None, listen: Listen
) -> None:
    message = listen(text, command=understood)
    visitor.says(message)
    if field == AGE:
        assert (visitor.open, visitor.notes) == (AGE, ["age_needed"])
        visitor.says(message)
        assert (visitor.step.end, visitor.outcome) == ("decided", "not_now")
        return
    assert (visitor.notes, visitor.told(field)) == (["skipped"], [None])
    assert visitor.open == (*FIELDS, SUMMARY)[FIELDS.index(field) + 1]


@pytest.mark.parametrize("text", ["back", "go back", "go back one please"])
def test_back_loses_nothing(visitor: Visitor, field: str, text: str, listen: Listen) -> None:
    before = everything_known(visitor.interview)
    visitor.says(listen(text, command="back"))
    assert everything_known(visitor.interview) == before
    assert visitor.open == (AGE if field == AGE else FIELDS[FIELDS.index(field) - 1])
    assert visitor.up_to(SUMMARY).outcome == "qualified"


@pytest.mark.parametrize("text", OTHER_LANGUAGES)
def test_words_of_another_language_are_no_fact(visitor: Visitor, field: str, text: str, listen: Listen) -> None:
    before = everything_known(visitor.interview)
    visitor.says(listen(text))
    assert before <= everything_known(visitor.interview)
    assert visitor.step.end is None
    assert visitor.findings() == set()
    if field not in ANY_WORDS:
        assert [value for value in visitor.told(field) if value is not None] in ([], ["none"], ["no"])


@pytest.mark.parametrize("text", LONG, ids=[text[:2].strip() for text in LONG])
def test_four_thousand_characters_are_borne(
    visitor: Visitor, field: str, text: str, words: Words, listen: Listen
) -> None:
    before = everything_known(visitor.interview)
    visitor.says(listen(text))
    assert before <= everything_known(visitor.interview)
    assert visitor.step.end is None
    assert max(len(said) for said in words.say(visitor.step).texts) < 1500
    assert all(len(str(value)) <= 200 for value in visitor.told(field))


def test_an_answer_inside_four_thousand_characters_is_found(visitor: Visitor, field: str, listen: Listen) -> None:
    visitor.says(listen("well, where do i begin. " * 160 + " by the way, i take eliquis every day."))
    assert visitor.findings() == {"anticoagulant"}
