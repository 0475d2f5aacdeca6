"""How an illness stands: a cancer past or present, diabetes under control or not, a medicine stopped only lately."""

import re
from collections.abc import Sequence

from spacy.tokens import Doc

from bot.readers.assertion import Assertion
from bot.readers.names import Hit
from bot.readers.plain import plain_doc

# Words of the present that may be said of anything in the message.
VAGUE = frozenset(
    {"currently", "presently", "right now", "at the moment", "at present", "these days", "as we speak", "ongoing",
     "active", "advanced", "fighting", "growing", "returned", "suspected", "untreated"}
)  # fmt: skip
MEASURES = frozenset({"sugar", "sugars", "glucose", "a1c", "hba1c", "readings", "reading"})
SUGAR = MEASURES | {"numbers", "levels", "diabetes", "diabetic"}
OTHER_MEASURES = frozenset({"cholesterol", "bp", "pressure", "thyroid", "weight", "iron", "hair", "scalp", "stress"})
FARTHEST = 8
NUMBER_AFTER = 30
HIGHEST_A1C, MOST_PERCENT, HIGHEST_MMOL_A1C, HIGHEST_SUGAR = 8.0, 20.0, 64.0, 200
A1C = re.compile(rf"a1c\D{{0,{NUMBER_AFTER}}}?(\d+(?:[.,]\d+)?)", re.I)
BLOOD_SUGAR = re.compile(
    rf"(?:sugars?|glucose|readings?|levels|numbers|running|runs)\D{{0,{NUMBER_AFTER}}}?(\d{{2,3}})", re.I
)
LATELY = re.compile(
    r"\b(?:(?:this|last|past)\s+(?:week|month)|yesterday|today|recently|days? ago|weeks? (?:ago|back)"
    r"|(?:a|one|two|three|four|five|six|couple(?: of)?|few|[1-6])\s+(?:months?|mths?|mos?)\s+(?:ago|back)"
    r"|(?:just|only just|barely)\s+(?:finished|stopped|came off|ended|completed|quit))\b",
    re.I,
)


def lately(text: str) -> bool:
    """Whether a text tells of something that ended within the last months."""
    return bool(LATELY.search(text))


def cancer_now(doc: Doc, spoken: Sequence[tuple[Hit, Assertion]], said: Assertion) -> bool:
    """Whether a cancer is present; without any word of time it is taken to be."""
    told = [(words, about) for words, about in spoken if not about.negated and not about.another]
    now = [words for words, about in told if "now" in words.labels and not about.past]
    if any(_phrase(doc, words) not in VAGUE for words in now):
        return True
    return not (said.past or any("past" in words.labels for words, _ in told))


def _phrase(doc: Doc, words: Hit) -> str:
    return " ".join(token.text for token in plain_doc(doc)[words.start : words.end])


def uncontrolled(doc: Doc, sugar: Sequence[Hit], named: Sequence[Hit], spoken: Sequence[tuple[Hit, Assertion]]) -> bool:
    """Whether words near to diabetes (its hits are `sugar`) say that it is not under control."""
    bad = [hit for hit, said in spoken if "uncontrolled" in hit.labels and not said.negated and not said.past]
    other = {hit.start for hit in named if hit not in sugar}
    anchors = {hit.start for hit in sugar}
    for place, token in enumerate(plain_doc(doc)):
        if token.text in SUGAR:
            anchors.add(place)
        elif token.text in OTHER_MEASURES:
            other.add(place)
    return any(_about(hit, anchors, other - anchors) for hit in bad)


def _about(words: Hit, anchors: set[int], other: set[int]) -> bool:
    """Whether words are about one of `anchors`: the nearest thing before them, or else behind them."""
    before = [place for place in anchors | other if words.start - FARTHEST <= place < words.end]
    behind = [place for place in anchors | other if words.end <= place <= words.end + FARTHEST]
    nearest = max(before) if before else min(behind, default=None)
    return nearest in anchors


def other_measure(doc: Doc, hit: Hit) -> bool:
    """Whether a hit holds a word for something else that is measured."""
    return any(token.text in OTHER_MEASURES for token in plain_doc(doc)[hit.start : hit.end])


def far_too_high(text: str) -> bool:
    """Whether a number told for the sugar, or for its long-term value (in percent or mmol/mol), is far too high."""
    long_term = [float(found.replace(",", ".")) for found in A1C.findall(text)]
    poor = any(HIGHEST_A1C <= value < MOST_PERCENT or value >= HIGHEST_MMOL_A1C for value in long_term)
    return poor or any(int(found) >= HIGHEST_SUGAR for found in BLOOD_SUGAR.findall(text))
