"""Tells a message in another language from one in English."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder

LEAST_LETTERS = 5
LEAST_WORDS = 2
MOST_DOUBT = 0.1
MOST_KNOWN = 0.5
LEAST_EXAMPLES = 2
OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\uffdc]{2}")
WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4)
def _detector(codes: frozenset[str]) -> LanguageDetector:
    wanted = [getattr(IsoCode639_1, code.upper()) for code in sorted(codes | {"en"})]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*wanted).with_low_accuracy_mode().build()


def english_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that at least two of `texts`, which are English, have."""
    seen = Counter(word for text in texts for word in set(_words(text)))
    return frozenset(word for word, count in seen.items() if count >= LEAST_EXAMPLES)


def other_script(text: str) -> bool:
    """Whether a text holds letters of another script than the Latin one."""
    return bool(OTHER_SCRIPT.search(text))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


class Tongues:
    """Recognises the languages of `codes` (ISO 639-1); what holds enough of the words `known` counts as English."""

    def __init__(self, codes: Iterable[str], known: frozenset[str]) -> None:
        self._codes = frozenset(codes)
        self._known = known

    def other_than_english(self, text: str) -> str | None:
        """The code of a text's language where it is surely one of ours and not English."""
        words = _words(text)
        short = len(words) < LEAST_WORDS or sum(map(len, words)) < LEAST_LETTERS
        if (short and not other_script(text)) or self._share_known(words) > MOST_KNOWN:
            return None
        ranked = _detector(self._codes).compute_language_confidence_values(text)
        shares = {found.language.iso_code_639_1.name.lower(): found.value for found in ranked}
        best = next(iter(shares))
        return best if best != "en" and shares["en"] <= MOST_DOUBT else None

    def _share_known(self, words: list[str]) -> float:
        return sum(word in self._known for word in words) / max(len(words), 1)
