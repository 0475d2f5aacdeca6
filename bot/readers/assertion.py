"""What a message says of something named in it: denied, over, only imagined, another person's, or now.

In the manner of ConText (Harkema et al. 2009): words before or behind it change what it means, and their reach ends at
other words.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from bot.readers.plain import Phrases, plain_doc
from bot.readers.triggers import Triggers, read_triggers

__all__ = ["Assertion", "Assertions", "joined", "read_triggers"]

CONTEXT = "assertion_context"
PUNCTUATION = frozenset(",.;:!?()\n/-–—")
FILLERS = frozenset({"so", "and", "but", "ok", "okay", "hi", "hello", "hey", "well", "um", "also", ",", "-", "lol"})
LINKS = frozenset(
    {"it", "that", "this", "they", "was", "is", "were", "are", "have", "has", "i", "which", "all", "but", "both",
     "been", "the", "test", "tests", "so", "then", "and", "now", "doctor", "doc", "she", "he", "since", "for", "to"}
)  # fmt: skip
# How many words may stand between a trigger and what it changes, by side; the others reach through the clause.
REACH: Mapping[str, int] = {"after": 8, "weak": 4, "both": 5}
NEAR = 4
BESIDE = 3


@dataclass(frozen=True)
class Assertion:
    """What a message says of a thing; `now` that a word for the present stands beside it."""

    negated: bool = False
    past: bool = False
    hypothetical: bool = False
    another: bool = False
    now: bool = False


def joined(assertions: Sequence[Assertion]) -> Assertion:
    """What is said of any of several words that tell one thing together."""
    fields = ("negated", "past", "hypothetical", "another", "now")
    return Assertion(**{name: any(getattr(one, name) for one in assertions) for name in fields})


class Mark(NamedTuple):
    """A phrase of the data at a place in a document."""

    kind: str
    role: str
    start: int
    end: int


class Context:
    """A document's marks, its plain words and its sentences."""

    def __init__(self, words: list[str], sentences: list[int], marks: Iterable[Mark]) -> None:
        self.words, self.sentences = words, sentences
        self._marks: dict[tuple[str, str], list[Mark]] = defaultdict(list)
        for mark in marks:
            self._marks[mark.kind, mark.role].append(mark)

    def without(self, places: set[int]) -> "Context":
        """The context without the marks that hold a word at one of `places`."""
        marks = (mark for found in self._marks.values() for mark in found)
        return Context(self.words, self.sentences, (m for m in marks if places.isdisjoint(range(m.start, m.end))))

    def marks(self, kind: str, role: str) -> list[Mark]:
        """The marks of a kind and role."""
        return self._marks.get((kind, role), [])

    def ended(self, kind: str, start: int, end: int) -> bool:
        """Whether something between two places ends the reach of a kind."""
        found = (*self.marks("all", "ends"), *self.marks(kind, "ends"))
        return any(start <= mark.start and mark.end <= end for mark in found)

    def together(self, first: int, second: int) -> bool:
        """Whether two places are in one sentence, or the second is in the answer to the first's question."""
        between = self.sentences[second] - self.sentences[first]
        return between == 0 or (between == 1 and self._asked(self.sentences[first]))

    def _asked(self, sentence: int) -> bool:
        return self.words[len(self.sentences) - self.sentences[::-1].index(sentence) - 1] == "?"

    def closes(self, place: int) -> bool:
        """Whether a clause is over at a place."""
        return place >= len(self.words) or self.words[place][0] in PUNCTUATION

    def sentence(self, place: int) -> list[str]:
        """The plain words of the sentence at a place."""
        number = self.sentences[place]
        return [word for word, other in zip(self.words, self.sentences, strict=True) if other == number]


def _sentences(doc: Doc) -> list[int]:
    """The number of each token's sentence; a new line begins one too."""
    numbers, number = [], 0
    marked = doc.has_annotation("SENT_START")
    for token in doc:
        number += bool(marked and token.is_sent_start and token.i)
        numbers.append(number)
        number += "\n" in token.text
    return numbers


def _covers(one: Mark, other: Mark) -> bool:
    longer = one.end - one.start > other.end - other.start
    return one.start <= other.start and other.end <= one.end and (longer or one.role == "lookalikes")


def _standing(marks: list[Mark]) -> Iterable[Mark]:
    """The marks without those inside a lookalike, and without ends inside a longer trigger.

    The reach of another person ends inside "i take" too: "my aunt has lupus, i take eliquis".
    """
    lookalikes = [mark for mark in marks if mark.role == "lookalikes"]
    for mark in marks:
        hidden = mark.role != "lookalikes" and any(_covers(other, mark) for other in lookalikes)
        free = ("ends", "began") if mark.kind == "another" else ("ends",)
        inside = mark.role == "ends" and any(_covers(other, mark) for other in marks if other.role not in free)
        if not hidden and not inside:
            yield mark


