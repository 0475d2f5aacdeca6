"""What visitors are told around a talk with a person is plain, and promises nothing."""

import pytest

from bot.knowledge.linting.form import check_grade
from bot.knowledge.linting.promises import check_promises
from bot.knowledge.linting.rulebook import read_rulebook
from bot.knowledge.phrases import read_phrases
from tests.unit.assessment.test_check_data import page
from tests.unit.knowledge.desk import SHIPPED

NAMES = ("staff_joined", "staff_left", "nobody_answered", "call_offered", "check_waits", "there_again")


@pytest.mark.parametrize("name", NAMES)
def test_the_words_around_a_talk_with_a_person_are_plain(name: str) -> None:
    phrase: str = getattr(read_phrases(SHIPPED / "phrases.yml"), name)
    text = phrase.format(clinic="the clinic", when="on Monday at 9:00 in the morning")
    rulebook = read_rulebook(SHIPPED / "lint.yml")
    assert [*check_grade(page(text), rulebook), *check_promises(page(text), rulebook)] == []
