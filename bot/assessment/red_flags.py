"""Signs of danger: their classes, the advice for each, and lay phrasings; data that a clinician reads and signs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra, Field

from bot.assessment.files import read_model

FlagClass = Literal["emergency", "urgent_care", "self_harm", "clinician_first", "minor"]
# These end a check and a hand-off; the others are told once, and the conversation goes on.
ENDING = frozenset({"emergency", "urgent_care", "self_harm"})


class _Frozen(BaseModel):
    class Config:
        frozen = True
        extra = Extra.forbid
        allow_population_by_field_name = True


class ClassWords(_Frozen):
    """The words of a class: its first advice, the question where the danger is only suspected, and what comes after.

    `again` is said where the person goes on about it, `calm` where it was no danger after all.
    """

    first_line: str
    ask: str
    again: str
    calm: str


class RedFlag(_Frozen):
    """One sign: `about` is a line for staff, `advice` what the visitor hears, `phrasings` how lay people say it."""

    id: str
    kind: FlagClass = Field(alias="class")
    about: str
    advice: str
    sources: tuple[str, ...]
    phrasings: tuple[str, ...] = ()


class RedFlags(_Frozen):
    """All signs, with the version of the file."""

    version: str
    signed_by: str | None
    classes: Mapping[str, ClassWords]
    flags: tuple[RedFlag, ...]

    def flag(self, identifier: str) -> RedFlag:
        """The sign of an id; raises KeyError for one that is not listed."""
        found = next((flag for flag in self.flags if flag.id == identifier), None)
        if found is None:
            raise KeyError(identifier)
        return found


def read_red_flags(path: Path) -> RedFlags:
    """The signs in a file; raises AssessmentError."""
    return read_model(path, RedFlags)
