"""A name in the sentence around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readers.name import read_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana", "Ana"),
        ("ana ruiz", "Ana Ruiz"),
        ("ANA O'NEILL-SMITH", "Ana O'Neill-Smith"),
        ("hey, it's Ana", "Ana"),
        ("Ana here", "Ana"),
        ("I'm Ana and I'm scared", "Ana"),
        ("my name is zoë", "Zoë"),
        ("Dr. Łukasz Nowak", "Łukasz Nowak"),
        ("Prof. Dr. Müller", "Müller"),
        ("vincent van gogh", "Vincent van Gogh"),
        ("mcdonald", "McDonald"),
        ("J.R. Smith", "J.R. Smith"),
        ("tj", "TJ"),
        ("Smith, John", "John Smith"),
        ("first name John, last name Smith", "John Smith"),
        ("people call me Max", "Max"),
        ("Maximilian but everyone calls me Max", "Max"),
        ("Jonathan, but Jon is fine", "Jon"),
        ("M-A-R-I-A", "Maria"),
        ("Sara without the h", "Sara"),
        ("not Jon but John", "John"),
        ("Tim, sorry, Tom", "Tom"),
        ("my wife is Ann, I'm Bob", "Bob"),
        ("ich bin Jürgen", "Jürgen"),
        ("Мария", "Мария"),
        ("दीपा", "दीपा"),
        ("Grace", "Grace"),
    ],
)
def test_a_name_is_found_and_written_as_usual(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I'm tired",
        "worried",
        "London",
        "New York",
        "I'm from Texas",
        "a woman",
        "why do you ask?",
        "prefer not to say",
        "mind your own business",
        "call me later",
        "my wife is Ann",
        "not Ann",
        "38",
        "ana@mail.example",
        "is this safe",
        "yes",
        "🙂",
    ],
)
def test_feelings_towns_questions_and_refusals_are_no_name(text: str) -> None:
    assert read_name(text) is None


@given(st.text(max_size=80))
def test_any_text_gives_a_word_or_none(text: str) -> None:
    name = read_name(text)
    assert name is None or name.strip()
