"""Finds the names of a data file in a document: the longest first, misspelt ones too, and phrases told loosely."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.readers.clinical import HARMLESS, Clinical
from bot.readers.phrasings import Phrasings, parse
from bot.readers.plain import Phrases, plain_doc

# Told with words that are harmless by themselves: "numbing shot".
UNSHADOWED = frozenset({"anesthetic_allergy"})
LEAST_LETTERS = 6
TWO_SLIPS_LETTERS = 9
# Words that a phrase may be told with or without.
FILLERS = frozenset(
    {"a", "an", "the", "my", "our", "really", "so", "very", "just", "quite", "pretty", "super", "always", "kind",
     "sort", "of", "also", "some", "this", "that", "totally", "completely", "bit", "like", "actually", "literally",
     "damn", "and", "these", "those", "little", "only", "constantly", "extremely", "too", "tiny", "small"}
)  # fmt: skip
ENDINGS = ("ing", "ed", "es", "s", "e", "ily", "ly", "y", "i")
SHORTEST_STEM = 3
# Their ending makes them what they are.
WHOLE = frozenset({"expecting", "nursing", "pumping", "boils"})


SOUNDS = (
    ("qu", "kw"), ("ph", "f"), ("ck", "k"), ("c", "k"), ("x", "ks"), ("z", "s"), ("y", "i"), ("ou", "u"), ("ee", "i"),
)  # fmt: skip


class Hit(NamedTuple):
    """Something named at a place: ids of findings, `cancer` or `harmless`; `parts` are words that stand apart."""

    start: int
    end: int
    labels: frozenset[str]
    parts: tuple[tuple[int, int], ...] = ()


def stem(word: str) -> str:
    """A word without its ending, roughly: "bruise", "bruises" and "bruising" are alike."""
    for ending in () if word in WHOLE else ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def sound(word: str) -> str:
    """A word as it sounds, roughly: "elikwis" and "eliquis" are alike."""
    for letters, alike in SOUNDS:
        word = word.replace(letters, alike)
    return "".join(letter for letter, before in zip(word, f" {word}", strict=False) if letter != before)


def _told(doc: Doc) -> tuple[list[str], list[int]]:
    """The stems of the words that matter, and their places."""
    kept = [(stem(token.text), token.i) for token in doc if token.text not in FILLERS]
    return [word for word, _ in kept], [place for _, place in kept]


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that no longer one overlaps; one inside another that shares a label adds its labels to it."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one.start - one.end, HARMLESS not in one.labels)):
        over = [number for number, other in enumerate(kept) if hit.start < other.end and other.start < hit.end]
        for number in over:
            if kept[number].labels & hit.labels:
                kept[number] = kept[number]._replace(labels=kept[number].labels | hit.labels)
        if not over:
            kept.append(hit)
    return sorted(kept)


class Names:
    """The names and phrases of `clinical`; words of `known` are never taken for a misspelt name."""

    def __init__(self, vocab: Vocab, clinical: Clinical, known: Container[str]) -> None:
        self._known = known
        phrases = Phrases(vocab)
        self._exact = _matcher(vocab, ((label, phrases.doc(name)) for label, name in clinical.names()))
        told = [(label, phrases.doc(phrase)) for label, phrase in clinical.phrases()]
        self._literal = _matcher(vocab, told)
        self._loose = _matcher(vocab, _loosened(vocab, told))
        self._phrasings = Phrasings(
            parse(finding.id, text) for finding in clinical.findings for text in finding.phrasings
        )
        words = {word for _, name in clinical.names() for word in name.split() if _worth(word)}
        self._spelt = frozenset(words)
        self._correct = sorted(words)
        self._sounds = {sound(word): word for word in self._correct}

    def find(self, doc: Doc) -> list[Hit]:
        """What is named in a document, in order."""
        named = {place for span in doc.ents for place in range(span.start, span.end)}
        plain = self._repaired(plain_doc(doc), named)
        hits = [*_hits(self._exact, plain), *_hits(self._literal, plain), *self._loosely(plain)]
        found = longest(_joined(hits))
        shadows = {place for hit in found if HARMLESS in hit.labels for place in range(hit.start, hit.end)}
        return [*found, *self._phrased(doc, shadows)]

    def _phrased(self, doc: Doc, shadows: set[int]) -> Iterator[Hit]:
        """The phrasings none of whose words belongs to something harmless."""
        for found in self._phrasings.find(doc) if doc.has_annotation("SENT_START") else ():
            parts = tuple((span.start, span.end) for span in found.spans)
            told = {place for start, end in parts for place in range(start, end)}
            if found.name in UNSHADOWED or shadows.isdisjoint(told):
                yield Hit(parts[0][0], max(end for _, end in parts), frozenset({found.name}), parts)

    def _loosely(self, plain: Doc) -> Iterator[Hit]:
        words, places = _told(plain)
        if len(words) > 1:
            for hit in _hits(self._loose, Doc(plain.vocab, words=words)):
                yield Hit(places[hit.start], places[hit.end - 1] + 1, hit.labels)

    def _repaired(self, plain: Doc, named: set[int]) -> Doc:
        """The words with misspelt names put right; what is `named` already stays."""
        words = [token.text if token.i in named else self._repair(token.text) for token in plain]
        return Doc(plain.vocab, words=words) if words != [token.text for token in plain] else plain

    def _repair(self, word: str) -> str:
        if not _worth(word) or word in self._known or word in self._spelt:
            return word
        if sound(word) in self._sounds:
            return self._sounds[sound(word)]
        slips = 2 if len(word) >= TWO_SLIPS_LETTERS else 1
        near = process.extract(word, self._correct, scorer=OSA.distance, score_cutoff=slips, limit=3)
        return next((str(other) for other, _, _ in near if other[0] == word[0]), word)


def _worth(word: str) -> bool:
    return len(word) >= LEAST_LETTERS and word.isalpha()


def _matcher(vocab: Vocab, patterns: Iterable[tuple[str, Doc]]) -> PhraseMatcher:
    grouped: dict[str, list[Doc]] = defaultdict(list)
    for label, doc in patterns:
        grouped[label].append(doc)
    matcher = PhraseMatcher(vocab, attr="LOWER")
    for label, docs in grouped.items():
        matcher.add(label, docs)
    return matcher


def _loosened(vocab: Vocab, told: Iterable[tuple[str, Doc]]) -> Iterator[tuple[str, Doc]]:
    for label, doc in told:
        words, _ = _told(doc)
        if len(words) > 1:
            yield label, Doc(vocab, words=words)


def _hits(matcher: PhraseMatcher, doc: Doc) -> Iterator[Hit]:
    for name, start, end in matcher(doc):
        yield Hit(start, end, frozenset({doc.vocab.strings[name]}))


def _joined(hits: Iterable[Hit]) -> list[Hit]:
    """One hit a place, with all of its labels."""
    places: dict[tuple[int, int], frozenset[str]] = defaultdict(frozenset)
    for hit in hits:
        places[hit.start, hit.end] |= hit.labels
    return [Hit(start, end, labels) for (start, end), labels in places.items()]


class Words:
    """The words around names that tell more of them; see Clinical.words."""

    def __init__(self, vocab: Vocab, clinical: Clinical) -> None:
        phrases = Phrases(vocab)
        self._matcher = _matcher(vocab, ((label, phrases.doc(words)) for label, words in clinical.words()))

    def find(self, doc: Doc) -> list[Hit]:
        """The words in a document, without those inside longer ones."""
        hits = _joined(_hits(self._matcher, plain_doc(doc)))
        return [hit for hit in hits if not any(_inside(hit, other) for other in hits)]


def _inside(hit: Hit, other: Hit) -> bool:
    longer = other.end - other.start > hit.end - hit.start
    return longer and other.start <= hit.start and hit.end <= other.end
