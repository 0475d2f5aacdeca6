"""Checks what entries say of one another: titles that stand twice, links and follow-ups that lead nowhere."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bot.knowledge.files import line_of, read_follow_ups, read_text
from bot.knowledge.linting.page import Finding, Page
from bot.knowledge.linting.rulebook import Rulebook
from bot.knowledge.reply import MORE_FACET, SOURCE_FACET, plain

MOST_FOLLOW_UPS = 3


def check_titles(pages: Sequence[Page]) -> Iterator[Finding]:
    """Titles that a visitor could not tell apart; a button's title has to mean one entry."""
    first: dict[str, Page] = {}
    for page in pages:
        other = first.setdefault(plain(page.entry.title), page)
        if other is not page:
            yield page.at("title", f"the same title as {other.entry.id}")


def check_related(page: Page, known: Collection[str]) -> Iterator[Finding]:
    """Links to itself, and to entries that are none or are not published."""
    for other in page.entry.related:
        if other == page.entry.id:
            yield page.at("related", "a link to itself")
        elif other not in known:
            yield page.at("related", f"a link to {other}, which is not a published entry")


def check_follow_ups(path: Path, known: Collection[str], rulebook: Rulebook) -> Iterator[Finding]:
    """Facets that are none or are missing, and entries that are none; raises KnowledgeError."""
    raw = read_text(path)
    listed = read_follow_ups(path)
    needed = {*rulebook.facets, MORE_FACET}
    for facet in sorted(needed - listed.keys()):
        yield Finding(path, 1, f"the facet {facet} is missing")
    for facet, entries in listed.items():
        line = line_of(raw, facet)
        if facet not in needed | {SOURCE_FACET}:
            yield Finding(path, line, f"{facet} is not a facet")
        if not 1 <= len(entries) <= MOST_FOLLOW_UPS:
            yield Finding(path, line, f"{facet} has {len(entries)} entries, 1 to {MOST_FOLLOW_UPS} are useful")
        for entry in entries:
            if entry not in known:
                yield Finding(path, line, f"{entry} is not a published entry")
