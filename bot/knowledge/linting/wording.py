"""Finds words in a sentence and tells whether the clause that holds them denies them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge.linting.rulebook import Rulebook

FARTHEST_DENIAL = 10
RESTART = r"(?:it|this|that|we|you|they|is|are|was|were|will|has|have|can|does)\b"
# A comma ends a clause unless it stands in a list that ends in "or": "no stem cell, SVF or exosome product".
CLAUSE_END = re.compile(
    rf",(?!\s+(?:(?!{RESTART})[\w-]+,?\s+){{0,6}}(?:or|nor)\b)|[;:()–—]|\s-\s"
    rf"|\b(?:but|and|yet|so|because|while|although|though|however|then|instead|since|as(?=\s+{RESTART}))\b",
    re.IGNORECASE,
)
CONDITION = re.compile(r"\s*[\"“‘']?(?:if|when|whenever|once|where|unless)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Occurrence:
    """A form where it stands: its clause, what comes before it there, and whether that denies it."""

    form: str
    clause: str
    before: str
    denied: bool


@lru_cache(maxsize=512)
def pattern_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of `forms` as whole words, in any case, with spaces or hyphens between the words."""
    longest_first = sorted(forms, key=len, reverse=True)
    joined = "|".join(r"[\s-]+".join(map(re.escape, form.split())) for form in longest_first)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def spelled_out(text: str) -> str:
    """A text with plain apostrophes, and with "not" as a word of its own."""
    return re.sub(r"\bcannot\b", "can not", re.sub(r"n['’]t\b", " not", text), flags=re.IGNORECASE)


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence, as far as punctuation and conjunctions show them."""
    return [clause for clause in CLAUSE_END.split(spelled_out(sentence)) if clause.strip()]


def denies(before: str, rulebook: Rulebook) -> bool:
    """Whether what stands before a word denies it: an odd number of near denials, no mere turns of phrase."""
    if CONDITION.match(before):
        return False
    earnest = pattern_of(rulebook.not_denials).sub("", before)
    near = " ".join(earnest.split()[-FARTHEST_DENIAL:])
    return len(pattern_of(rulebook.denials).findall(near)) % 2 == 1


def occurrences(sentence: str, forms: Sequence[str], rulebook: Rulebook) -> Iterator[Occurrence]:
    """Every place in a sentence where one of `forms` stands."""
    for clause in clauses(sentence):
        for found in pattern_of(tuple(forms)).finditer(clause):
            before = clause[: found.start()]
            mere_phrase = any(
                turn.start() < found.end() <= turn.end() for turn in pattern_of(rulebook.not_denials).finditer(clause)
            )
            yield Occurrence(found.group(), clause, before, not mere_phrase and denies(before, rulebook))
