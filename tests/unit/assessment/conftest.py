"""What the tests of the check share: the shipped data, a visitor, and the readers as they hear a message."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.assessment.heard import Heard, read_heard
from bot.assessment.questions import Questions
from bot.assessment.table import Table
from bot.assessment.words import Words
from bot.settings import PROJECT
from tests.unit.assessment.visitor import Visitor, shipped

Listen = Callable[..., Heard]


@pytest.fixture(scope="session")
def questions() -> Questions:
    return shipped()[0]


@pytest.fixture(scope="session")
def table() -> Table:
    return shipped()[1]


@pytest.fixture(scope="session")
def words(questions: Questions, table: Table) -> Words:
    return Words(questions, table)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture(scope="session")
def listen() -> Listen:
    """Hears a text as the assistant does, except for what takes a trained model: topic and command."""
    from rasa.shared.nlu.training_data.message import Message

    from bot.language.answer_component import ANSWERS, AnswerReader
    from bot.language.lexicon import build_pipeline, read_terms
    from bot.language.lexicon_component import DOCUMENT

    reader = AnswerReader(AnswerReader.get_default_config())
    pipeline = build_pipeline(read_terms(PROJECT / "data" / "lexicon.yml"))

    def hear(text: str, **beside: Any) -> Heard:
        message = Message(data={"text": text, DOCUMENT: pipeline(text)})
        reader.process([message])
        return read_heard({"text": text, "answers": message.get(ANSWERS)}, **beside)

    return hear
