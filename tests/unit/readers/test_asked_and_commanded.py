"""What people say to a question that stands open, besides answering it."""

import pytest

from bot.readers.asking import asks_question
from bot.readers.commands import named_commands, read_command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("why do you ask", "why"),
        ("Why would you need that?", "why"),
        ("what's that got to do with my hair", "why"),
        ("why", "why"),
        ("could you put that another way", "repeat"),
        ("I don't understand the question", "repeat"),
        ("what do you mean?", "repeat"),
        ("why does hair fall out", None),
        ("what does it cost", None),
        ("none", None),
        ("", None),
    ],
)
def test_who_wants_the_reason_or_the_question_again_is_understood(text: str, command: str | None) -> None:
    assert read_command(text) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("gotta run, finish tomorrow", "later"),
        ("please stop", "stop"),
        ("Go back one", "back"),
        ("relax, just kidding", "kidding"),
        ("where did we stop", "resume"),
    ],
)
def test_a_command_has_a_word_of_its_own(text: str, command: str) -> None:
    assert command in named_commands(text)


def test_a_wish_to_have_it_back_is_no_way_back() -> None:
    assert "back" not in named_commands("want it back")


@pytest.mark.parametrize(
    "text",
    [
        "is it safe",
        "does it hurt",
        "what does it cost",
        "how long",
        "tell me more",
        "price?",
        "so can i wear a hat",
        "why me",
    ],
)
def test_a_question_is_told_by_its_mark_or_its_beginning(text: str) -> None:
    assert asks_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "does not apply to me",
        "doesn't apply",
        "have psoriasis",
        "when i was 20",
        "slow, for years",
        "?",
        "",
        "do not take any",
    ],
)
def test_an_answer_that_begins_like_a_question_is_none(text: str) -> None:
    assert not asks_question(text)
