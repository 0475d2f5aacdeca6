"""The questions and the decision table as they ship: complete, sourced, plain to read, and promising nothing."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.assessment.fields import FIELD_OF_FINDING, FIELDS, FINDINGS, SAFETY_FIELDS
from bot.assessment.outcome import UNDERAGE
from bot.assessment.questions import Questions, plain, read_questions
from bot.assessment.red_flags import read_red_flags
from bot.assessment.table import Table, read_table
from bot.errors import AssessmentError
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_sources
from bot.knowledge.linting.form import check_grade
from bot.knowledge.linting.page import Page
from bot.knowledge.linting.promises import check_doses, check_promises
from bot.knowledge.linting.rulebook import Rulebook, read_rulebook
from tests.unit.assessment.visitor import ASSESSMENT, shipped
from tests.unit.knowledge.desk import SHIPPED

# Sections 2 and 3 of the contract.
ASKED = (
    "age", "hair_loss_pattern", "duration", "prior_treatments", "conditions", "medications",
    "pregnancy_or_breastfeeding", "scalp_symptoms", "expectations", "timeline",
)  # fmt: skip
SAFETY = {"hair_loss_pattern", "conditions", "medications", "pregnancy_or_breastfeeding", "scalp_symptoms"}
OUTCOMES = ["urgent", "underage", "not_now", "clinician_review", "qualified"]
NOT_NOW = {"pregnant", "breastfeeding", "scalp_infection", "cancer_active"}
REVIEW = {
    "anticoagulant", "bleeding_disorder", "autoimmune", "immunosuppressant", "cancer_history", "keloid",
    "diabetes_uncontrolled", "scarring_alopecia", "patchy_sudden_loss", "anesthetic_allergy", "isotretinoin",
}  # fmt: skip
NO_CHANGE = {"diabetes"}
BESIDE = {
    "age_under_18": "underage", "age_refused": "not_now", "not_given": "clinician_review",
    "conflict": "clinician_review", "clinician_first": "clinician_review",
}  # fmt: skip


def said(questions: Questions, table: Table) -> Iterator[tuple[str, str]]:
    """Every text of the data that a visitor may read, with its place, as it stands in a sentence."""
    for name, phrase in questions.phrases.items():
        yield f"phrase {name}", re.sub(r"\{\w+\}", "that", phrase)
    for question in questions.questions:
        for part in ("ask", "again", "more", "why", "told"):
            yield f"{question.id}.{part}", re.sub(r"\{\w+\}", "that", getattr(question, part) or "")
        yield from ((f"{question.id}: {option.id}", option.title) for option in question.options)
    for outcome in table.outcomes:
        yield f"{outcome.id}.says", outcome.says
        yield f"{outcome.id}.next", outcome.next
    for rule in table.decisions:
        yield f"{rule.finding}.label", f"You told me that {rule.label}."
        yield f"{rule.finding}.because", rule.because
    flags = read_red_flags(ASSESSMENT / "red_flags.yml")
    for kind, words in flags.classes.items():
        yield from ((f"{kind}.{part}", text) for part, text in words.dict().items())
    yield from ((f"{flag.id}.advice", flag.advice) for flag in flags.flags)


SAID = [(place, text) for place, text in said(*shipped()) if text]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return read_rulebook(SHIPPED / "lint.yml")


def page(text: str) -> Page:
    """A text as the linter of the knowledge base reads one."""
    day = date(2026, 11, 22)
    entry = Entry(
        id="start_assessment.said", topic="start_assessment", title="", short="", text=text, kind="smalltalk",
        claims=(), sources=(), evidence="none", reviewed_on=day, reviewed_by="editors", review_every_days=180,
        status="published",
    )  # fmt: skip
    return Page(Path("said.yml"), text, entry)


def test_the_fields_are_the_contracts_in_its_order(questions: Questions) -> None:
    assert FIELDS == ASKED
    assert tuple(question.id for question in questions.questions) == FIELDS
    assert SAFETY_FIELDS == SAFETY


def test_the_findings_are_the_contracts_and_each_has_its_field() -> None:
    assert set(FINDINGS) == set(FIELD_OF_FINDING) == NOT_NOW | REVIEW | NO_CHANGE
    assert len(FINDINGS) == 16
    assert set(FIELD_OF_FINDING.values()) == SAFETY


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_its_question_why_and_other_words(questions: Questions, field: str) -> None:
    question = questions.of(field)
    assert question.ask.endswith(("?", "."))
    assert "?" in question.ask
    assert question.again.strip()
    assert question.why.strip()
    assert question.again not in (question.ask, question.why)
    assert question.told.count("{value}") == 1
    assert question.names


@pytest.mark.parametrize("field", FIELDS)
def test_a_choice_is_told_apart_from_every_other(questions: Questions, field: str) -> None:
    options = questions.of(field).options
    titles = [plain(option.title) for option in options]
    words = [word for option in options for word in option.words]
    assert len(set(titles)) == len(titles) == len({option.id for option in options})
    assert len(set(words)) == len(words)
    assert [word for word in words if word != plain(word)] == []
    for option in options:
        assert {FIELD_OF_FINDING[finding] for finding in option.findings} <= {field}


def test_a_name_means_one_question(questions: Questions) -> None:
    for question in questions.questions:
        for name in question.names:
            assert (name, questions.named(f"the {name} please")) == (name, question.id)
    assert questions.named("nothing of the kind") is None


def test_pregnancy_can_be_answered_with_does_not_apply(questions: Questions) -> None:
    assert "Does not apply to me" in [option.title for option in questions.of("pregnancy_or_breastfeeding").options]


def test_the_outcomes_are_the_contracts_from_the_most_cautious(table: Table) -> None:
    assert [outcome.id for outcome in table.outcomes] == OUTCOMES


def test_every_finding_has_the_outcome_of_the_contract(table: Table) -> None:
    found = {rule.finding: rule.outcome for rule in table.decisions}
    assert len(found) == len(table.decisions)
    expected = {**dict.fromkeys(NOT_NOW, "not_now"), **dict.fromkeys(REVIEW, "clinician_review"), **BESIDE}
    assert found == {**expected, **dict.fromkeys(NO_CHANGE, "qualified")}


def test_a_finding_that_the_table_does_not_have_is_refused(table: Table) -> None:
    with pytest.raises(KeyError, match="gout"):
        table.rule("gout")


def test_every_reason_has_sources_that_the_bibliography_knows(table: Table) -> None:
    known = read_sources(SHIPPED / "sources.yml")
    flags = read_red_flags(ASSESSMENT / "red_flags.yml").flags
    cited = {source for holder in (*table.decisions, *flags) for source in holder.sources}
    assert cited - set(known) == set()
    assert [rule.finding for rule in table.decisions if not rule.sources] == []


def test_the_data_have_versions_and_no_invented_signature(questions: Questions, table: Table) -> None:
    assert date.fromisoformat(questions.version)
    assert date.fromisoformat(table.version)
    assert table.signed_by is None


def test_whoever_needs_a_clinician_is_told_not_to_stop_a_medicine(table: Table) -> None:
    assert "never stop a medicine on your own" in table.words("clinician_review").next
    assert "parent" in table.words(UNDERAGE).next
    assert "licensed clinician" in table.words("qualified").says
    asked = [rule for rule in table.decisions if rule.finding in ("anticoagulant", "immunosuppressant", "isotretinoin")]
    assert [rule.finding for rule in asked if "ot stop" not in rule.because] == []


@pytest.mark.parametrize(("place", "text"), SAID, ids=[place for place, _ in SAID])
def test_every_text_is_plain_to_read(rulebook: Rulebook, place: str, text: str) -> None:
    assert [finding.text for finding in check_grade(page(text), rulebook)] == []


@pytest.mark.parametrize(("place", "text"), SAID, ids=[place for place, _ in SAID])
def test_no_text_promises_too_much_or_gives_a_dose(rulebook: Rulebook, place: str, text: str) -> None:
    shown = page(text)
    assert [finding.text for finding in (*check_promises(shown, rulebook), *check_doses(shown))] == []


def test_the_same_rules_find_a_text_that_is_neither_plain_nor_honest(rulebook: Rulebook) -> None:
    hard = "Contraindications necessitate comprehensive multidisciplinary evaluation beforehand."
    assert list(check_grade(page(hard), rulebook))
    assert list(check_promises(page("It is quite safe."), rulebook))


@pytest.mark.parametrize(
    "content", [None, "version: 1\nquestions: [\n", "- a list\n", "version: x\nsurprise: 1\n", "\x00"]
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "questions.yml"
    if content is not None:
        path.write_text(content)
    for read in (read_questions, read_table, read_red_flags):
        with pytest.raises(AssessmentError, match=re.escape(str(path))):
            read(path)
