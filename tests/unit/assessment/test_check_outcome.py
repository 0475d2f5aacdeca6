"""The outcome: a function of the set of values, in which nothing that was told ever makes it less cautious."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assessment.answers import Answers, Value
from bot.assessment.fields import AGE, CONDITIONS, FIELD_OF_FINDING, FIELDS, FINDINGS, SAFETY_FIELDS, TIMELINE
from bot.assessment.outcome import decide_outcome
from bot.assessment.table import Table
from tests.unit.assessment.visitor import corrected, shipped

TABLE = shipped()[1]
# A loaded machine is no failure.
unhurried = settings(deadline=None, max_examples=200)

told = st.builds(
    lambda finding, status: Value(FIELD_OF_FINDING[finding], "told", (finding,), status),
    st.sampled_from(FINDINGS),
    st.sampled_from(["current", "corrected"]),
)
silent = st.builds(Value, st.sampled_from(FIELDS))
harmless = st.builds(Value, st.sampled_from(sorted(SAFETY_FIELDS)), st.sampled_from(["none", "other"]))
ages = st.builds(Value, st.just(AGE), st.integers(1, 120), st.just(()), st.sampled_from(["current", "corrected"]))
values = st.one_of(told, silent, harmless, ages)
flags = st.lists(st.sampled_from(["RF-11", "RF-20", "RF-33"]), max_size=2)


def caution(answers: Answers, raised: list[str] | tuple[()] = ()) -> int:
    """The place of the outcome: the lower, the more cautious."""
    return TABLE.caution(decide_outcome(answers, raised, TABLE).id)


@unhurried
@given(st.lists(values, max_size=8), values, flags)
def test_no_added_value_ever_lowers_caution(before: list[Value], added: Value, raised: list[str]) -> None:
    assert caution(Answers((*before, added)), raised) <= caution(Answers(tuple(before)), raised)


@unhurried
@given(st.lists(values, max_size=8), told, flags)
def test_no_finding_that_is_told_ever_lowers_caution(before: list[Value], added: Value, raised: list[str]) -> None:
    answers = Answers(tuple(before))
    assert caution(answers.give(added), raised) <= caution(answers, raised)


@unhurried
@given(st.lists(values, max_size=8), flags)
def test_no_flag_ever_lowers_caution(given_values: list[Value], raised: list[str]) -> None:
    answers = Answers(tuple(given_values))
    assert caution(answers, [*raised, "RF-22"]) <= caution(answers, raised)


@unhurried
@given(st.lists(values, max_size=8).flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))), flags)
def test_order_never_matters(orders: tuple[list[Value], list[Value]], raised: list[str]) -> None:
    one, other = (decide_outcome(Answers(tuple(order)), raised, TABLE) for order in orders)
    assert one == other


@unhurried
@given(st.lists(values, max_size=8))
def test_a_value_told_twice_counts_once(given_values: list[Value]) -> None:
    once, twice = Answers(tuple(given_values)), Answers(tuple(given_values * 2))
    assert decide_outcome(once, (), TABLE) == decide_outcome(twice, (), TABLE)


changes = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["give", "correct", "answer"]), told),
        st.tuples(st.just("deny"), st.lists(st.sampled_from(FINDINGS))),
        st.tuples(st.just("correct"), st.one_of(harmless, ages)),
        st.tuples(st.just("start over"), st.none()),
    ),
    max_size=12,
)


@unhurried
@given(changes)
def test_whatever_is_corrected_denied_or_begun_again_stays_in_force(steps: list[tuple[str, object]]) -> None:
    answers, found, least = Answers(), set(), len(TABLE.outcomes)
    for change, subject in steps:
        answers = answers.replaced(*FIELDS) if change == "start over" else getattr(answers, change)(subject)
        if isinstance(subject, Value):
            found |= set(subject.findings)
        assert caution(answers) <= least
        least = caution(answers)
    reasons = {reason.rule.finding for reason in decide_outcome(answers, (), TABLE).reasons}
    assert found <= reasons


@pytest.mark.parametrize("finding", FINDINGS)
def test_a_finding_alone_gives_the_outcome_of_its_rule(table: Table, finding: str) -> None:
    field = FIELD_OF_FINDING[finding]
    outcome = decide_outcome(Answers((Value(field, "told", (finding,)),)), (), table)
    assert outcome.id == table.rule(finding).outcome
    assert [(reason.field, reason.rule.finding) for reason in outcome.reasons] == [(field, finding)]
    assert outcome.version == table.version


@pytest.mark.parametrize("finding", [name for name in FINDINGS if TABLE.matters(name)])
def test_a_corrected_finding_is_a_conflict_beside_itself(table: Table, finding: str) -> None:
    value = corrected(Value(FIELD_OF_FINDING[finding], "told", (finding,)))
    found = {reason.rule.finding for reason in decide_outcome(Answers((value,)), (), table).reasons}
    assert found == {finding, "conflict"}


def test_a_corrected_finding_that_changes_nothing_is_no_conflict(table: Table) -> None:
    outcome = decide_outcome(Answers((corrected(Value(CONDITIONS, "told", ("diabetes",))),)), (), table)
    assert outcome.id == "qualified"
    assert [reason.rule.finding for reason in outcome.reasons] == ["diabetes"]


@pytest.mark.parametrize(
    ("age", "outcome"), [(17, "underage"), (18, "qualified"), (66, "qualified"), (99, "qualified")]
)
def test_only_an_age_below_eighteen_changes_the_outcome(table: Table, age: int, outcome: str) -> None:
    assert decide_outcome(Answers((Value(AGE, age),)), (), table).id == outcome


def test_an_age_below_eighteen_stands_after_its_correction(table: Table) -> None:
    answers = Answers().give(Value(AGE, 17)).correct(Value(AGE, 34))
    assert decide_outcome(answers, (), table).id == "underage"


@pytest.mark.parametrize("field", FIELDS)
def test_silence_counts_only_where_the_question_is_about_safety(table: Table, field: str) -> None:
    expected = "clinician_review" if field in SAFETY_FIELDS else "not_now" if field == AGE else "qualified"
    assert decide_outcome(Answers((Value(field),)), (), table).id == expected


def test_a_clinician_first_flag_sends_it_to_a_clinician_once(table: Table) -> None:
    outcome = decide_outcome(Answers(), ["RF-11", "RF-20"], table)
    assert outcome.id == "clinician_review"
    assert [reason.rule.finding for reason in outcome.reasons] == ["clinician_first"]


def test_reasons_stand_from_the_most_cautious_to_the_least(table: Table) -> None:
    answers = Answers((Value(CONDITIONS, "told", ("diabetes", "keloid", "cancer_active")), Value(TIMELINE, "soon")))
    outcome = decide_outcome(answers, (), table)
    assert outcome.id == "not_now"
    assert [reason.rule.finding for reason in outcome.reasons] == ["cancer_active", "keloid", "diabetes"]


def test_nothing_to_tell_is_qualified_without_a_reason(table: Table) -> None:
    outcome = decide_outcome(Answers(), (), table)
    assert (outcome.id, outcome.reasons) == ("qualified", ())
