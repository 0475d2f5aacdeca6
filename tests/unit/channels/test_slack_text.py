"""Slack's way of writing: what a person typed is read as typed, and what we say is shown as said."""

import pytest

from bot.chat.channels.slack_text import SECTION_CHARACTERS, escape, sections, unescape


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        (
            "my mail is <mailto:sam@quillfeather.example|sam@quillfeather.example>",
            "my mail is sam@quillfeather.example",
        ),
        ("<mailto:sam@quillfeather.example>", "sam@quillfeather.example"),
        ("call <tel:+12025550143|(202) 555-0143>", "call (202) 555-0143"),
        ("call <tel:+12025550143>", "call +12025550143"),
        ("see <https://clinic.example/a?b=1&amp;c=2|clinic.example> ok", "see clinic.example ok"),
        ("<https://clinic.example/a?b=1&amp;c=2>", "https://clinic.example/a?b=1&c=2"),
        ("<@U0LAN0Z89> hello", "hello"),
        ("hello <@U0LAN0Z89|ann> in <#C024BE7LR|general> <!here>", "hello @ann in #general"),
        ("less &lt; or &gt; more &amp; why", "less < or > more & why"),
        ("&amp;lt; stays", "&lt; stays"),
        ("<", "<"),
        ("<<a|b>|c>", "<b|c>"),
    ],
)
def test_what_a_person_typed_is_read_as_typed(sent: str, typed: str) -> None:
    assert unescape(sent) == typed


@pytest.mark.parametrize("text", ["<!channel> <@U1> & <https://x.example|y>", "a < b > c & d", "&lt;", "plain"])
def test_nothing_that_we_say_is_a_mark_of_slacks(text: str) -> None:
    assert "<" not in escape(text)
    assert unescape(escape(text)) == text


@pytest.mark.parametrize("text", ["a", "word " * 600, "&" * 3000, "a & b " * 500])
def test_a_text_fits_its_sections_whole(text: str) -> None:
    blocks = [block["text"]["text"] for block in sections(text)]
    assert all(1 <= len(block) <= SECTION_CHARACTERS for block in blocks)
    assert "".join(blocks) == escape(text)
