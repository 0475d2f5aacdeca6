"""The decision table: outcomes from the most cautious on, and a rule for each finding; data that a clinician signs."""

from pathlib import Path

from pydantic import BaseModel, Extra

from bot.assessment.files import read_model


class _Frozen(BaseModel):
    class Config:
        frozen = True
        extra = Extra.forbid


class OutcomeWords(_Frozen):
    """An outcome and its words: what the visitor hears, and what to do next."""

    id: str
    says: str
    next: str = ""


class Rule(_Frozen):
    """What a finding leads to, and why; `label` is how the summary tells it."""

    finding: str
    outcome: str
    label: str
    because: str
    sources: tuple[str, ...]


class Table(_Frozen):
    """The decision table and its version; `outcomes` stand from the most cautious to the least."""

    version: str
    signed_by: str | None
    outcomes: tuple[OutcomeWords, ...]
    decisions: tuple[Rule, ...]

    def rule(self, finding: str) -> Rule:
        """The rule for a finding; raises KeyError for one that the table does not have."""
        found = next((rule for rule in self.decisions if rule.finding == finding), None)
        if found is None:
            raise KeyError(finding)
        return found

    def words(self, outcome: str) -> OutcomeWords:
        """The words of an outcome."""
        return next(words for words in self.outcomes if words.id == outcome)

    def caution(self, outcome: str) -> int:
        """The place of an outcome: 0 is the most cautious."""
        return [words.id for words in self.outcomes].index(outcome)

    def matters(self, finding: str) -> bool:
        """Whether a finding leads to anything but the least cautious outcome."""
        return self.caution(self.rule(finding).outcome) < len(self.outcomes) - 1


def read_table(path: Path) -> Table:
    """The table in a file; raises AssessmentError."""
    return read_model(path, Table)
