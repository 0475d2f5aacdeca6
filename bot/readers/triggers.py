"""The words that change what a named illness or sign means; data in the manner of ConText (Harkema et al. 2009)."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Extra, StrictStr

from bot.assessment.files import read_model

KIN = "{kin}"


class _Frozen(BaseModel):
    class Config:
        frozen = True
        extra = Extra.forbid


class Sides(_Frozen):
    """The words of one kind: where they stand to what they change.

    `both` words look forward where an object follows, else back; `fronted` ones reach over a comma; `weak` ones stand
    behind, and count only where nothing says that it began then; `far` ones, behind too, are stopped by nothing but the
    sentence's end, and `beside` ones follow directly.
    """

    before: tuple[StrictStr, ...] = ()
    fronted: tuple[StrictStr, ...] = ()
    after: tuple[StrictStr, ...] = ()
    both: tuple[StrictStr, ...] = ()
    weak: tuple[StrictStr, ...] = ()
    far: tuple[StrictStr, ...] = ()
    beside: tuple[StrictStr, ...] = ()


class PerKind(_Frozen):
    """Phrases that concern every kind (`all`), or one of them."""

    all: tuple[StrictStr, ...] = ()
    negated: tuple[StrictStr, ...] = ()
    past: tuple[StrictStr, ...] = ()
    hypothetical: tuple[StrictStr, ...] = ()
    another: tuple[StrictStr, ...] = ()


class Triggers(_Frozen):
    """All triggers, what ends their reach, and what only looks like one; see data/assessment/context.yml."""

    version: str
    kin: tuple[StrictStr, ...]
    negated: Sides
    past: Sides
    hypothetical: Sides
    another: Sides
    now: Sides
    takes_back: PerKind
    ends: PerKind
    objectless: PerKind
    began: tuple[StrictStr, ...]
    lookalikes: tuple[StrictStr, ...]
    questions: tuple[StrictStr, ...]
    first_person: tuple[StrictStr, ...]

    def _listed(self) -> Iterator[tuple[str, str, str]]:
        for kind in ("negated", "past", "hypothetical", "another", "now"):
            for side, phrases in getattr(self, kind):
                yield from ((kind, side, phrase) for phrase in phrases)
        for role in ("takes_back", "ends"):
            for kind, phrases in getattr(self, role):
                yield from ((kind, role, phrase) for phrase in phrases)
        for role in ("began", "lookalikes", "questions"):
            yield from (("all", role, phrase) for phrase in getattr(self, role))

    def phrases(self) -> Iterator[tuple[str, str, str]]:
        """Kind, role and phrase of each, with every word for kin."""
        for kind, role, phrase in self._listed():
            names = self.kin if KIN in phrase else ("",)
            yield from ((kind, role, phrase.replace(KIN, name)) for name in names)


def read_triggers(path: Path) -> Triggers:
    """The triggers in a file; raises AssessmentError with the file's name."""
    return read_model(path, Triggers)
