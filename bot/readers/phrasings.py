"""Lay phrasings as patterns: groups of words that stand near each other in one sentence.

`breath*|air + cant|trouble` holds where a word of each group is found, in any order, at most ten words apart. A group
lists alternatives of one or more words; `*` means any ending. Words are compared in lower case, without apostrophes.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from spacy.tokens import Doc, Span

NEAR = 10
MOST_PLACES = 6
NOT = frozenset({"nt", "not"})
OWNERS = ("my", "his", "her", "their")
APOSTROPHES = re.compile(r"['’`]")

Place = tuple[int, int]
Group = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Phrasing:
    """One pattern and the name that it stands for."""

    name: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Found:
    """A phrasing that was found: its name, and a span for each of its groups, in the order of the text."""

    name: str
    spans: tuple[Span, ...]


def parse(name: str, text: str) -> Phrasing:
    """The phrasing of its written form."""
    groups = (group.split("|") for group in text.split(" + "))
    return Phrasing(name, tuple(tuple(_variants(group)) for group in groups))


def _variants(alternatives: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The words of each alternative; what is "my" may be another's, who is in danger as well."""
    for words in (tuple(_bare(one).split()) for one in alternatives if one.strip()):
        owners = OWNERS if "my" in words else ("",)
        yield from (tuple(owner if word == "my" else word for word in words) for owner in owners)


def _bare(text: str) -> str:
    return APOSTROPHES.sub("", text.casefold()).strip()


@dataclass
class _Words:
    """The words of a sentence: the parts of each, and the token at which it begins and ends."""

    parts: list[list[str]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def forms(self) -> list[frozenset[str]]:
        """What each word is compared as: whole and in parts; with a "not" in it, it is only whole."""
        whole = [frozenset({"".join(parts)}) for parts in self.parts]
        return [
            one if NOT.intersection(parts) else one.union(parts) for one, parts in zip(whole, self.parts, strict=True)
        ]


def _words(sentence: Span) -> _Words:
    """Tokens joined again where spaCy parts a word ("ca" and "n't", "i" and "m"); punctuation left out."""
    words, joined = _Words(), False
    for token in sentence:
        text = _bare(token.text)
        worded = any(letter.isalnum() for letter in text)
        if worded and joined:
            words.parts[-1].append(text)
            words.places[-1] = (words.places[-1][0], token.i + 1)
        elif worded:
            words.parts.append([text])
            words.places.append((token.i, token.i + 1))
        joined = worded and not token.whitespace_
    return words


class Phrasings:
    """Finds phrasings in a document; built once."""

    def __init__(self, phrasings: Iterable[Phrasing]) -> None:
        self._phrasings = tuple(phrasings)
        self._alternatives: dict[tuple[str, ...], set[Group]] = defaultdict(set)
        self._by_group: dict[Group, list[Phrasing]] = defaultdict(list)
        for phrasing in self._phrasings:
            self._by_group[phrasing.groups[0]].append(phrasing)
            for group in phrasing.groups:
                for alternative in group:
                    self._alternatives[alternative].add(group)
        self._by_start = _by_start(self._alternatives)

    def find(self, doc: Doc) -> list[Found]:
        """The phrasings in a document, each once a sentence."""
        return [found for sentence in doc.sents for found in self._in_sentence(sentence)]

    def _in_sentence(self, sentence: Span) -> Iterable[Found]:
        words = _words(sentence)
        places = self._places(words.forms())
        for group in places:
            for phrasing in self._by_group.get(group, ()):
                chosen = _together([places.get(each, []) for each in phrasing.groups])
                if chosen:
                    spans = (_span(sentence.doc, words, place) for place in sorted(chosen))
                    yield Found(phrasing.name, tuple(spans))

    def _places(self, words: Sequence[frozenset[str]]) -> Mapping[Group, list[Place]]:
        """For each group where its alternatives stand: first word, and the one after the last."""
        found: dict[Group, list[Place]] = defaultdict(list)
        for start, forms in enumerate(words):
            for alternative in self._beginning(forms):
                if _stands(alternative, words, start):
                    for group in self._alternatives[alternative]:
                        found[group].append((start, start + len(alternative)))
        return found

    def _beginning(self, forms: frozenset[str]) -> Iterable[tuple[str, ...]]:
        """The alternatives that may begin with a word of these forms."""
        starts = {*forms, *(form[:3] + "*" for form in forms)}
        return (alternative for start in starts for alternative in self._by_start.get(start, ()))


def _by_start(alternatives: Iterable[tuple[str, ...]]) -> Mapping[str, list[tuple[str, ...]]]:
    """Alternatives by their first word; one with a star by its first three letters."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for alternative in alternatives:
        first = alternative[0]
        found[first[:3] + "*" if first.endswith("*") else first].append(alternative)
    return found


def _stands(alternative: Sequence[str], words: Sequence[frozenset[str]], start: int) -> bool:
    here = words[start : start + len(alternative)]
    return len(here) == len(alternative) and all(map(_alike, alternative, here))


def _alike(wanted: str, forms: frozenset[str]) -> bool:
    return any(form.startswith(wanted[:-1]) for form in forms) if wanted.endswith("*") else wanted in forms


def _together(groups: Sequence[list[Place]]) -> tuple[Place, ...] | None:
    """One place for each group, all near each other and none used twice; None where there are none."""
    rarest = min(range(len(groups)), key=lambda group: len(groups[group]))
    others = [places for group, places in enumerate(groups) if group != rarest]
    most = NEAR + len(groups)
    for anchor in groups[rarest]:
        for chosen in product((anchor,), *(_around(anchor, places, most) for places in others)):
            if len(set(chosen)) == len(chosen) and _apart(chosen) <= most:
                return chosen
    return None


def _around(anchor: Place, places: list[Place], most: int) -> list[Place]:
    """The nearest of `places`, which are in order, to an anchor."""
    begin = anchor[0]
    near = places[bisect_left(places, (begin - most,)) : bisect_left(places, (begin + most,))]
    return sorted(near, key=lambda place: abs(place[0] - begin))[:MOST_PLACES]


def _apart(places: Sequence[Place]) -> int:
    """How many words are from the first one's begin to the last one's end."""
    return max(end for _, end in places) - min(start for start, _ in places)


def _span(doc: Doc, words: _Words, place: Place) -> Span:
    return doc[words.places[place[0]][0] : words.places[place[1] - 1][1]]
