"""Looks for what is wrong with the knowledge base, so that nothing unchecked is ever said."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timezone
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.errors import KnowledgeError
from bot.knowledge.files import parse_entry, read_sources, read_text
from bot.knowledge.linting.efficacy import check_counterweight, check_percentages
from bot.knowledge.linting.evidence import check_claims, check_sources
from bot.knowledge.linting.examples import check_examples, read_blocks
from bot.knowledge.linting.form import (
    check_facets,
    check_grade,
    check_id,
    check_lengths,
    check_review,
    check_safety,
)
from bot.knowledge.linting.links import check_follow_ups, check_related, check_titles
from bot.knowledge.linting.page import Finding, Page
from bot.knowledge.linting.promises import check_doses, check_promises
from bot.knowledge.linting.rulebook import Rulebook, read_rulebook
from bot.knowledge.phrases import read_phrases

__all__ = ["Finding", "discounted_terms", "lint"]

Read = TypeVar("Read")
UTC = timezone.utc


def lint(folder: Path, nlu: Path, today: date | None = None) -> list[Finding]:
    """Everything that is wrong with the entries in `folder` and their examples in `nlu`, by file and line.

    `today` is the day for which reviews may be due, by default the present one (UTC). An unreadable file is a
    finding; an unreadable rulebook (`lint.yml`) is the only one, as nothing can be judged without it.
    """
    findings: list[Finding] = []
    rulebooks = _readable(read_rulebook, [folder / "lint.yml"], findings)
    for rulebook in rulebooks:
        findings += _check(folder, nlu, today or datetime.now(UTC).date(), rulebook)
    return sorted(set(findings))


def discounted_terms(folder: Path) -> tuple[str, ...]:
    """The unavoidable terms that the reading grade counts as one short word each; raises KnowledgeError."""
    return read_rulebook(folder / "lint.yml").terms


def _readable(read: Callable[[Path], Read], paths: Iterable[Path], findings: list[Finding]) -> list[Read]:
    """What `read` makes of the paths; those that cannot be read become findings."""
    results = []
    for path in paths:
        try:
            results.append(read(path))
        except KnowledgeError as error:
            findings.append(Finding(error.path, error.line, error.problem))
    return results


def _check(folder: Path, nlu: Path, today: date, rulebook: Rulebook) -> list[Finding]:
    findings = [
        Finding(path, 1, "an entry belongs into the folder of its topic, and nowhere deeper")
        for path in folder.rglob("*.md")
        if path.parent.parent != folder
    ]
    pages = _readable(_read_page, sorted(folder.glob("*/*.md")), findings)
    for page in pages:
        findings += _check_page(page, rulebook, today)
    for known in _readable(read_sources, [folder / "sources.yml"], findings):
        findings += [finding for page in pages for finding in check_sources(page, known)]
    files = _readable(read_blocks, sorted(nlu.rglob("*.yml")), findings)
    findings += check_examples([block for blocks in files for block in blocks], pages, rulebook.topics)
    findings += list(_check_links(folder, pages, rulebook, findings))
    _readable(read_phrases, [folder / "phrases.yml"], findings)
    return findings


def _read_page(path: Path) -> Page:
    raw = read_text(path)
    return Page(path, raw, parse_entry(raw, path))


def _check_page(page: Page, rulebook: Rulebook, today: date) -> Iterator[Finding]:
    yield from check_id(page, rulebook)
    yield from check_lengths(page)
    yield from check_facets(page, rulebook)
    yield from check_safety(page, rulebook)
    yield from check_review(page, today)
    yield from check_grade(page, rulebook)
    yield from check_claims(page)
    yield from check_promises(page, rulebook)
    yield from check_doses(page)
    yield from check_counterweight(page, rulebook)
    yield from check_percentages(page, rulebook)


def _check_links(
    folder: Path, pages: Sequence[Page], rulebook: Rulebook, unreadable: list[Finding]
) -> Iterator[Finding]:
    known = {page.entry.id for page in pages if page.entry.status == "published"}
    yield from check_titles(pages)
    for page in pages:
        yield from check_related(page, known)
    for findings in _readable(partial(_follow_ups, known, rulebook), [folder / "follow_ups.yml"], unreadable):
        yield from findings


def _follow_ups(known: Collection[str], rulebook: Rulebook, path: Path) -> list[Finding]:
    return list(check_follow_ups(path, known, rulebook))
