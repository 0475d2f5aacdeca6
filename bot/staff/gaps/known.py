"""Which questions are training examples already: those of the project's files, and those that were approved."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from bot.settings import PROJECT
from bot.transcripts import examples

FOLDER = PROJECT / "data" / "nlu"
Stamp = tuple[tuple[Path, int], ...]


def plain(text: str) -> str:
    """A text as it is compared: no case, no punctuation, single spaces; where that leaves nothing, as it is."""
    return " ".join(re.findall(r"\w+", text.casefold())) or text


def in_files(folder: Path = FOLDER) -> Mapping[str, str]:
    """The entries of the examples in the files below a folder, by the plain text. Reads files: call it in a thread."""
    return _read(tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.rglob("*.yml"))))


@lru_cache(maxsize=1)
def _read(files: Stamp) -> Mapping[str, str]:
    return dict(pair for path, _ in files for pair in _examples(path))


def _examples(path: Path) -> Iterator[tuple[str, str]]:
    """The examples of a file in the house's layout, line by line: a YAML reader takes seconds for all of them."""
    entry = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.strip()
        if words.startswith(("- intent:", "entry:")):
            entry = words.partition(":")[2].strip()
        elif words.startswith("- "):
            yield plain(words[2:]), entry


def approved(session: Session) -> Mapping[str, str]:
    """The entries of the approved examples, by the plain text."""
    return {plain(example.text): example.entry for example in examples.approved(session)}
