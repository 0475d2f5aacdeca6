"""The page of all gaps, and that of one cluster."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.accounts import Account
from bot.staff.context import DATABASE
from bot.staff.gaps.clusters import Cluster
from bot.staff.gaps.drafts import count_assigned
from bot.staff.gaps.found import ALL, Found, find, library_of, wanted_by
from bot.staff.gaps.keys import key_of, read_key
from bot.staff.gaps.questions import KEPT, MOST, REASONS, Wanted
from bot.staff.pages import render
from bot.staff.wording import titled
from bot.transcripts.examples import count_waiting

A_PAGE = 50
WHY = {
    "other_subject": "about something else",
    "no_question": "no question",
    "answered_well": "was answered well enough",
    "not_ours_to_answer": "not for the assistant to answer",
    "twice": "an example like it is there already",
}


@dataclass(frozen=True)
class Work:
    """What is to be done beside the open gaps: questions to approve, and examples to export."""

    assigned: int
    examples: int


def work_left(session: Session, account: Account) -> Work:
    """What is to be done that an account may see."""
    return Work(count_assigned(session, account), count_waiting(session))


async def gaps(request: web.Request) -> web.Response:
    """The clusters of what has no good answer yet, the largest first."""
    wanted, account, library = wanted_by(request), account_of(request), library_of(request)
    found = await find(request, wanted)
    work = await request.app[DATABASE].run(lambda session: work_left(session, account), read_only=True)
    first = forms.asked(request).number("after") if request.query.get("after") else 0
    shown = found.clusters[first : first + A_PAGE]
    context: dict[str, Any] = {
        "found": found,
        "shown": [(each, _path("/gaps/cluster", wanted, of=key_of(each.questions[0].turn))) for each in shown],
        "first": _path("/gaps", wanted) if first else None,
        "next": _path("/gaps", wanted, after=first + A_PAGE) if len(found.clusters) > first + A_PAGE else None,
        "wanted": wanted,
        "filtered": wanted != Wanted(),
        "work": work,
        "channels": _pairs([wanted.channel, *(each.channel for each in found.questions)]),
        "topics": _pairs({each.topic for each in library.entries.values()}),
    }
    return await render(request, "gaps/list.html", **context, **words(library))


async def gap(request: web.Request) -> web.Response:
    """The questions of one cluster, which is found by one of them; raises HTTPNotFound where that is settled."""
    wanted, library = wanted_by(request), library_of(request)
    asked_for = read_key(forms.asked(request).required("of", 300))
    cluster = _with(await find(request, wanted), asked_for)
    entry = library.entries.get(cluster.entry or "")
    context: dict[str, Any] = {
        "cluster": cluster,
        "rows": [(key_of(each.turn), each) for each in cluster.questions],
        "entry": entry,
        "entries": by_topic(library),
        "why": WHY,
        "back": _path("/gaps", wanted),
    }
    return await render(request, "gaps/cluster.html", **context, **words(library))


def _with(found: Found, turn: tuple[str, int]) -> Cluster:
    for cluster in found.clusters:
        if any(question.turn == turn for question in cluster.questions):
            return cluster
    raise web.HTTPNotFound(reason="this question is no open gap any more")


def words(library: Library) -> dict[str, Any]:
    """What every page of the gaps names things by."""
    titles = {entry.id: entry.title for entry in library.entries.values()}
    return {"reasons": REASONS, "titles": titles, "days": KEPT.days, "most": MOST}


def by_topic(library: Library) -> Sequence[Entry]:
    """The entries that a question may be assigned to, topic by topic."""
    return sorted(library.entries.values(), key=lambda entry: (entry.topic, entry.title))


def _pairs(names: Iterable[str | None]) -> list[tuple[str, str]]:
    """Names as a field offers them to choose from."""
    return [(name, titled(name)) for name in sorted({name for name in names if name})]


def _path(path: str, wanted: Wanted, **others: Any) -> str:
    kept = {"reason": wanted.reason, "channel": wanted.channel, "topic": wanted.topic}
    languages = {"languages": ALL} if wanted.other_languages else {}
    query = {name: value for name, value in {**kept, **languages, **others}.items() if value}
    return f"{path}?{urlencode(query)}" if query else path
