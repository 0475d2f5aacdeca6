"""Messages that take back what was said, and numbers in words."""

import pytest

from bot.readers.corrections import corrects
from bot.readers.numbers import in_digits


@pytest.mark.parametrize(
    "text",
    [
        "oops",
        "i mean 38",
        "sorry, 38",
        "actually no",
        "scratch that",
        "not 28 but 38",
        "39 not 38",
        "typo",
        "wait, 39",
        "i said no but i do take warfarin",
        "change my age to 39",
        "it should be 39",
    ],
)
def test_a_correction_is_heard(text: str) -> None:
    assert corrects(text)


@pytest.mark.parametrize(
    "text",
    [
        "38",
        "no",
        "not sure",
        "sorry to hear that",
        "sorry?",
        "does it actually work",
        "not pregnant, not nursing",
        "wait how much",
        "what do you mean",
        "is it a mistake to wait",
    ],
)
def test_other_talk_is_none(text: str) -> None:
    assert not corrects(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("Forty-Six", "46"),
        ("thrity eight", "38"),
        ("ninteen", "19"),
        ("I was thirsty", "i was thirsty"),
        ("in twenty oh nine", "in 2009"),
        ("nineteen eighty four", "1984"),
        ("five-six years", "5 to 6 years"),
        ("1½ years", "1 and a half years"),
    ],
)
def test_words_of_numbers_are_put_into_digits(text: str, digits: str) -> None:
    assert in_digits(text) == digits
