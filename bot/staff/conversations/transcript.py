"""The transcript of a conversation as staff read it, on its own page and beside its lead."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.orm import Session

from bot.assessment.red_flags import RedFlags, read_red_flags
from bot.errors import AssessmentError
from bot.knowledge.library import open_library
from bot.leads.conversations import HandedOver, handed_over
from bot.staff import forms
from bot.staff.access import account_of, may_see
from bot.staff.accounts import Account
from bot.staff.context import DATABASE, SETTINGS
from bot.staff.conversations.reasons import Known
from bot.staff.conversations.shown import ShownTurn, shown_turns
from bot.transcripts import reviews
from bot.transcripts.review_reading import Facts, TurnPage, facts, last_turns, turns_after

ALL = "all"


@dataclass(frozen=True)
class Transcript:
    """Turns of a conversation, oldest first, with what it has come to.

    `facts` is None where nothing is stored of it (any more); it is `closed` to an account that may not see its lead.
    `flags` are its signs of danger with what they are about. `earlier`, `news` and `toggle` are addresses: of the turns
    before, of what is new, of the page with `details` or without.
    """

    conversation: str
    facts: Facts | None = None
    leads: Sequence[HandedOver] = ()
    closed: bool = False
    turns: Sequence[ShownTurn] = ()
    earlier: str | None = None
    news: str | None = None
    details: bool = False
    flags: Mapping[str, str | None] = field(default_factory=dict)
    toggle: str = ""

    @property
    def home(self) -> str:
        """The address of its page."""
        return home_of(self.conversation)


@dataclass(frozen=True)
class _Read:
    """What one look at the database found."""

    facts: Facts | None
    leads: Sequence[HandedOver]
    closed: bool = False
    page: TurnPage = field(default_factory=lambda: TurnPage(()))
    verdicts: Mapping[int, str] = field(default_factory=dict)


def home_of(conversation: str) -> str:
    """The address of a conversation's page."""
    return f"/conversations/{quote(conversation, safe='')}"


async def transcript(request: web.Request, conversation: str) -> Transcript:
    """The last turns, or with `?before=` those before an event's number; with `?details=all` all reasons are open."""
    query = forms.asked(request)
    before = query.number("before") if query.text("before") else None
    account = account_of(request)
    read = await request.app[DATABASE].run(
        lambda session: _read(session, conversation, account, before), read_only=True
    )
    return await _shown(request, conversation, read, query.text("details") == ALL, before)


async def news(request: web.Request, conversation: str, after: int) -> Transcript:
    """What came behind an event's number."""
    account = account_of(request)
    read = await request.app[DATABASE].run(
        lambda session: _read_news(session, conversation, account, after), read_only=True
    )
    return await _shown(request, conversation, read, forms.asked(request).text("details") == ALL, None)


def is_closed(account: Account, leads: Sequence[HandedOver]) -> bool:
    """Whether one of a conversation's leads is not for an account to see."""
    return not all(may_see(account, lead.queue) for lead in leads)


def names_of(known: Facts, leads: Sequence[HandedOver], page: TurnPage) -> frozenset[str]:
    """The names that a person gave."""
    own = {value for field, value in known.details if field == "name"}
    return page.names | own | {lead.name for lead in leads if lead.name}


async def known_of(request: web.Request) -> Known:
    """Today's library, and the signs of danger."""
    own = request.app[SETTINGS]
    library = await asyncio.to_thread(open_library, own.knowledge_dir)
    return Known(library.current, _red_flags(own.assessment_dir / "red_flags.yml"))


@lru_cache(maxsize=4)
def _red_flags(path: Path) -> RedFlags | None:
    try:
        return read_red_flags(path)
    except AssessmentError:  # the transcript can be read without them
        return None


def _read(session: Session, conversation: str, account: Account, before: int | None) -> _Read:
    known, leads = facts(session, conversation), handed_over(session, conversation)
    if known is None or is_closed(account, leads):
        return _Read(known, leads, is_closed(account, leads))
    page = last_turns(session, conversation, min(before or known.last + 1, known.last + 1))
    return _Read(known, leads, False, page, reviews.verdicts(session, conversation))


def _read_news(session: Session, conversation: str, account: Account, after: int) -> _Read:
    known, leads = facts(session, conversation), handed_over(session, conversation)
    if known is None or is_closed(account, leads) or known.last <= after:
        return _Read(known, leads, is_closed(account, leads))
    page = turns_after(session, conversation, after, known.last)
    return _Read(known, leads, False, page, reviews.verdicts(session, conversation))


async def _shown(request: web.Request, conversation: str, read: _Read, details: bool, before: int | None) -> Transcript:
    if read.facts is None or read.closed:
        return Transcript(conversation, read.facts, read.leads, read.closed)
    names, known = names_of(read.facts, read.leads, read.page), await known_of(request)
    home, wide = home_of(conversation), f"&details={ALL}" if details else ""
    return Transcript(
        conversation,
        read.facts,
        read.leads,
        turns=shown_turns(read.page.turns, names, known, read.verdicts),
        earlier=f"{home}?before={read.page.earlier}{wide}" if read.page.earlier else None,
        news=None if before else f"{home}/news?after={read.facts.last}{wide}",
        details=details,
        flags={flag: known.about(flag) for flag in read.facts.flags},
        toggle=_toggle(request, details, before),
    )


def _toggle(request: web.Request, details: bool, before: int | None) -> str:
    asked = [*([f"before={before}"] if before else []), *([] if details else [f"details={ALL}"])]
    return f"{request.path}?{'&'.join(asked)}" if asked else request.path
