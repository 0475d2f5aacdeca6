"""The wordings of consent and the questions as they ship: complete, plain to read, without pressure or promise."""

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from bot.assessment.questions import plain
from bot.errors import AssessmentError
from bot.handoff.fields import CONSENTS, DETAILS, ORDER, PURPOSES, WAYS
from bot.handoff.form import Form, read_form
from bot.knowledge.linting.form import check_grade
from bot.knowledge.linting.promises import check_promises
from bot.knowledge.linting.rulebook import Rulebook, read_rulebook
from bot.settings import Settings
from tests.unit.assessment.test_check_data import page
from tests.unit.handoff.handoff_visitor import ASSESSMENT, CLINIC, shipped_form
from tests.unit.knowledge.desk import SHIPPED

# Section 2 of the contract.
ASKED = (
    "age", "consent_share", "consent_email", "consent_phone", "consent_text", "name", "email", "phone",
    "preferred_contact", "preferred_time", "summary",
)  # fmt: skip
PRESSURE = re.compile(
    r"\b(?:hurry|now or|last chance|only \d+|limited|today only|don.t miss|act|spots?|sure you)\b", re.I
)


def said(form: Form) -> Iterator[tuple[str, str]]:
    """Every text that a visitor may read, with its place."""
    for name, phrase in form.questions.phrases.items():
        yield f"phrase {name}", re.sub(r"\{\w+\}", "that", phrase)
    for question in form.questions.questions:
        for part in ("ask", "again", "why"):
            yield f"{question.id}.{part}", getattr(question, part)
        yield from ((f"{question.id}: {option.id}", option.title) for option in question.options)
    for wording in form.consents.wordings:
        yield f"{wording.id}.text", wording.text.replace("{clinic}", Settings().clinic)
        yield f"{wording.id}.why", wording.why
    yield "notice", form.notice(30)


SAID = [(place, text) for place, text in said(shipped_form()) if text]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return read_rulebook(SHIPPED / "lint.yml")


@pytest.mark.parametrize(("place", "text"), SAID, ids=[place for place, _ in SAID])
def test_every_text_is_plain_and_neither_promises_nor_presses(rulebook: Rulebook, place: str, text: str) -> None:
    found = [*check_promises(page(text), rulebook)]
    if len(text.split()) > 7:
        found += check_grade(page(text), rulebook)
    assert found == []
    assert not PRESSURE.search(text)


def test_the_fields_are_the_contracts_in_its_order(form: Form) -> None:
    assert ORDER == ASKED
    assert {question.id for question in form.questions.questions} == set(ORDER) - set(CONSENTS)


def test_each_purpose_has_one_wording_and_nobody_has_signed_them_yet(form: Form) -> None:
    assert tuple(wording.purpose for wording in form.consents.wordings) == PURPOSES
    assert len({wording.id for wording in form.consents.wordings}) == len(PURPOSES)
    assert (form.consents.language, form.consents.signed_by) == ("en", None)
    assert form.version.split("/") == [form.questions.version, form.consents.version]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_wording_names_the_clinic_one_purpose_and_the_way_back(form: Form, purpose: str) -> None:
    text = form.shown(purpose)  # type: ignore[arg-type]  # a purpose
    assert CLINIC in text
    assert text.count("?") == 1
    assert "take a yes back at any time" in text
    others = {"email": "e-mail", "phone": "call you", "text": "text messages"}
    assert [way for way, words in others.items() if words in text] == [purpose] * (purpose != "share")


def test_sharing_says_that_a_no_costs_nothing(form: Form) -> None:
    assert "A no costs you nothing: every answer here stays open to you." in form.shown("share")


def test_the_notice_tells_how_long_and_who_reads(form: Form) -> None:
    assert form.notice(30).startswith("This chat is kept for 30 days, encrypted.")
    assert "named staff" in form.notice(14).casefold()


def test_a_clinics_name_may_hold_any_sign() -> None:
    form = read_form(ASSESSMENT, "Hair {& Skin} Clinic")
    assert "Hair {& Skin} Clinic" in form.shown("share")


def test_a_word_means_one_way_and_every_word_is_plain(form: Form) -> None:
    words = [name for way in WAYS for name in form.consents.of(way).names]
    assert len(words) == len(set(words))
    for name in (*words, *form.consents.of("share").names, *form.questions.leaving):
        assert name == plain(name)


@pytest.mark.parametrize("field", ["age", *DETAILS])
def test_every_field_has_its_question_why_and_other_words(form: Form, field: str) -> None:
    question = form.questions.of(field)
    assert question.ask.endswith("?")
    assert question.again not in (question.ask, question.why)
    assert question.told.count("{value}") == 1
    for name in question.names:
        assert form.named(f"the {name} please") in {field, "name" if "name" in name else field}


@pytest.mark.parametrize("field", ["preferred_contact", "preferred_time", "summary"])
def test_a_choice_is_told_apart_from_every_other(form: Form, field: str) -> None:
    options = form.questions.of(field).options
    words = [word for option in options for word in option.words]
    assert len({plain(option.title) for option in options}) == len(options)
    assert len(set(words)) == len(words)
    assert [word for word in words if word != plain(word)] == []


def test_the_places_in_the_phrases_are_known(form: Form) -> None:
    known = {"clinic", "told", "way", "ways", "lines", "value", "reference", "receipt", "first", "last"}
    texts = (*form.questions.phrases.values(), *(wording.told for wording in form.consents.wordings))
    assert {place for text in texts for _, place, _, _ in Formatter().parse(text) if place} <= known


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(AssessmentError, match=r"consent\.yml"):
        read_form(SHIPPED, CLINIC)
