"""What a visitor typed stays text: no command, no control character, no half of a character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.typed import clean, says_nothing


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hello", "hello"),
        ("  hello\n", "hello"),
        ("two\nlines", "two\nlines"),
        ("a\tb\rc", "a b c"),
        ("/restart", "restart"),
        ("and/or", "and/or"),
        ("24/7?", "24/7?"),
        (" \u200b/ /\ufeff/restart", "restart"),
        ("\x00\x1b[31mred", "[31mred"),
        ("half \ud83d", "half"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("/", ""),
    ],
)
def test_text_is_kept_and_commands_are_not(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text() | st.text(alphabet="/ \u200b\ufeff\x00\tx"))
def test_nothing_typed_is_a_command_or_breaks_what_stores_it(typed: str) -> None:
    kept = clean(typed)
    assert not kept.startswith("/")
    assert "\x00" not in kept
    kept.encode("utf-8")
    assert clean(kept) == kept


@pytest.mark.parametrize("silent", ["", " ", "?!", "...", "---", "$", "\u200b", "\u0301"])
def test_signs_alone_say_nothing(silent: str) -> None:
    assert says_nothing(silent)


@pytest.mark.parametrize("spoken", ["a", "5", "\u4f60", "\U0001f600", "\u2764\ufe0f", "?a"])
def test_a_letter_a_digit_or_a_picture_says_something(spoken: str) -> None:
    assert not says_nothing(spoken)
