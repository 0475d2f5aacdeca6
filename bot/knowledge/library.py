"""The entries in memory, and the watch that serves an edited file without a restart."""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.entry import Entry, Source
from bot.knowledge.files import read_entry, read_follow_ups, read_sources
from bot.knowledge.phrases import Phrases, read_phrases

logger = logging.getLogger(__name__)

CHECK_SECONDS = 1.0


@dataclass(frozen=True)
class Library:
    """The published entries by id, the bibliography by id, and the phrases around them."""

    entries: Mapping[str, Entry]
    sources: Mapping[str, Source]
    phrases: Phrases
    follow_ups: Mapping[str, tuple[str, ...]]

    def in_topic(self, topic: str) -> tuple[Entry, ...]:
        """The entries of a topic, in the order of their ids."""
        return tuple(entry for entry in self.entries.values() if entry.topic == topic)

    def cited(self, entries: Iterable[Entry]) -> tuple[Source, ...]:
        """The sources of `entries`, each once, in the order of citation."""
        ids = dict.fromkeys(source for entry in entries for source in entry.sources)
        return tuple(self.sources[identifier] for identifier in ids)


def _accept(entry: Entry, path: Path, sources: Mapping[str, Source]) -> Entry:
    unknown = [source for source in entry.sources if source not in sources]
    if unknown:
        raise KnowledgeError(path, 1, f"unknown source {unknown[0]}")
    return entry


@dataclass
class Shelf:
    """A folder of entries as last read; a file that breaks keeps the version that was good."""

    folder: Path
    seen: dict[Path, tuple[int, int]] = field(default_factory=dict)
    refused: set[Path] = field(default_factory=set)
    entries: dict[Path, Entry] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    phrases: Phrases | None = None
    follow_ups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def _changed(self) -> list[Path]:
        """The files that are new or differ since the last look; forgets those that are gone."""
        present: dict[Path, tuple[int, int]] = {}
        for path in (*self.folder.glob("*.yml"), *self.folder.glob("*/*.md")):
            try:
                status = path.stat()
            except OSError:
                continue
            present[path] = (status.st_mtime_ns, status.st_size)
        changed = [path for path, stamp in present.items() if self.seen.get(path) != stamp]
        gone = self.seen.keys() - present.keys()
        for path in gone:
            self.entries.pop(path, None)
        self.seen = present
        return changed + [path for path in gone if path.suffix == ".md"]

    def _read(self, path: Path) -> None:
        if path.name == "sources.yml":
            self._take_sources(path)
        elif path.name == "phrases.yml":
            self.phrases = read_phrases(path)
        elif path.name == "follow_ups.yml":
            self.follow_ups = read_follow_ups(path)
        elif path.suffix == ".md" and path.exists():
            self.entries[path] = _accept(read_entry(path), path, self.sources)

    def _take_sources(self, path: Path) -> None:
        """The new bibliography; a source that left it stays while an entry cites it, as that may be edited next."""
        listed = read_sources(path)
        cited = {source for entry in self.entries.values() for source in entry.sources}
        self.sources = {name: source for name, source in self.sources.items() if name in cited} | listed

    def refresh(self) -> tuple[bool, list[KnowledgeError]]:
        """Whether anything changed since the last call, and what could not be taken over."""
        changed = self._changed()
        retried = self.refused if changed else set()
        broken: list[KnowledgeError] = []
        for path in sorted({*changed, *retried}, key=lambda path: (path.suffix != ".yml", path)):
            self.refused.discard(path)
            try:
                self._read(path)
            except KnowledgeError as error:
                self.refused.add(path)
                broken.append(error)
        return bool(changed), broken

    def library(self) -> Library:
        """The present state; raises KnowledgeError where the phrases have never been read."""
        if self.phrases is None:
            raise KnowledgeError(self.folder / "phrases.yml", 1, "missing or broken")
        published = (entry for entry in self.entries.values() if entry.status == "published")
        ordered = {entry.id: entry for entry in sorted(published, key=lambda entry: entry.id)}
        return Library(ordered, dict(self.sources), self.phrases, dict(self.follow_ups))


class LiveLibrary:
    """A library that follows its folder: `current` is at most two seconds behind an edit; reading it costs nothing."""

    def __init__(self, folder: Path, watch: bool = True) -> None:
        self._shelf = Shelf(folder)
        _, broken = self._shelf.refresh()
        if broken:
            raise broken[0]
        self.current = self._shelf.library()
        if watch:
            threading.Thread(target=self._watch, name="knowledge-watch", daemon=True).start()

    def _watch(self) -> None:
        while not threading.Event().wait(CHECK_SECONDS):
            self.look()

    def look(self) -> None:
        """Take over what was edited; what is broken is logged and its last good version stays."""
        changed, broken = self._shelf.refresh()
        for error in broken:
            logger.error("knowledge edit refused, the last good version stays: %s", error)
        if changed:
            self.current = self._shelf.library()


@lru_cache(maxsize=4)
def open_library(folder: Path) -> LiveLibrary:
    """The library of a folder, shared within the process."""
    return LiveLibrary(folder)
