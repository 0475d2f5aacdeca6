"""The page of all entries, and that of one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aiohttp import web

from bot.knowledge.entry import Entry
from bot.knowledge.library import Library, open_library
from bot.knowledge.payload import render as render_reply
from bot.knowledge.payload import review_line
from bot.knowledge.reply import Answered
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.staff.knowledge.counts import WITHIN, Counts, counts, talks
from bot.staff.pages import render

STRENGTHS = {
    "strong": "strong: a regulator, a law or a label",
    "moderate": "moderate: a randomized trial, a review or a medical society",
    "weak": "weak: a small study, a commercial page or the news",
    "none": "none: nothing medical is claimed",
}


@dataclass(frozen=True)
class Row:
    """An entry with how it fares; it is `overdue` from the day of its next review on."""

    entry: Entry
    counts: Counts
    overdue: bool


@dataclass(frozen=True)
class Wanted:
    """Which entries are looked for."""

    topic: str | None
    overdue: bool
    text: str


async def entries(request: web.Request) -> web.Response:
    """All entries that visitors can be answered with, those whose review is overdue first."""
    asked, now, library = forms.asked(request), request.app[CLOCK](), _library(request)
    overdue = asked.optional_choice("overdue", ["1"]) == "1"
    wanted = Wanted(asked.text("topic", 100) or None, overdue, asked.text("q", 200))
    found = await request.app[DATABASE].run(lambda session: counts(session, now), read_only=True)
    rows = _rows(library, found, now.date())
    shown = [row for row in rows if _fits(row, wanted)]
    context: dict[str, Any] = {
        "rows": shown,
        "overdue": sum(row.overdue for row in rows),
        "all": len(rows),
        "topics": [(topic, topic.replace("_", " ")) for topic in sorted({row.entry.topic for row in rows})],
        "wanted": wanted,
        "days": WITHIN.days,
    }
    return await render(request, "knowledge/list.html", **context)


async def entry(request: web.Request) -> web.Response:
    """One entry as a visitor sees it; raises HTTPNotFound."""
    name, library = request.match_info["entry"], _library(request)
    account, now = account_of(request), request.app[CLOCK]()
    shown = library.entries.get(name)
    if shown is None:
        raise web.HTTPNotFound(reason="there is no such entry, or it is a draft")
    found, said = await request.app[DATABASE].run(
        lambda session: (counts(session, now), talks(session, name, account, now)), read_only=True
    )
    message = render_reply(Answered((shown,), 1.0), library)
    context: dict[str, Any] = {
        "row": Row(shown, found.get(name, Counts()), _overdue(shown, now.date())),
        "paragraphs": [paragraph for text in message.texts for paragraph in text.split("\n\n")],
        "choices": message.choices,
        "sources": library.cited([shown]),
        "reviewed": review_line(shown, library),
        "strengths": STRENGTHS,
        "file": file_of(shown),
        "talks": said,
        "days": WITHIN.days,
    }
    return await render(request, "knowledge/entry.html", **context)


def file_of(entry: Entry) -> str:
    """Where an entry is edited, from the project's root."""
    return f"data/knowledge/{entry.topic}/{entry.id.removeprefix(f'{entry.topic}.')}.md"


def _library(request: web.Request) -> Library:
    return open_library(request.app[SETTINGS].knowledge_dir).current


def _overdue(entry: Entry, today: date) -> bool:
    return entry.review_due <= today


def _rows(library: Library, found: Mapping[str, Counts], today: date) -> Sequence[Row]:
    rows = [Row(each, found.get(each.id, Counts()), _overdue(each, today)) for each in library.entries.values()]
    # Those that are overdue by the day they are, the others by topic.
    return sorted(rows, key=lambda row: (0, str(row.entry.review_due)) if row.overdue else (1, row.entry.id))


def _fits(row: Row, wanted: Wanted) -> bool:
    if (wanted.topic and row.entry.topic != wanted.topic) or (wanted.overdue and not row.overdue):
        return False
    told = f"{row.entry.id} {row.entry.title} {row.entry.short} {row.entry.text}".casefold()
    return all(word in told for word in re.findall(r"\S+", wanted.text.casefold()))
