"""Tells why a check came to its outcome: each reason with the answers that it came from, the rule and its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.assessment.answers import Value
from bot.assessment.fields import ADULT, AGE, FIELDS
from bot.leads.conflicts import answers_of, standing_conflicts
from bot.leads.records import Assessed
from bot.staff.lead.clinical import Clinical
from bot.staff.masking import mask_text

STATUS_WORDS = {"current": "", "corrected": "corrected", "cleared": "cleared"}


@dataclass(frozen=True)
class Told:
    """One value of a field in words; `conflict` is its place where a clinician may clear it."""

    text: str
    status: str
    findings: Sequence[str]
    conflict: int | None = None


@dataclass(frozen=True)
class Answered:
    """A field with every value that was ever given."""

    field: str
    title: str
    told: Sequence[Told]


@dataclass(frozen=True)
class Explained:
    """A rule that applied: where, by which finding, to which outcome, why, on what source, because of which answers."""

    field: str
    title: str
    finding: str
    outcome: str
    because: str
    source: Mapping[str, Any]
    told: Sequence[str]


@dataclass(frozen=True)
class Raised:
    """A red flag: its id, and what it means to staff."""

    id: str
    about: str


@dataclass(frozen=True)
class Explanation:
    """All that a page says of a check."""

    reasons: Sequence[Explained]
    answers: Sequence[Answered]
    flags: Sequence[Raised]

    @property
    def conflicts(self) -> bool:
        """Whether there is something for a clinician to clear."""
        return any(told.conflict is not None for answered in self.answers for told in answered.told)


def explain(assessed: Assessed, clinical: Clinical, names: Sequence[str]) -> Explanation:
    """The check in words; `names` are masked in them, with whatever else says how to reach somebody."""
    return Explanation(
        reasons=[_explained(reason, assessed, clinical, names) for reason in assessed.reasons],
        answers=_answers(assessed, clinical, names),
        flags=[_raised(flag, clinical) for flag in assessed.flags],
    )


def _answers(assessed: Assessed, clinical: Clinical, names: Sequence[str]) -> list[Answered]:
    standing = {(one.value.field, one.place) for one in standing_conflicts(assessed, clinical.words.table)}
    answers = answers_of(assessed)
    given = [name for name in FIELDS if answers.of(name)]
    return [
        Answered(
            name,
            clinical.words.title(name),
            [
                Told(
                    text=_text(value, clinical, names),
                    status=STATUS_WORDS[value.status],
                    findings=value.findings,
                    conflict=place if (name, place) in standing else None,
                )
                for place, value in enumerate(answers.of(name))
            ],
        )
        for name in given
    ]


def _text(value: Value, clinical: Clinical, names: Sequence[str]) -> str:
    return mask_text(clinical.words.tell(value), names)


def _explained(reason: Mapping[str, Any], assessed: Assessed, clinical: Clinical, names: Sequence[str]) -> Explained:
    field, finding = str(reason.get("field", "")), str(reason.get("finding", ""))
    values = answers_of(assessed).standing().of(field) if field in FIELDS else ()
    told = [_text(value, clinical, names) for value in values if _gives(value, finding)]
    if field == "safety":
        told = [_raised(flag, clinical).about for flag in assessed.flags]
    return Explained(
        field=field,
        title=clinical.words.title(field) if field in FIELDS else field.capitalize(),
        finding=finding,
        outcome=str(reason.get("outcome", "")),
        because=str(reason.get("because", "")),
        source=reason.get("source") or {},
        told=list(dict.fromkeys(told)),
    )


def _gives(value: Value, finding: str) -> bool:
    """Whether a value is one that a rule applied to."""
    if finding == "conflict":
        return value.status == "corrected" and bool(value.findings)
    if finding in ("not_given", "age_refused"):
        return value.value is None and not value.findings
    if finding == "age_under_18":
        return value.field == AGE and isinstance(value.value, int) and value.value < ADULT
    return finding in value.findings


def _raised(identifier: str, clinical: Clinical) -> Raised:
    known = {flag.id: flag.about for flag in clinical.flags.flags}
    return Raised(identifier, known.get(identifier, "no longer in the list of red flags"))
