"""Refuses words that promise too much, and doses."""

import re
from collections.abc import Iterator

from bot.knowledge.linting.page import Finding, Page, sentences
from bot.knowledge.linting.rulebook import Promise, Rulebook
from bot.knowledge.linting.wording import Occurrence, occurrences, pattern_of

QUESTION = re.compile(
    r"(?:is|are|was|were|do|does|did|can|could|will|would|has|have|should|may|might|when)\b.*\?[\"”]?\Z", re.IGNORECASE
)
DOSE = re.compile(
    r"\b\d+(?:[.,]\d+)?[\s-]?(?:mg|mcg|µg|μg|milligrams?|micrograms?|g|grams?|ml|millilit(?:er|re)s?|cc|iu|units?|drops?|puffs?|tablets?|pills?|capsules?)\b"
    r"|\b(?:one|two|three|four|five|six|half an?|an?)\s(?:milligrams?|micrograms?|drops?|puffs?)\b"
    r"|\b(?:one|two|three|four|half a)\s(?:tablets?|pills?|capsules?)\b"
    r"|\b(?:once|twice|(?:three|four|\d+)\stimes)\s(?:daily|weekly|(?:a|per|each|every)\s(?:day|week|month))\b",
    re.IGNORECASE,
)


def check_promises(page: Page, rulebook: Rulebook) -> Iterator[Finding]:
    """A forbidden word that nothing in its clause denies, or a question with one that is answered with yes."""
    for part, text in page.shown.items():
        said = sentences(text)
        after = page.entry.text if part == "title" else ""
        for sentence, answer in zip(said, [*said[1:], after], strict=False):
            for word in _promised(sentence, answer, rulebook):
                yield page.at(part, f'"{word}" promises too much: deny it within its clause, or leave it out', sentence)


def _promised(sentence: str, answer: str, rulebook: Rulebook) -> Iterator[str]:
    if QUESTION.match(sentence) and not pattern_of(rulebook.affirmations).match(answer):
        return
    for promise in rulebook.promises:
        for found in occurrences(sentence, promise.forms, rulebook):
            if not found.denied and not _fine(found, promise, sentence):
                yield found.form


def _fine(found: Occurrence, promise: Promise, sentence: str) -> bool:
    start, end = len(found.before), len(found.before) + len(found.form)
    phrases = pattern_of(promise.fine_in).finditer(found.clause) if promise.fine_in else ()
    if any(phrase.start() <= start and end <= phrase.end() for phrase in phrases):
        return True
    return bool(
        promise.fine_after
        and pattern_of(promise.fine_after).search(found.before)
        and not pattern_of(promise.unless_with).search(sentence)
    )


def check_doses(page: Page) -> Iterator[Finding]:
    """A dose: an amount with its unit, or how often a day."""
    for part, text in page.shown.items():
        for sentence in sentences(text):
            found = DOSE.search(sentence)
            if found:
                yield page.at(part, f'"{found.group()}" is a dose', sentence)
