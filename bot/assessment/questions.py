"""The questions of the check and the words around them, as data."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, Extra

from bot.assessment.files import read_model

DENIAL = (
    r"(?:no|not|never|without|nor|isnt|arent|wasnt|werent|aint|dont have|didnt|hasnt|havent)"
    r"(?: (?:a|any|at all|really|that|so|very|all|exactly|even|been|come))*"
)


class _Frozen(BaseModel):
    class Config:
        frozen = True
        extra = Extra.forbid


class Option(_Frozen):
    """A quick reply: its code, its title, and other words that mean it; `findings` are what choosing it tells."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    refuses: bool = False


class Question(_Frozen):
    """One field's question; `again` is how it is asked after an answer that could not be read, `told` its summary.

    `names` are the words by which a visitor means this question; `more` asks it where some of it was told before."""

    id: str
    ask: str
    again: str
    more: str | None = None
    why: str
    told: str
    names: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()


class Questions(_Frozen):
    """The questions in the order asked, and the phrases between them.

    A message that holds nothing but words of `leaving` may leave the check; with another word it may be an answer.
    """

    version: str
    questions: tuple[Question, ...]
    leaving: tuple[str, ...] = ()
    phrases: Mapping[str, str]

    def of(self, field: str) -> Question:
        """The question of a field."""
        return next(question for question in self.questions if question.id == field)

    def named(self, said: str) -> str | None:
        """The field whose name stands in `said` (plain words)."""
        return next((one.id for one in self.questions for name in one.names if _holds(said, name)), None)


def read_questions(path: Path) -> Questions:
    """The questions in a file; raises AssessmentError."""
    return read_model(path, Questions)


def _holds(said: str, words: str) -> bool:
    return f" {words} " in f" {said} "


def option_of(options: Sequence[Option], text: str, exactly: bool = False) -> Option | None:
    """The option that a text means: its title, its code or, unless it has to be said `exactly`, one of its words, the
    longest; a word that the text denies is none."""
    exact = next((option for option in options if plain(text) in (plain(option.title), option.id)), None)
    if exact or exactly:
        return exact
    said = plain(_affirmed(text, [word for option in options for word in option.words]))
    found = [(len(word), option) for option in options for word in option.words if _holds(said, word)]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _affirmed(text: str, words: Sequence[str]) -> str:
    """A text without those of `words` that it denies: "not sudden, slow" is "slow"."""
    listed = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    denied = rf"\b{DENIAL} (?:{listed})(?:(?:, (?:{listed}))*,? n?or (?:{listed}))?\b"
    return re.sub(denied, " ", _bare(text)) if words else text


def plain(text: str) -> str:
    """A text as it is compared: lower case, no apostrophes, single spaces between its words."""
    kept = "".join(letter if letter.isalnum() else " " for letter in _bare(text))
    return " ".join(kept.split())


def _bare(text: str) -> str:
    return text.casefold().replace("'", "").replace("’", "")
