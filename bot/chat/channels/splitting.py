"""Cuts a long text into messages: at paragraphs, else at sentences, never inside a word or a link."""

import re

PARAGRAPH = re.compile(r"\n\s*\n")
SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')\]]*(?=[ \n])|\n")
SPACE = re.compile(r"[ \n\t]")
# A message that ends at a paragraph or a sentence is at least this full, else the next smaller kind of end is taken.
LEAST_FULL = 0.3


def size(text: str) -> int:
    """A text's length in UTF-16 units, as providers count it."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, most: int) -> list[str]:
    """`text` in parts of at most `most` UTF-16 units; only a single word that is longer than that is cut."""
    parts, rest = [], text.strip()
    while size(rest) > most:
        place = _end(rest, _reach(rest, most))
        parts.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return [*parts, rest] if rest else parts


def _reach(text: str, most: int) -> int:
    """How many characters of a text that is too long have room."""
    units = 0
    for place, character in enumerate(text):
        units += size(character)
        if units > most:
            return max(place, 1)
    return len(text)


def _end(text: str, reach: int) -> int:
    """Where the part ends that begins a text, at most at `reach`."""
    for kind, least in ((PARAGRAPH, LEAST_FULL), (SENTENCE, LEAST_FULL), (SPACE, 0.0)):
        # One character more, since a part may end right before a space.
        ends = [match.start() if kind is not SENTENCE else match.end() for match in kind.finditer(text[: reach + 1])]
        good = [end for end in ends if reach * least < end <= reach]
        if good:
            return good[-1]
    return reach
