"""Somebody who goes through the check and remembers where it stands; no language component, no conversation."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.assessment.answers import Value
from bot.assessment.fields import (
    AGE,
    CONDITIONS,
    DURATION,
    EXPECTATIONS,
    MEDICATIONS,
    PATTERN,
    PREGNANCY,
    SCALP,
    TIMELINE,
    TREATMENTS,
)
from bot.assessment.heard import Heard
from bot.assessment.interview import TOPIC, advance, begin
from bot.assessment.outcome import decide_outcome
from bot.assessment.questions import Questions, read_questions
from bot.assessment.state import Interview, Step
from bot.assessment.table import Table, read_table
from bot.settings import PROJECT

ASSESSMENT: Path = PROJECT / "data" / "assessment"
HOUR = 3600.0


def heard(text: str, **told: Any) -> Heard:
    """A message and what the readers took from it; a list will do for a set."""
    return Heard(text, **{name: frozenset(value) if isinstance(value, list) else value for name, value in told.items()})


# What a visitor answers who has nothing to tell.
PLAIN = {
    AGE: heard("34", age=34),
    PATTERN: heard("slow thinning over years"),
    DURATION: heard("2 years", age=2, months=24),
    TREATMENTS: heard("nothing so far", none_at_all=True),
    CONDITIONS: heard("none", none_at_all=True, yes_no="no"),
    MEDICATIONS: heard("no", none_at_all=True, yes_no="no"),
    PREGNANCY: heard("does not apply to me", none_at_all=True),
    SCALP: heard("none", none_at_all=True, yes_no="no"),
    EXPECTATIONS: heard("somewhat thicker hair"),
    TIMELINE: heard("just looking"),
}
YES = heard("yes", yes_no="yes")
NO = heard("no", yes_no="no", none_at_all=True)
SKIP = heard("skip", command="skip", refuses=True)
JUNK = heard("grmpf")
COST = heard("what does it cost?", asks=True, about="cost", sure=True)


@lru_cache(maxsize=1)
def shipped() -> tuple[Questions, Table]:
    """The questions and the decision table, read once."""
    return read_questions(ASSESSMENT / "questions.yml"), read_table(ASSESSMENT / "outcomes.yml")


class Visitor:
    """Begins the check at `now` (seconds since 1970) and keeps the last step."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.questions, self.table = shipped()
        self.now = now
        self.step: Step = begin(Interview(), heard("check me", about=TOPIC), self.questions, now)

    @property
    def interview(self) -> Interview:
        return self.step.interview

    @property
    def open(self) -> str:
        return self.interview.open

    @property
    def notes(self) -> list[str]:
        """The phrases said before the question."""
        return [note.phrase for note in self.step.notes]

    @property
    def outcome(self) -> str:
        return decide_outcome(self.interview.answers, (), self.table).id

    def says(self, *messages: Heard) -> "Visitor":
        """Send messages while the check is open."""
        for message in messages:
            assert self.step.end is None, "the check has ended"
            self.step = advance(self.interview, message, self.questions, self.now)
        return self

    def up_to(self, field: str) -> "Visitor":
        """Answer plainly until `field` (or `summary`) is asked."""
        while self.open != field:
            self.says(PLAIN[self.open])
        return self

    def comes_back(self, message: Heard, hours: float = 1) -> "Visitor":
        """Ask for the check again some time after it was left."""
        self.now += hours * HOUR
        self.step = begin(self.interview, message, self.questions, self.now)
        return self

    def waits(self, hours: float) -> "Visitor":
        self.now += hours * HOUR
        return self

    @staticmethod
    def decided(interview: Interview) -> Interview:
        """The check as it is kept once its outcome was said."""
        return replace(interview, decided=True)

    def told(self, field: str) -> list[Any]:
        """The values of a field that stand."""
        return [value.value for value in self.interview.answers.current(field)]

    def findings(self, status: str = "current") -> set[str]:
        """The findings that were told, and stand or were corrected."""
        return {name for value in self.interview.answers.values if value.status == status for name in value.findings}


def everything_known(interview: Interview) -> set[tuple[str, Any, tuple[str, ...]]]:
    """All that was ever told, whether it stands or not."""
    return {(value.field, value.value, value.findings) for value in interview.answers.values}


def corrected(value: Value) -> Value:
    return replace(value, status="corrected")
