"""An entry beside the file that it came from, so that a finding can name the line."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.entry import Entry
from bot.knowledge.files import line_of

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[.!?][\"”’)])\s+|\n+")
WORDS_TO_FIND = 6


@dataclass(frozen=True, order=True)
class Finding:
    """Something wrong with a file: its path, the line from 1, and what is wrong in one line of text."""

    path: Path
    line: int
    text: str


@dataclass(frozen=True)
class Page:
    """An entry, its file and the file's text."""

    path: Path
    raw: str
    entry: Entry

    @property
    def shown(self) -> dict[str, str]:
        """What a visitor may read of the entry, by the name of the part."""
        entry = self.entry
        return {"title": entry.title, "short": entry.short, "text": entry.text, "safety": entry.safety or ""}

    def at(self, key: str, problem: str, words: str = "") -> Finding:
        """A finding on the line of `words` within the part `key`, or of the key itself."""
        first = self._line_of_part(key)
        pattern = r"\s+".join(map(re.escape, words.split()[:WORDS_TO_FIND]))
        part = "\n".join(self.raw.split("\n")[first - 1 :])
        found = re.search(pattern, part)
        return Finding(self.path, first + (part.count("\n", 0, found.start()) if found else 0), problem)

    def _line_of_part(self, key: str) -> int:
        if key == "text":
            return self.raw.count("\n", 0, self.raw.find("\n---\n")) + 3
        return line_of(self.raw, key)


def sentences(text: str) -> list[str]:
    """The sentences of a text; an abbreviation's full stop ends one too, which only makes the rules stricter."""
    return [sentence for sentence in SENTENCE_END.split(text) if sentence]
