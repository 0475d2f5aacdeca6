"""Splits a message into the questions that it may hold."""

import re

from spacy.tokens import Doc

MOST_PARTS = 5
LEAST_WORDS = 2
OPENERS = (
    "what|whats|how|hows|when|where|who|whos|why|which|is|are|am|do|does|did|can|could|will|would|should|shall|has|have|"
    "was|were|any|isn'?t|aren'?t|don'?t|doesn'?t|won'?t|can'?t"
)
JOINT = re.compile(
    rf"[;\n]+|,?\s+(?:and also|and|also|plus|or|but)\s+(?=(?:{OPENERS})\b)|,\s*(?=(?:{OPENERS})\b)|(?<=\?)\s*",
    re.IGNORECASE,
)


def split_questions(doc: Doc) -> list[str]:
    """The parts of a message that could be questions of their own, in order; empty where it is just one."""
    pieces = [piece for sentence in doc.sents for piece in JOINT.split(sentence.text)]
    parts = [piece.strip(" ,.-") for piece in pieces if piece and len(piece.split()) >= LEAST_WORDS]
    return parts[:MOST_PARTS] if len(parts) > 1 else []
