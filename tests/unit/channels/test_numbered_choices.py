"""A choice's number is the choice of the last turn, and of no other; to a question for a number it is just a number."""

from typing import Any

import pytest
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered

from bot.dialogue.numbered import BELOW, as_chosen, is_old_button, may_be_number


def offered(*titles: str, **custom: Any) -> list[Event]:
    buttons = [{"title": title, "payload": title} for title in titles]
    return [BotUttered("Which?", {"buttons": buttons}), BotUttered(None, {"custom": custom}), ActionExecuted("wait")]


@pytest.mark.parametrize("text", ["2", " 2 ", "2.", "2)"])
def test_a_number_is_the_choice_of_the_last_turn(text: str) -> None:
    assert as_chosen(text, offered("Yes", "No", field="consent_email")) == "No"


@pytest.mark.parametrize("text", ["0", "3", "22", "two", "2 years", "-1", ""])
def test_what_is_no_choice_stays_as_it_is(text: str) -> None:
    assert as_chosen(text, offered("Yes", "No")) == text


def test_choices_are_over_with_the_next_message() -> None:
    assert as_chosen("1", [*offered("Yes", "No"), UserUttered("hello"), BotUttered("Hello!")]) == "1"
    assert as_chosen("1", []) == "1"


@pytest.mark.parametrize("field", ["age", "duration", "phone"])
def test_where_a_number_is_asked_for_it_is_no_choice(field: str) -> None:
    assert as_chosen("1", offered("Skip", "Why do you ask?", field=field)) == "1"


def test_one_or_two_digits_may_be_a_number_of_a_choice() -> None:
    assert may_be_number("1")
    assert not may_be_number("1" * 5000)


@pytest.mark.parametrize(
    ("below", "is_old"),
    [
        ("Which?", False),
        ("Which?\n\n1. Yes\n2. No", False),
        ("Shall I call you?", True),
        ("", False),
    ],
)
def test_a_button_counts_below_what_was_said_last(below: str, is_old: bool) -> None:
    assert is_old_button({BELOW: below}, offered("Yes", "No")) is is_old
