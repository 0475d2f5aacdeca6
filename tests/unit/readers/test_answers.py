"""Answers that hold no fact: none of it, will not say, does not know."""

import pytest

from bot.readers.answers import denies_all, is_unsure, refuses

NONE = [
    "none", "no", "No.", "nope nothing", "healthy as a horse", "nothing at all", "not that i know of", "n/a", "nil",
    "clean bill of health", "nope, fit as a fiddle", "none, thank god!", "nah mate", "👎", "no no no", "not really",
    "I don't take anything", "No sir, I don't have anything.", "none of the above", "nothing like that", "zilch",
]  # fmt: skip
SOMETHING = [
    "", "yes", "warfarin", "no diabetes but lupus", "nothing but eliquis", "nope just plavix",
    "healthy apart from lupus",
    "no problem", "no idea", "not sure", "none of your business", "why?", "no?", "no but my mom does", "12", "hello",
]  # fmt: skip
REFUSED = [
    "skip", "Pass.", "rather not say", "i'd rather not", "none of your business", "prefer not to", "next question",
    "that's private", "I won't tell you that", "no comment", "skip this one please", "too personal for me",
]  # fmt: skip
ANSWERED = [
    "no", "", "lupus", "i might pass out", "my personal trainer", "a private clinic in leeds", "next year",
    "i skip meals", "dad passed away",
]  # fmt: skip
UNSURE = [
    "not sure",
    "no idea",
    "dunno",
    "idk",
    "maybe",
    "could be",
    "hmm not sure tbh",
    "i don't know",
    "who knows lol",
]
SURE = ["", "no", "yes", "i know", "maybe 3 years", "lupus", "not"]


@pytest.mark.parametrize("text", NONE)
def test_somebody_who_has_nothing_denies_all(text: str) -> None:
    assert denies_all(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_somebody_who_names_or_asks_something_does_not(text: str) -> None:
    assert not denies_all(text)


@pytest.mark.parametrize("text", REFUSED)
def test_somebody_who_will_not_say_refuses(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize("text", ANSWERED)
def test_a_word_of_refusal_inside_an_answer_refuses_nothing(text: str) -> None:
    assert not refuses(text)


@pytest.mark.parametrize("text", UNSURE)
def test_somebody_who_does_not_know_is_unsure(text: str) -> None:
    assert is_unsure(text)


@pytest.mark.parametrize("text", SURE)
def test_somebody_who_answers_is_not_unsure(text: str) -> None:
    assert not is_unsure(text)


@pytest.mark.parametrize("text", [" ", "\n", "\ufe0f", "\t \n"])
def test_a_blank_denies_nothing(text: str) -> None:
    assert not denies_all(text)