class Assertions:
    """Judges spans of documents by triggers; built once."""

    def __init__(self, vocab: Vocab, triggers: Triggers) -> None:
        self._matcher = PhraseMatcher(vocab, attr="LOWER")
        # Documents are judged anew under other triggers only.
        self._key = f"{CONTEXT} {hash(triggers)}"
        self._first_person = frozenset(triggers.first_person)
        self._objectless = {kind: frozenset(words) for kind, words in triggers.objectless}
        phrases, patterns = Phrases(vocab), defaultdict(list)
        for kind, role, phrase in triggers.phrases():
            patterns[kind, role].append(phrases.doc(phrase))
        self._named: dict[int, tuple[str, str]] = {}
        for (kind, role), docs in patterns.items():
            self._matcher.add(f"{kind} {role}", docs)
            self._named[vocab.strings[f"{kind} {role}"]] = (kind, role)

    def _context(self, doc: Doc) -> Context:
        known: Context | None = doc.user_data.get(self._key)
        if known is None:
            plain = plain_doc(doc)
            found = [(*self._named[name], start, end) for name, start, end in self._matcher(plain)]
            marks = [Mark(*mark) for mark in found]
            known = Context([token.text for token in plain], _sentences(doc), _standing(marks))
            doc.user_data[self._key] = known
        return known

    def judge(self, span: Span, told: Sequence[Span] = ()) -> Assertion:
        """What the document says of `span`; words inside it, or inside one of `told`, change nothing."""
        context = self._context(span.doc)
        if told:
            context = context.without({place for one in told for place in range(one.start, one.end)})
        start, end = span.start, span.end
        return Assertion(
            negated=self._changed(context, "negated", start, end) and not _affirmed(context, start, end),
            past=self._past(context, start, end) and not _taken_back(context, "past", end),
            hypothetical=self._changed(context, "hypothetical", start, end) or self._asked(context, start),
            another=self._changed(context, "another", start, end) and not _taken_back(context, "another", end),
            now=_now(context, start, end),
        )

    def _changed(self, context: Context, kind: str, start: int, end: int) -> bool:
        before = (*context.marks(kind, "before"), *self._forward(context, kind))
        after = (*context.marks(kind, "after"), *self._backward(context, kind))
        return (
            any(_ahead(context, mark, start) for mark in before)
            or any(_behind(context, mark, end) for mark in after)
            or any(_far_behind(context, mark, end) for mark in context.marks(kind, "far"))
            or any(mark.start == end for mark in context.marks(kind, "beside"))
        )

    def _past(self, context: Context, start: int, end: int) -> bool:
        if self._changed(context, "past", start, end):
            return True
        fronted = context.marks("past", "fronted")
        if any(_ahead(context, mark._replace(kind="all"), start) for mark in fronted):
            return True
        weak = [mark for mark in context.marks("past", "weak") if _behind(context, mark, end)]
        return any(not _began(context, start, mark) for mark in weak)

    def _forward(self, context: Context, kind: str) -> list[Mark]:
        return [mark for mark in context.marks(kind, "both") if not self._alone(context, mark)]

    def _backward(self, context: Context, kind: str) -> list[Mark]:
        return [mark for mark in context.marks(kind, "both") if self._alone(context, mark)]

    def _alone(self, context: Context, mark: Mark) -> bool:
        """Whether a word that looks both ways has no object behind it."""
        return context.closes(mark.end) or context.words[mark.end] in self._objectless[mark.kind]

    def _asked(self, context: Context, place: int) -> bool:
        """Whether a place is in a question that speaks of nobody."""
        sentence = context.sentences[place]
        opens = any(
            context.sentences[mark.start] == sentence and _opens(context, mark.start)
            for mark in context.marks("all", "questions")
        )
        return opens and not self._first_person & set(context.sentence(place))


def _opens(context: Context, place: int) -> bool:
    """Whether a sentence begins at a place, but for words like "so"."""
    while place and context.sentences[place - 1] == context.sentences[place]:
        place -= 1
        if context.words[place] not in FILLERS:
            return False
    return True


def _ahead(context: Context, mark: Mark, start: int) -> bool:
    """Whether a mark reaches what begins at `start`."""
    return (
        mark.end <= start
        and context.sentences[mark.start] == context.sentences[start]
        and not context.ended(mark.kind, mark.end, start)
    )


def _behind(context: Context, mark: Mark, end: int) -> bool:
    """Whether a mark reaches back to what ends at `end`."""
    return (
        mark.start >= end
        and mark.start - end <= REACH[mark.role]
        and context.together(end - 1, mark.start)
        and not context.ended("all", end, mark.start)
        and _linked(context.words[end : mark.start])
    )


def _far_behind(context: Context, mark: Mark, end: int) -> bool:
    return mark.start >= end and context.sentences[mark.start] == context.sentences[end - 1]


def _linked(gap: list[str]) -> bool:
    """Whether nothing new is named after a comma: "warfarin, which i stopped", but not "warfarin, diabetes no"."""
    rest = gap[len(gap) - gap[::-1].index(",") :] if "," in gap else []
    return "?" in gap or LINKS.issuperset(rest)


def _began(context: Context, start: int, weak: Mark) -> bool:
    """Whether something in the clause of a date says that a thing began then, or goes on."""
    for mark in context.marks("all", "began"):
        same = context.sentences[mark.start] == context.sentences[weak.start]
        if same and mark.end <= weak.end + NEAR and not context.ended("all", min(mark.start, start), start):
            return True
    return False


def _affirmed(context: Context, start: int, end: int) -> bool:
    """Whether a yes stands right beside it."""
    for mark in context.marks("negated", "takes_back"):
        gap = context.words[end : mark.start] if mark.start >= end else context.words[mark.end : start]
        beside = len(gap) <= BESIDE and not any(context.words[0] and word[0] in PUNCTUATION for word in gap)
        if beside and (mark.start >= end or mark.end <= start) and not {"no", "not", "never"} & set(gap):
            return True
    return False


def _taken_back(context: Context, kind: str, end: int) -> bool:
    """Whether the message goes on to take a trigger of a kind back."""
    return any(mark.start >= end for mark in context.marks(kind, "takes_back"))


def _now(context: Context, start: int, end: int) -> bool:
    before = any(0 <= start - mark.end <= BESIDE for mark in context.marks("now", "before"))
    return before or any(0 <= mark.start - end <= NEAR for mark in context.marks("now", "after"))
