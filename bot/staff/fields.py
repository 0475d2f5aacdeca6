"""What a field of the check or of the hand-off is called: as in the summary that its visitor sees."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot.assessment.questions import read_questions
from bot.errors import AssessmentError
from bot.staff.wording import titled

FILES = ("contact.yml", "questions.yml")


def field_title(folder: Path, name: str) -> str:
    """The title of a field by the files of a folder; its id in words where they have none."""
    return _titles(folder).get(name) or titled(name)


@lru_cache(maxsize=2)
def _titles(folder: Path) -> Mapping[str, str]:
    try:
        known = [question for name in FILES for question in read_questions(folder / name).questions]
    except AssessmentError:  # the pages can be read without them
        return {}
    return {question.id: question.told.partition(":")[0] for question in known}
