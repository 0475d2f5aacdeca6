"""Repairs slips of one letter in everyday words; a name of the lexicon is never touched and never put in.

Candidates are found by symmetric deletion (Garbe 2012): two words are one slip apart where they are equal once at most
one letter is taken out of each.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

WORD = re.compile(r"[^\W\d_]+")
LEAST_LETTERS = 4
LEAST_EXAMPLES = 5


def shortened(word: str) -> set[str]:
    """The word, and the word without each of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def everyday_words(texts: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    """The words of `texts` that are common enough to be put in for a slip, commonest first; none of `names`."""
    seen = Counter(word.casefold() for text in texts for word in WORD.findall(text))
    common = (word for word, count in seen.most_common() if count >= LEAST_EXAMPLES)
    return tuple(word for word in common if len(word) >= LEAST_LETTERS and word not in names)


class Spelling:
    """Puts `everyday` words in for what is one slip away from one, where it is not one of the words `known`."""

    def __init__(self, everyday: Iterable[str], known: frozenset[str]) -> None:
        self.everyday = tuple(everyday)
        self._known = known | frozenset(self.everyday)

    @cached_property
    def _slips(self) -> dict[str, str]:
        found: dict[str, str] = defaultdict(str)
        for word in self.everyday:
            for short in shortened(word):
                found.setdefault(short, word)
        return found

    def repair(self, text: str) -> str:
        """`text` with the slips repaired; everything else stays as it was typed."""
        return WORD.sub(lambda match: self._repaired(match[0]), text)

    def _repaired(self, word: str) -> str:
        plain = word.casefold()
        if len(plain) < LEAST_LETTERS or plain in self._known:
            return word
        near = (self._slips[short] for short in sorted(shortened(plain), key=len, reverse=True) if short in self._slips)
        return next((other for other in near if other[0] == plain[0]), word)
