"""Keeps what is said about success honest: a counterweight in the same text, and a percentage only with its study."""

import re
from collections.abc import Iterator

from bot.knowledge.linting.page import Finding, Page, sentences
from bot.knowledge.linting.rulebook import Rulebook
from bot.knowledge.linting.wording import occurrences, pattern_of

PERCENTAGE = re.compile(r"\d\s?(?:%|per\s?cent\b)", re.IGNORECASE)
HAIR_COUNT = re.compile(r"\d[^.?!]*\bhairs?\b|\bhairs? per square\b", re.IGNORECASE)
DISAPPROVED = ("FDA approved", "approved by the FDA")
NO_COUNTERWEIGHT = "efficacy without a counterweight: small studies, no overall difference, fading, not FDA-approved"
SUPPORTED = ("short", "text")


def check_counterweight(page: Page, rulebook: Rulebook) -> Iterator[Finding]:
    """Efficacy without a word on how weak the evidence is; the short form stands alone and needs its own."""
    if page.entry.kind != "answer":
        return
    everywhere = page.entry.topic in rulebook.efficacy_topics
    for part in SUPPORTED:
        said = sentences(page.shown[part])
        figure = next((sentence for sentence in said if _tells_success(sentence, rulebook)), "")
        if (everywhere or figure) and not any(_weighs_against(sentence, rulebook) for sentence in said):
            yield page.at(part, NO_COUNTERWEIGHT, figure)


def check_percentages(page: Page, rulebook: Rulebook) -> Iterator[Finding]:
    """A percentage with no study or number of people before it in its paragraph, or in its own sentence."""
    for part in SUPPORTED:
        for paragraph in page.shown[part].split("\n\n"):
            for sentence in _unsupported(sentences(paragraph), rulebook):
                yield page.at(part, "a percentage without its study", sentence)


def _unsupported(said: list[str], rulebook: Rulebook) -> Iterator[str]:
    supported = False
    for sentence in said:
        supported = supported or bool(pattern_of(rulebook.study_words).search(sentence))
        if not supported and PERCENTAGE.search(_without_strengths(sentence, rulebook)):
            yield sentence


def _without_strengths(sentence: str, rulebook: Rulebook) -> str:
    return pattern_of(rulebook.strengths).sub("", sentence)


def _tells_success(sentence: str, rulebook: Rulebook) -> bool:
    figures = _without_strengths(sentence, rulebook)
    has_figure = PERCENTAGE.search(figures) or HAIR_COUNT.search(figures)
    return bool(
        has_figure
        and pattern_of(rulebook.gains).search(sentence)
        and not pattern_of(rulebook.approved_medicines).search(sentence)
    )


def _weighs_against(sentence: str, rulebook: Rulebook) -> bool:
    if sentence.endswith("?"):
        return False
    weights = occurrences(sentence, rulebook.counterweights, rulebook)
    if any(not weight.denied for weight in weights):
        return True
    return any(found.denied for found in occurrences(sentence, DISAPPROVED, rulebook))
