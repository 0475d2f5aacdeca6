"""What the pages of the gaps show: the clusters of what is wanted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.knowledge.library import Library, open_library
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CHAT, CLOCK, DATABASE, SETTINGS
from bot.staff.gaps.clusters import Cluster, cluster
from bot.staff.gaps.questions import MOST, Question, Wanted, questions_of, reason_of, rows_of
from bot.staff.gaps.vectors import VECTORS

ALL = "all"


@dataclass(frozen=True)
class Found:
    """The clusters with all of their questions; `more` where only the newest questions were looked at."""

    clusters: Sequence[Cluster]
    questions: Sequence[Question]
    more: bool


def library_of(request: web.Request) -> Library:
    """The entries as they are now."""
    return open_library(request.app[SETTINGS].knowledge_dir).current


def wanted_by(request: web.Request) -> Wanted:
    """What an address asks for; raises FormRefused."""
    asked = forms.asked(request)
    languages = asked.optional_choice("languages", [ALL]) == ALL
    reason, channel, topic = (asked.text(name, 100) or None for name in ("reason", "channel", "topic"))
    return Wanted(reason_of(reason), channel, topic, languages)


async def find(request: web.Request, wanted: Wanted) -> Found:
    """The clusters of open questions that are wanted."""
    account, now, library = account_of(request), request.app[CLOCK](), library_of(request)
    database, encode = request.app[DATABASE], request.app[CHAT].encode
    rows = await database.run(lambda session: rows_of(session, wanted, account, now), read_only=True)
    questions = await asyncio.to_thread(questions_of, rows[:MOST], library, wanted)
    vectors = await request.app[VECTORS].of(questions, encode)
    return Found(await asyncio.to_thread(cluster, questions, vectors), questions, len(rows) > MOST)
