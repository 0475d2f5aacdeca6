"""Another language is recognised; English with foreign words, names or slips is not taken for one."""

import pytest

from bot.language.tongue import Tongues, english_words

KNOWN = english_words(
    ["how much does the treatment cost me", "how much does it cost", "is the treatment ok for me on a medicine"] * 2
)
TONGUES = Tongues(["es", "fr", "de", "pt", "it", "ru", "zh"], KNOWN)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("¿cuánto cuesta el tratamiento con células madre?", "es"),
        ("combien coûte le traitement des cheveux", "fr"),
        ("wie viel kostet die Behandlung der Haare", "de"),
        ("quanto custa o tratamento para o cabelo", "pt"),
        ("quanto costa il trattamento dei capelli", "it"),
        ("сколько стоит лечение волос", "ru"),
        ("这个治疗安全吗", "zh"),
    ],
)
def test_a_question_in_another_language_is_recognised(text: str, code: str) -> None:
    assert TONGUES.other_than_english(text) == code


@pytest.mark.parametrize("text", ["how much does it cost", "ok for me on minoxidil?", "?", "", "42", "hola", "😀"])
def test_english_and_what_is_no_language_count_as_english(text: str) -> None:
    assert TONGUES.other_than_english(text) is None


def test_a_word_of_one_example_is_not_yet_known() -> None:
    assert english_words(["one two", "two three"]) == {"two"}
