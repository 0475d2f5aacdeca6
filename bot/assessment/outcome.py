"""The outcome of the check: a pure function of the set of all values ever given, and of the decision table."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.assessment.answers import Answers
from bot.assessment.fields import ADULT, AGE, SAFETY_FIELDS
from bot.assessment.table import Rule, Table

UNDERAGE = "underage"
QUALIFIED = "qualified"


@dataclass(frozen=True)
class Reason:
    """One rule that applies, and the field that it applies to."""

    field: str
    rule: Rule


@dataclass(frozen=True)
class Outcome:
    """The most cautious outcome of all rules that apply, with every reason, the most cautious first."""

    id: str
    reasons: tuple[Reason, ...]
    version: str


def _of_values(answers: Answers, table: Table) -> Iterable[tuple[str, str]]:
    """Field and finding of every value, also of one that was corrected."""
    for value in answers.values:
        yield from ((value.field, finding) for finding in value.findings)
        if value.field == AGE and isinstance(value.value, int) and value.value < ADULT:
            yield AGE, "age_under_18"
        if value.status == "corrected" and any(table.matters(finding) for finding in value.findings):
            yield value.field, "conflict"


def _of_silence(answers: Answers) -> Iterable[tuple[str, str]]:
    """What an answer that was not given means: a value None stands for it."""
    for value in answers.values:
        if value.value is None and not value.findings:
            if value.field == AGE:
                yield AGE, "age_refused"
            if value.field in SAFETY_FIELDS:
                yield value.field, "not_given"


def decide_outcome(answers: Answers, flags: Iterable[str], table: Table) -> Outcome:
    """The outcome of `answers` where `flags` (ids of red flags of class clinician_first) were raised.

    Precedence as the contract has it: the most cautious wins, a corrected value stays in force until staff clear it,
    order never matters.
    """
    standing = answers.standing()
    found = {*_of_values(standing, table), *_of_silence(standing), *(("safety", "clinician_first") for _ in flags)}
    reasons = [Reason(field, table.rule(finding)) for field, finding in found]
    # The most cautious first, then by name: so they always stand alike.
    reasons.sort(key=lambda one: (table.caution(one.rule.outcome), one.rule.finding, one.field))
    ended = reasons[0].rule.outcome if reasons else QUALIFIED
    return Outcome(ended, tuple(reasons), table.version)
