"""A lay phrasing is found in any order and spelling that it allows, near together, within one sentence."""

import time

import pytest
import spacy
from spacy.language import Language

from bot.readers.phrasings import NEAR, Found, Phrasings, parse

BREATH = "breath*|air + cant|trouble"


@pytest.fixture(scope="module")
def pipeline() -> Language:
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    return blank


def found(pipeline: Language, text: str, *written: str) -> list[Found]:
    """What is found of phrasings that are named by their number."""
    return Phrasings(parse(str(number), one) for number, one in enumerate(written)).find(pipeline(text))


@pytest.mark.parametrize(
    "text",
    [
        "I have trouble breathing",
        "breathing is trouble",
        "TROUBLE with every Breath",
        "i cant get air",
        "I can't get air",
        "I can’t get air",
        "i can`t get air",
        "no air, i just, like, cant",
        "(trouble) ... 'breathing'",
    ],
)
def test_a_word_of_each_group_in_any_order_is_enough(pipeline: Language, text: str) -> None:
    assert [one.name for one in found(pipeline, text, BREATH)] == ["0"]


@pytest.mark.parametrize(
    "text",
    ["", "?", "🙂", "breath", "trouble", "airy trouble", "i can breathe", "i cannot get air", "b r e a t h trouble"],
)
def test_a_group_without_a_word_finds_nothing(pipeline: Language, text: str) -> None:
    assert found(pipeline, text, BREATH) == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("im suicidal", "im suicidal"),
        ("I'm suicidal", "im suicidal"),
        ("ive a plan", "ive a plan"),
        ("hes not waking up", "hes not waking"),
        ("he's not waking up", "he + not waking"),
        ("shes got a plan", "she + plan"),
        ("my lad's gone quiet", "lad + quiet"),
        ("whats the point", "whats the point"),
        ("theyre all looking", "theyre all"),
        ("i'm gonna do it", "gonna do"),
        ("I cannot see", "cannot see"),
        ("16m and balding", "16m + bald*"),
        ("cut 20kg", "cut 20|lost 20"),
        ("lost 20kg", "kg + lost"),
    ],
)
def test_a_word_that_spacy_parts_is_found_whole_and_in_parts(pipeline: Language, text: str, written: str) -> None:
    assert len(found(pipeline, text, written)) == 1


@pytest.mark.parametrize("text", ["i dont want to", "I don't want to", "we cannot want to"])
def test_a_word_with_a_not_in_it_is_never_found_without_it(pipeline: Language, text: str) -> None:
    assert found(pipeline, text, "do|can + want") == []


def test_words_may_be_ten_apart_and_no_more(pipeline: Language) -> None:
    def apart(words: int) -> str:
        return f"trouble {'so ' * words} breathing"

    assert found(pipeline, apart(NEAR), BREATH)
    assert not found(pipeline, apart(NEAR + 1), BREATH)


def test_commas_and_dots_in_between_are_no_words(pipeline: Language) -> None:
    assert found(pipeline, "trouble , - ( ) , - ( ) , - ( ) , - ( ) breathing", BREATH)


def test_words_of_two_sentences_are_not_put_together(pipeline: Language) -> None:
    assert not found(pipeline, "It was no trouble. I could breathe.", BREATH)


def test_a_phrasing_counts_once_in_each_sentence(pipeline: Language) -> None:
    text = "I cant get air, trouble breathing. No, really, I cant breathe."
    assert [one.name for one in found(pipeline, text, BREATH)] == ["0", "0"]


def test_one_word_does_not_stand_for_two_groups(pipeline: Language) -> None:
    assert not found(pipeline, "swollen", "swollen|lip + swollen|tongue")
    assert found(pipeline, "swollen lip", "swollen|lip + swollen|tongue")


def test_an_alternative_of_several_words_stands_together(pipeline: Language) -> None:
    written = "passed out|went black"
    assert found(pipeline, "i passed out", written)
    assert not found(pipeline, "we passed him and went out, all black", written)


def test_a_star_stands_for_any_ending_of_its_word(pipeline: Language) -> None:
    texts = ("swell", "swelling", "swells", "swollen", "well")
    assert [text for text in texts if found(pipeline, text, "swell*")] == ["swell", "swelling", "swells"]
    assert found(pipeline, "my chest hurting", "chest hurt*")


def test_the_right_words_are_found_after_many_that_stand_alone(pipeline: Language) -> None:
    rant = "my mum and my dad and my cat and my job and my rent and my car and my bank all came to nothing, "
    assert found(pipeline, rant + "so then my eye went black", "my eye|my + black")


def test_the_spans_are_those_of_the_words_in_the_order_of_the_text(pipeline: Language) -> None:
    (one,) = found(pipeline, "Since noon I can't really breathe any air", "breath* + cant")
    assert [span.text for span in one.spans] == ["can't", "breathe"]


def test_phrasings_that_share_a_group_are_all_found(pipeline: Language) -> None:
    names = [one.name for one in found(pipeline, "trouble breathing and a rash", BREATH, "breath*|air + rash", "rash")]
    assert sorted(names) == ["0", "1", "2"]


def test_a_message_of_nothing_but_two_words_is_read_in_time(pipeline: Language) -> None:
    text = pipeline("my " * 600 + "so " * 20 + "trouble " * 600)
    phrasings = Phrasings(parse(str(number), f"my + trouble|{number}") for number in range(100))
    started = time.perf_counter()
    assert phrasings.find(text) == []
    assert time.perf_counter() - started < 2
