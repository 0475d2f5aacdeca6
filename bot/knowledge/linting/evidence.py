"""Checks what an entry rests on: every claim has a source, and every source is known and used."""

from collections.abc import Collection, Iterator

from bot.knowledge.linting.page import Finding, Page


def check_claims(page: Page) -> Iterator[Finding]:
    """An answer that claims nothing, small talk that does, and a claim without a source."""
    entry = page.entry
    if entry.kind == "answer" and not entry.claims:
        yield page.at("claims", "an answer needs claims")
    if entry.kind == "smalltalk" and (entry.claims or entry.sources):
        yield page.at("claims", "small talk has no claims and no sources")
    for claim in entry.claims:
        if not claim.text.strip():
            yield page.at("claims", "a claim without text")
        if not claim.sources:
            yield page.at("claims", f"a claim without source: {claim.text[:60]}", claim.text)


def check_sources(page: Page, known: Collection[str]) -> Iterator[Finding]:
    """Sources that the bibliography lacks, that no claim uses, or that a claim uses and the entry does not list."""
    entry = page.entry
    cited = dict.fromkeys(source for claim in entry.claims for source in claim.sources)
    for source in dict.fromkeys([*entry.sources, *cited]):
        if source not in known:
            yield page.at("sources", f"unknown source {source}", source)
    for source in entry.sources:
        if source not in cited:
            yield page.at("sources", f"no claim uses the source {source}", source)
    for source in cited:
        if source not in entry.sources:
            yield page.at("claims", f"a claim's source is not among the entry's sources: {source}", source)
