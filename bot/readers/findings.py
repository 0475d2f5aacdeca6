"""What a free answer says about illnesses and medicines: the findings in force, and those that it denies."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from bot.readers.assertion import Assertion, Assertions, joined
from bot.readers.clinical import CANCER, HARMLESS, MEDICINE, Clinical, read_clinical
from bot.readers.course import MEASURES, cancer_now, far_too_high, lately, other_measure, uncontrolled
from bot.readers.names import Hit, Names, Words
from bot.readers.told_of import as_star_sign, by_its_mother, of_named_owner

__all__ = ["Clinical", "FindingsRead", "FindingsReader", "read_clinical"]

HISTORY, ACTIVE = "cancer_history", "cancer_active"
DIABETES, UNCONTROLLED = "diabetes", "diabetes_uncontrolled"
BREASTFEEDING = "breastfeeding"
# These count however long ago they were.
LASTING = frozenset(
    {"bleeding_disorder", "autoimmune", "keloid", "scarring_alopecia", "anesthetic_allergy", HISTORY, CANCER}
)
FIRST_PERSON = frozenset({"i", "im", "ive"})
HARMLESS_LABELS = frozenset({"condition", "medicine"})


@dataclass(frozen=True)
class FindingsRead:
    """The findings in force, the findings plainly denied, and whether something that is none was named, or a medicine.

    A medicine of the past, or another person's illness, counts as `harmless`: it answers the question.
    """

    present: frozenset[str]
    denied: frozenset[str]
    harmless: bool
    medicine: bool = False


class FindingsReader:
    """Reads documents by the names of `clinical`; `known_words` are never taken for a misspelt name."""

    def __init__(
        self, vocab: Vocab, clinical: Clinical, assertions: Assertions, known_words: Container[str] = frozenset()
    ) -> None:
        self._names = Names(vocab, clinical, known_words)
        self._words = Words(vocab, clinical)
        self._assertions = assertions

    def read(self, doc: Doc) -> FindingsRead:
        """What `doc` says, whatever the question was."""
        hits = [(hit, self._judged(doc, hit)) for hit in self._names.find(doc) if not _is_none(doc, hit)]
        own = [(hit, said) for hit, said in hits if not said.another and not said.hypothetical]
        present = {finding for hit, said in own if not said.negated for finding in self._in_force(doc, hit, said)}
        denied = {label for hit, said in hits if _denies(doc, hit, said) for label in _meant(hit)}
        medicine = any(MEDICINE in hit.labels and not said.negated for hit, said in own)
        if DIABETES in denied - present:
            present.discard(UNCONTROLLED)
        else:
            present = self._sugar(doc, [hit for hit, _ in hits], present)
        return FindingsRead(frozenset(_settled(present)), frozenset(denied - present), _harmless(doc, hits), medicine)

    def _judged(self, doc: Doc, hit: Hit) -> Assertion:
        """What is said of a hit and its owner; a baby at the breast is not another person's finding."""
        said = self._asserted(doc, hit)
        if said.another and BREASTFEEDING in hit.labels and by_its_mother(doc, hit):
            return replace(said, another=False)
        return said if said.another or not of_named_owner(doc, hit) else replace(said, another=True)

    def _asserted(self, doc: Doc, hit: Hit) -> Assertion:
        """What is said of a hit; where its words stand apart, what is said of any of them."""
        if not hit.parts:
            return self._assertions.judge(doc[hit.start : hit.end])
        told = [doc[start:end] for start, end in hit.parts]
        return joined([self._assertions.judge(span, told) for span in told])

    def _in_force(self, doc: Doc, hit: Hit, said: Assertion) -> Iterable[str]:
        for label in hit.labels - {HARMLESS, MEDICINE}:
            if label == CANCER:
                yield ACTIVE if cancer_now(doc, self._spoken(doc), said) else HISTORY
            elif not said.past or self._goes_on(doc, hit, label):
                yield label
            elif label == ACTIVE:
                yield HISTORY

    def _goes_on(self, doc: Doc, hit: Hit, label: str) -> bool:
        """Whether a finding counts though it is told as past."""
        if label == DIABETES:
            return any("controlled" in hit.labels for hit in self._words.find(doc))
        return label in LASTING or (label == "isotretinoin" and lately(doc[hit.start : hit.end].sent.text))

    def _spoken(self, doc: Doc) -> list[tuple[Hit, Assertion]]:
        return [(hit, self._assertions.judge(doc[hit.start : hit.end])) for hit in self._words.find(doc)]

    def _sugar(self, doc: Doc, hits: list[Hit], present: set[str]) -> set[str]:
        """What is present, with diabetes and its being out of control where a number or the words beside it say so."""
        spoken = self._spoken(doc)
        if any("controlled" in hit.labels for hit, _ in spoken):
            return present - {UNCONTROLLED}
        if far_too_high(doc.text) and (DIABETES in present or self._own_measure(doc)):
            return present | {DIABETES, UNCONTROLLED}
        sugar = [hit for hit in hits if DIABETES in hit.labels]
        return present | ({UNCONTROLLED} if DIABETES in present and uncontrolled(doc, sugar, hits, spoken) else set())

    def _own_measure(self, doc: Doc) -> bool:
        """Whether a measure of sugar that the text names is the writer's own, now."""
        measures = [doc[token.i : token.i + 1] for token in doc if token.lower_ in MEASURES]
        judged = [self._assertions.judge(span) for span in measures]
        return any(not (said.another or said.hypothetical or said.past) for said in judged)


def _is_none(doc: Doc, hit: Hit) -> bool:
    """Whether it is the blood pressure, and not the sugar, that is out of control; or a star sign, and no cancer."""
    return (UNCONTROLLED in hit.labels and other_measure(doc, hit)) or (CANCER in hit.labels and as_star_sign(doc, hit))


def _denies(doc: Doc, hit: Hit, said: Assertion) -> bool:
    """Whether the writer denies it; "i don't take it, that's my dad" does so too."""
    speaks = any(token.lower_ in FIRST_PERSON for token in doc[hit.start : hit.end].sent)
    return said.negated and not said.hypothetical and (speaks or not said.another)


def _meant(hit: Hit) -> frozenset[str]:
    """The findings that a hit is about."""
    cancer = {HISTORY, ACTIVE} if CANCER in hit.labels else set()
    return hit.labels - {HARMLESS, MEDICINE, CANCER} | cancer


def _settled(present: set[str]) -> set[str]:
    """The findings with what they imply, and without what they make needless."""
    if UNCONTROLLED in present:
        present = present | {DIABETES}
    return present - {HISTORY} if ACTIVE in present else present


def _harmless(doc: Doc, hits: list[tuple[Hit, Assertion]]) -> bool:
    named = any((HARMLESS in hit.labels or said.past or said.another) and not said.hypothetical for hit, said in hits)
    taken = {place for hit, _ in hits for place in range(hit.start, hit.end)}
    return named or any(_elsewhere(span, taken) for span in doc.ents)


def _elsewhere(span: Span, taken: set[int]) -> bool:
    return span.label_ in HARMLESS_LABELS and taken.isdisjoint(range(span.start, span.end))
