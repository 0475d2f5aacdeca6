"""How a turn looks on each channel: short where texts cost, whole where there is room, and never cut inside a word."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.channels.channel import Limits, Said
from bot.chat.channels.opened import NEEDS
from bot.chat.channels.rendering import fit, render
from bot.chat.channels.splitting import size, split
from bot.knowledge.library import Library, open_library
from bot.knowledge.payload import full_text, source_line
from bot.knowledge.payload import render as reply_with
from bot.knowledge.reply import Answered, SourcesAsked
from bot.settings import PROJECT

LIMITS = {kind.name: kind.limits for kind, _ in NEEDS}
BRIEF, WHOLE = LIMITS["sms"], LIMITS["messenger"]


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library(PROJECT / "data" / "knowledge").current


def said(*texts: str, buttons: tuple[str, ...] = (), **payload: Any) -> dict[str, Any]:
    return {"texts": list(texts), "buttons": list(buttons), "payload": payload}


def answer(library: Library, *names: str, then: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    message = reply_with(Answered(tuple(library.entries[name] for name in names), 1.0), library)
    return said(*message.texts, *then, **{**message.payload, **more})


def test_a_brief_channel_gets_the_short_text_the_safety_line_and_the_source(library: Library) -> None:
    entry = next(one for one in library.entries.values() if one.safety and one.sources)
    (part,) = render(answer(library, entry.id), BRIEF, library)
    first = library.sources[entry.sources[0]]
    lines = [f"Source: {source_line(library.sources[one], library)}" for one in entry.sources[:2]]
    assert part.text == "\n\n".join([entry.short, entry.safety or "", "\n".join(lines)])
    assert (first.url or "") in part.text


def test_other_channels_get_all_of_it_with_the_source_below(library: Library) -> None:
    entry = next(one for one in library.entries.values() if one.safety and one.sources)
    text = "".join(part.text for part in render(answer(library, entry.id), WHOLE, library))
    assert full_text(entry).split()[-1] in text
    assert "Source: " in text


def test_a_pending_question_stands_behind_the_source(library: Library) -> None:
    names = [one.id for one in library.entries.values() if one.kind == "answer" and one.sources][:2]
    turn = answer(library, *names, then=("How old are you?",), field="age")
    (part,) = render(turn, BRIEF, library)
    assert part.text.endswith("\n\nHow old are you?")
    assert part.text.index(library.entries[names[1]].short) < part.text.index("Source: ")
    *_, question = render(turn, WHOLE, library)
    assert question == Said("How old are you?")


def test_sources_that_are_told_are_not_told_twice(library: Library) -> None:
    entry = next(one for one in library.entries.values() if len(one.sources) > 1)
    message = reply_with(SourcesAsked(entry), library)
    (part,) = render(said(*message.texts, **message.payload), BRIEF, library)
    assert part.text == message.texts[0]


def test_urgent_advice_is_whole_and_first(library: Library) -> None:
    entry = next(one for one in library.entries.values() if one.sources)
    advice = "Call 911 now. " * 150
    parts = render(said(advice, "Second.", kind="urgent", entries=[entry.id], sources=[]), BRIEF, library)
    assert len(parts) == 2
    assert " ".join(part.text for part in parts).split() == [*advice.split(), "Second."]


def test_smalltalk_and_an_edited_entry_are_said_as_they_were(library: Library) -> None:
    assert render(said("Hello!", kind="smalltalk"), BRIEF, library) == [Said("Hello!")]
    entry = next(iter(library.entries.values()))
    (part,) = render(said("An older text.", kind="answer", entries=[entry.id], sources=[]), BRIEF, library)
    assert part.text == "An older text."


def test_a_turn_that_says_nothing_sends_nothing(library: Library) -> None:
    assert render(said(kind="answer", entries=["gone.entry"], sources=[{"id": "gone"}]), BRIEF, library) == []
    assert render(said("", " "), WHOLE, library) == []


def test_choices_are_numbers_where_there_are_no_buttons(library: Library) -> None:
    turn = said("Shall I?", buttons=("Yes", "No"), kind="question")
    assert render(turn, BRIEF, library) == [
        Said("Shall I?\n\n1. Yes\n2. No\nReply with a number, or in your own words.")
    ]
    assert render(turn, WHOLE, library) == [Said("Shall I?", ("Yes", "No"))]


def test_a_question_for_a_number_has_no_numbered_choices(library: Library) -> None:
    turn = said("How old are you?", buttons=("Skip", "Why do you ask?"), kind="question", field="age")
    assert render(turn, BRIEF, library) == [Said("How old are you?\n\nYou can also reply: Skip / Why do you ask?")]


def test_choices_are_numbers_where_one_title_is_too_long(library: Library) -> None:
    (part,) = render(said("Which?", buttons=("Yes", "x" * 21)), WHOLE, library)
    assert part.buttons == ()
    assert "2. " + "x" * 21 in part.text


def strings(data: Any, key: str) -> Iterator[Any]:
    """Every value of a key, however deep it stands."""
    if isinstance(data, dict):
        yield from ([data[key]] if key in data else [])
        data = list(data.values())
    for one in data if isinstance(data, list) else []:
        yield from strings(one, key)


def button_sets(library: Library) -> list[tuple[str, ...]]:
    """Every set of choices of the product: of questions, consents, entries, and the phrases around them."""
    found: list[tuple[str, ...]] = []
    for name in ("questions", "contact"):
        data = yaml.safe_load((PROJECT / "data" / "assessment" / f"{name}.yml").read_text(encoding="utf-8"))
        words = data["phrases"]
        plain = [words[key] for key in ("skip", "why", "yes", "no", "right", "change", "send_again") if key in words]
        found += [(*(option["title"] for option in options), *plain) for options in strings(data, "options") if options]
        found.append(tuple(plain))
    titles = [entry.title for entry in library.entries.values()]
    longest = sorted(titles, key=len)[-3:]
    return [*found, *((title, *longest, library.phrases.something_else) for title in titles)]


@pytest.mark.parametrize("name", LIMITS)
def test_every_choice_of_the_product_fits_every_channel(name: str, library: Library) -> None:
    limits, sets = LIMITS[name], button_sets(library)
    assert len(sets) > 100
    for buttons in sets:
        parts = render(said("Which one?", buttons=buttons, kind="question"), limits, library)
        assert all(size(part.text) <= limits.characters for part in parts)
        shown = parts[-1]
        if fit(buttons, limits):
            assert tuple(shown.buttons) == buttons
        else:
            assert re.findall(r"^\d+\. (.*)$", shown.text, re.MULTILINE) == list(buttons)


@pytest.mark.parametrize("name", LIMITS)
def test_every_answer_of_the_product_fits_every_channel(name: str, library: Library) -> None:
    limits = LIMITS[name]
    for entry in library.entries.values():
        parts = render(answer(library, entry.id), limits, library)
        assert parts
        assert all(0 < size(part.text) <= limits.characters for part in parts)
        assert not limits.brief or len(parts) == 1


words = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Z")), min_size=1, max_size=30)
texts = st.lists(st.tuples(words, st.sampled_from([" ", ". ", "! ", "\n", "\n\n", ".\n\n"])), max_size=60).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@given(texts, st.integers(min_value=62, max_value=400))
def test_a_long_text_is_split_between_words_and_loses_none(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(0 < size(part) <= most for part in parts)
    assert " ".join(parts).split() == text.split()


def test_a_long_text_is_split_at_paragraphs_then_at_sentences() -> None:
    assert split("One two. Three four.\n\nFive six.", 26) == ["One two. Three four.", "Five six."]
    assert split("One two. Three four. Five six.", 24) == ["One two. Three four.", "Five six."]
    assert split('He said "no." Then https://example.com/a.b?c=d. End.', 20) == [
        'He said "no."',
        "Then",
        "https://example.com/",
        "a.b?c=d. End.",
    ]


def test_only_a_word_that_is_longer_than_a_message_is_cut() -> None:
    assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert split("\U0001f600" * 6, 4) == ["\U0001f600" * 2] * 3
    assert split("  ", 10) == []


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    assert size("a\U0001f600é") == 4
    limits = Limits(characters=4, buttons=1, title_characters=1, brief=False)
    assert not fit(("\U0001f600",), limits)
