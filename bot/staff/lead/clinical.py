"""The words of the check for staff: questions, decision table and red flags, read once."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.assessment.outcome import Outcome
from bot.assessment.questions import read_questions
from bot.assessment.red_flags import RedFlags, read_red_flags
from bot.assessment.table import read_table
from bot.assessment.words import Words
from bot.knowledge.library import open_library
from bot.knowledge.payload import describe
from bot.leads.conflicts import Judge
from bot.settings import Settings


@dataclass(frozen=True)
class Clinical:
    """What the answers, outcomes and red flags of a lead are told with."""

    words: Words
    flags: RedFlags


@lru_cache(maxsize=2)
def clinical_in(folder: Path) -> Clinical:
    """The files of a folder; raises AssessmentError."""
    words = Words(read_questions(folder / "questions.yml"), read_table(folder / "outcomes.yml"))
    return Clinical(words, read_red_flags(folder / "red_flags.yml"))


def judge_of(settings: Settings) -> Judge:
    """Decides outcomes as the chat does; raises AssessmentError, KnowledgeError."""
    words = clinical_in(settings.assessment_dir).words
    sources = open_library(settings.knowledge_dir).current.sources

    def tell(outcome: Outcome) -> list[dict[str, object]]:
        spoken = words.conclude(outcome, lambda ids: [describe(sources[one]) for one in ids])
        return list(spoken.payload["reasons"])

    return Judge(words.table, tell)
