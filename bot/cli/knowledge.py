"""`strand knowledge`: the curated answers, for the people who write them."""

import argparse
import os
import sys

from bot.errors import SettingError
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library, LiveLibrary
from bot.settings import PROJECT, settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="check | list | show")
    actions.add_parser("check", help="everything that is wrong with the entries, a line each")
    actions.add_parser("list", help="the entries: id, evidence, the day of review, title")
    show = actions.add_parser("show", help="one entry with its claims and sources")
    show.add_argument("entry", help="the entry's id, e.g. cost.session_price")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for; `check` exits with 1 on any finding."""
    if arguments.action == "check":
        return _check()
    library = LiveLibrary(settings().knowledge_dir, watch=False).current
    if arguments.action == "list":
        for entry in library.entries.values():
            print(f"{entry.id:<52} {entry.evidence:<9} {entry.reviewed_on}  {entry.title}")
        return 0
    print(described(_find(arguments.entry, library), library))
    return 0


def _check() -> int:
    from bot.knowledge.linter import discounted_terms, lint

    findings = lint(settings().knowledge_dir, PROJECT / "data" / "nlu")
    for finding in findings:
        print(f"{os.path.relpath(finding.path)}:{finding.line}: {finding.text}")
    terms = ", ".join(discounted_terms(settings().knowledge_dir))
    print(f"Counted as one short word each in the reading grade: {terms}", file=sys.stderr)
    print(f"{len(findings)} findings" if findings else "Nothing to complain about.", file=sys.stderr)
    return 1 if findings else 0


def _find(name: str, library: Library) -> Entry:
    if name not in library.entries:
        raise SettingError(f"there is no entry {name}; ./strand knowledge list names them all")
    return library.entries[name]


def described(entry: Entry, library: Library) -> str:
    """An entry as a person reads it."""
    parts = [f"{entry.id}\n{entry.title}", entry.text]
    if entry.safety:
        parts.append(entry.safety)
    parts.append(f"Short: {entry.short}")
    if entry.claims:
        parts.append("\n".join(f"- {claim.text} [{', '.join(claim.sources)}]" for claim in entry.claims))
    cited = library.cited([entry])
    if cited:
        parts.append(
            "\n".join(f"{source.id}: {source.title} ({source.publisher}) {source.url or ''}" for source in cited)
        )
    parts.append(
        f"Evidence {entry.evidence}; reviewed {entry.reviewed_on} by {entry.reviewed_by}, next by {entry.review_due}"
    )
    return "\n\n".join(parts)
