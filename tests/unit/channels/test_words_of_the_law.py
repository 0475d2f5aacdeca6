"""Which messages stop, start or ask who writes, and which are for the assistant."""

import pytest

from bot.chat.channels.opting_out import wanted, wanted_by_type

STOPS = [
    "STOP",
    "stop",
    " Stop.\n",
    "STOP ALL",
    "stopall",
    "Unsubscribe",
    "CANCEL",
    "end",
    "Quit!",
    "REVOKE",
    "opt-out",
]


@pytest.mark.parametrize("text", [*STOPS, "ＳＴＯＰ", '"stop"', "stop 🛑"])
def test_a_word_of_the_law_alone_stops(text: str) -> None:
    assert wanted(text) == "stop"


@pytest.mark.parametrize("text", ["START", "unstop", "Yes", "yes!"])
def test_a_word_alone_starts_again(text: str) -> None:
    assert wanted(text) == "start"


@pytest.mark.parametrize("text", ["HELP", "help?", "Info"])
def test_a_word_alone_asks_who_writes(text: str) -> None:
    assert wanted(text) == "help"


@pytest.mark.parametrize(
    "text",
    ["", "?", "stop the check", "please stop", "stop receding", "stop 2", "help me", "the end", "yes please", "ending"],
)
def test_a_sentence_is_for_the_assistant(text: str) -> None:
    assert wanted(text) is None


def test_twilio_says_what_its_own_words_want() -> None:
    assert [wanted_by_type(word) for word in ("STOP", "START", "HELP", "", "OTHER")] == [
        "stop",
        "start",
        "help",
        None,
        None,
    ]


@pytest.mark.parametrize(
    "text", ["stop texting me", "Please stop sending me messages!", "don't text me again", "STOP STOP", "no more texts"]
)
def test_whoever_says_in_other_words_that_no_more_texts_are_wanted_is_heard(text: str) -> None:
    assert wanted(text) == "stop"


@pytest.mark.parametrize("text", ["don't send", "stop the check", "how do i stop hair loss", "i stopped minoxidil"])
def test_stop_in_another_sentence_is_for_the_assistant(text: str) -> None:
    assert wanted(text) is None
