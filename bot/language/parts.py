"""Splits a message into the questions that it may hold."""

import re

from spacy.tokens import Doc

MOST_PARTS = 5
LEAST_WORDS = 2
OPENERS = (
    "what|whats|how|hows|when|where|who|whos|why|which|is|are|am|do|does|did|can|could|will|would|should|shall|has|have|"
    "was|were|any|isn'?t|aren'?t|don'?t|doesn'?t|won'?t|can'?t|tell me|explain|i wonder|i also wonder|if not|after it"
)
LINKS = "and also|and|also|plus|or|but"
JOINT = re.compile(rf"[;\n]+|,?\s+(?:{LINKS})\s+(?=(?:{OPENERS})\b)|,\s*(?=(?:{OPENERS})\b)|(?<=\?)\s*", re.IGNORECASE)
ASKING = re.compile(rf"\W*(?:(?:{LINKS}|so|then|ok|oh|btw)\W+)*(?:{OPENERS})\b|.*\?\W*$", re.IGNORECASE | re.DOTALL)


def asks(part: str) -> bool:
    """Whether a part of a message is put as a question."""
    return bool(ASKING.match(part))


def split_questions(doc: Doc) -> list[str]:
    """The parts of a message that are put as questions, in order; empty where the message is one such part."""
    pieces = [piece for sentence in doc.sents for piece in JOINT.split(sentence.text) if piece.strip(" ,.-")]
    parts = [piece.strip(" ,.-") for piece in pieces if len(piece.split()) >= LEAST_WORDS and asks(piece)]
    return parts[:MOST_PARTS] if len(pieces) > 1 else []
