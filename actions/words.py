"""The words of the check and of the hand-off, read once."""

from functools import lru_cache

from bot.assessment.questions import read_questions
from bot.assessment.table import read_table
from bot.assessment.words import Cite, Words
from bot.handoff.account import AccountWords
from bot.handoff.form import read_form
from bot.handoff.words import HandoffWords
from bot.knowledge.library import Library
from bot.knowledge.payload import describe
from bot.settings import settings


@lru_cache(maxsize=1)
def check_words() -> Words:
    """The check's questions, the decision table, and their words."""
    folder = settings().assessment_dir
    return Words(read_questions(folder / "questions.yml"), read_table(folder / "outcomes.yml"))


@lru_cache(maxsize=1)
def handoff_words() -> HandoffWords:
    """The hand-off's consents, questions and words."""
    return HandoffWords(read_form(settings().assessment_dir, settings().clinic))


def account_words() -> AccountWords:
    """The words on what was sent."""
    return AccountWords(handoff_words())


def cite(library: Library) -> Cite:
    """How the decision table's sources stand in a payload."""
    return lambda ids: [describe(library.sources[identifier]) for identifier in ids]
