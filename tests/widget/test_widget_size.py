"""What the widget weighs and how its own words read."""

import gzip
import json
import re

import pytest
from stand_in import WIDGET

from bot.knowledge.linting.form import GRADED_WORDS, HIGHEST_GRADE, grade
from bot.knowledge.linting.rulebook import read_rulebook
from bot.settings import PROJECT

MOST_BYTES = 20_000


def words_of(language: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((WIDGET / f"{language}.json").read_text(encoding="utf-8"))
    return found


def used_keys() -> set[str]:
    """The keys that the widget asks for by name."""
    script = (WIDGET / "widget.js").read_text(encoding="utf-8")
    return set(re.findall(r"\.say\(\"(\w+)\"", script)) | set(re.findall(r"texts\.words\.(\w+)", script))


def test_it_weighs_twenty_kilobytes_at_most() -> None:
    assert len(gzip.compress((WIDGET / "widget.js").read_bytes(), 9)) <= MOST_BYTES


def test_it_takes_nothing_from_elsewhere_and_builds_no_code() -> None:
    script = (WIDGET / "widget.js").read_text(encoding="utf-8")
    refused = r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|@import|@font-face|url\("
    assert re.findall(refused, script) == []
    assert set(re.findall(r"https?://[\w.]+", script)) <= {"http://www.w3.org"}


def test_every_language_has_the_same_words() -> None:
    english, spanish = words_of("en"), words_of("es")
    assert english.keys() == spanish.keys()
    for key, text in english.items():
        assert type(text) is type(spanish[key])
        places = re.compile(r"\{\w+\}")
        assert sorted(places.findall(str(text))) == sorted(places.findall(str(spanish[key]))), key
        assert str(spanish[key]).strip()
        assert str(text).strip()


def test_no_word_is_missing() -> None:
    assert used_keys() - {"direction"} <= words_of("en").keys()


def test_the_spanish_greeting_says_that_the_answers_are_in_english() -> None:
    assert "inglés" in str(words_of("es")["greeting"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_greeting_is_honest(language: str) -> None:
    greeting = str(words_of(language)["greeting"])
    assert "FDA" in greeting
    assert not re.search(r"\b(cure|guarantee|best|cura|garantiza\w*)\b", greeting, re.IGNORECASE)


def test_the_words_are_easy_to_read() -> None:
    rulebook = read_rulebook(PROJECT / "data" / "knowledge" / "lint.yml")
    sentences = [str(text) for text in words_of("en").values() if re.search(r"[.?!…]$", str(text))]
    graded = {text: grade(text, rulebook) for text in sentences if len(text.split()) >= GRADED_WORDS}
    assert graded
    assert {text: hard for text, hard in graded.items() if hard > HIGHEST_GRADE} == {}
