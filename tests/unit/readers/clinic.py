"""The readers of findings on the shipped data, made once for all tests."""

from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Span

from bot.language.encoder import english_vocabulary
from bot.language.lexicon import build_pipeline, read_terms
from bot.readers.assertion import Assertion, Assertions, read_triggers
from bot.readers.findings import FindingsRead, FindingsReader, read_clinical
from bot.settings import PROJECT

ASSESSMENT = PROJECT / "data" / "assessment"


@lru_cache(maxsize=1)
def pipeline() -> Language:
    return build_pipeline(read_terms(PROJECT / "data" / "lexicon.yml"))


@lru_cache(maxsize=1)
def assertions() -> Assertions:
    return Assertions(pipeline().vocab, read_triggers(ASSESSMENT / "context.yml"))


@lru_cache(maxsize=1)
def findings_reader() -> FindingsReader:
    clinical = read_clinical(ASSESSMENT / "findings.yml")
    return FindingsReader(pipeline().vocab, clinical, assertions(), english_vocabulary())


def read(text: str) -> FindingsRead:
    """What the reader takes from a text."""
    return findings_reader().read(pipeline()(text))


def present(text: str) -> list[str]:
    """The findings in force that a text tells."""
    return sorted(read(text).present)


def spot(text: str, words: str) -> Span:
    """The place of some words in a text."""
    start = text.index(words)
    span = pipeline()(text).char_span(start, start + len(words), alignment_mode="expand")
    assert span is not None
    return span


def said(text: str, words: str) -> Assertion:
    """What a text says of some words in it."""
    return assertions().judge(spot(text, words))


def marks(text: str, words: str) -> set[str]:
    """What a text says of some words in it, without the word "now"."""
    judged = said(text, words)
    return {name for name in ("negated", "past", "hypothetical", "another") if getattr(judged, name)}
