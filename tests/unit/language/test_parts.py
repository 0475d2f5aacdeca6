"""Questions are told from the story around them."""

import pytest
import spacy
from spacy.language import Language

from bot.language.parts import split_questions


@pytest.fixture(scope="module")
def pipeline() -> Language:
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    return blank


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("how much is it and does it hurt?", ["how much is it", "does it hurt?"]),
        ("Is it approved? How long does it last?", ["Is it approved?", "How long does it last?"]),
        ("does it hurt, how long does it take", ["does it hurt", "how long does it take"]),
        ("what is it\nwho does it", ["what is it", "who does it"]),
    ],
)
def test_two_questions_are_read_apart(pipeline: Language, message: str, parts: list[str]) -> None:
    assert split_questions(pipeline(message)) == parts


@pytest.mark.parametrize(
    "message",
    [
        "price?",
        "does it hurt",
        "I live in Utah and my cousin had it done",
        "minoxidil and finasteride did nothing for me",
        "",
    ],
)
def test_a_story_with_one_question_stays_whole(pipeline: Language, message: str) -> None:
    assert split_questions(pipeline(message)) == []


def test_the_question_at_the_end_of_a_story_is_found(pipeline: Language) -> None:
    assert split_questions(pipeline("I live in Utah. My cousin had it done. Is that even legal?")) == [
        "Is that even legal?"
    ]


def test_a_list_of_twenty_questions_is_cut(pipeline: Language) -> None:
    assert len(split_questions(pipeline("is it safe? " * 20))) == 5
