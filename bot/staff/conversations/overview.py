"""The list of conversations: the flagged ones first, and no word of a visitor in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.errors import FormRefused
from bot.leads.conversations import (
    MOST_COUNTED,
    VIEWS,
    ListedConversation,
    Place,
    View,
    Wanted,
    counts,
    list_conversations,
)
from bot.staff import forms
from bot.staff.access import QUEUES, account_of
from bot.staff.context import DATABASE
from bot.staff.conversations.transcript import home_of
from bot.staff.conversations.words import EMPTY, FILTERED, count_kinds
from bot.staff.forms import Form
from bot.staff.pages import render, zone_of
from bot.staff.wording import CHANNELS, channel_title

PATH = "/conversations"
MOST = 50
TITLES: Mapping[View, str] = {
    "all": "All",
    "flagged": "Flagged",
    "waiting": "Waiting for a person",
    "taken": "Somebody is in it",
    "lead": "With a lead",
    "no_lead": "Without a lead",
}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Tab:
    """A saved view: its address, and how many there are in it where that is counted."""

    title: str
    href: str
    current: bool
    count: str | None


@dataclass(frozen=True)
class Line:
    """A conversation in the list."""

    listed: ListedConversation
    href: str
    channel: str
    turns: int
    kinds: str


async def conversations_page(request: web.Request) -> web.Response:
    """A page of the list, by the filters of the address."""
    query, account = forms.asked(request, since="Last used from", until="Last used to"), account_of(request)
    clinical = account.may(QUEUES["clinician"])
    wanted, after = read_wanted(query, zone_of(request), clinical), read_place(query.text("after"))
    found, numbers = await request.app[DATABASE].run(
        lambda session: (list_conversations(session, wanted, after, MOST + 1), counts(session, clinical)),
        read_only=True,
    )
    kept = {name: query.text(name) for name in ("channel", "since", "until")}
    return await render(
        request,
        "conversations/list.html",
        lines=[_line(listed) for listed in found[:MOST]],
        tabs=_tabs(wanted.view, kept, numbers),
        view=wanted.view,
        asked=kept,
        channels=list(CHANNELS.items()),
        empty=FILTERED if any(kept.values()) else EMPTY[wanted.view],
        first=_href(wanted.view, kept) if after else None,
        next=_href(wanted.view, kept, after=write_place(found[MOST - 1].place)) if len(found) > MOST else None,
    )


def read_wanted(query: Form, zone: ZoneInfo, clinical: bool) -> Wanted:
    """What an address asks for; days are those of the reader's zone. Raises FormRefused."""
    view: View = query.optional_choice("view", VIEWS) or "all"  # type: ignore[assignment]  # it is one of them
    since, until = _day(query, "since"), _day(query, "until")
    return Wanted(
        view,
        query.optional_choice("channel", CHANNELS),
        _begin_of(since, zone) if since else None,
        _begin_of(until + timedelta(days=1), zone) if until else None,
        clinical,
    )


def read_place(text: str) -> Place | None:
    """The place that a page ended with; None for no text. Raises FormRefused."""
    if not text:
        return None
    flagged, _, rest = text.partition(".")
    micros, _, conversation = rest.partition(".")
    if flagged not in ("0", "1") or not (micros.isascii() and micros.isdigit()) or len(micros) > 17 or not conversation:
        raise FormRefused("this page is none of the list: begin at the first one")
    return Place(flagged == "1", EPOCH + int(micros) * MICROSECOND, conversation)


def write_place(place: Place) -> str:
    """A place as an address has it."""
    return f"{int(place.flagged)}.{(place.updated_at - EPOCH) // MICROSECOND}.{place.conversation}"


def _day(query: Form, name: str) -> date | None:
    text = query.text(name, longest=10)
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise FormRefused(f"{query.title(name)} is no day: write it as 2026-11-22") from error
    if found and not 1970 <= found.year <= 9000:
        raise FormRefused(f"{query.title(name)} is out of range")
    return found


def _begin_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _href(view: View, kept: Mapping[str, str], **more: str) -> str:
    asked = {"view": "" if view == "all" else view, **kept, **more}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{PATH}?{query}" if query else PATH


def _tabs(current: View, kept: Mapping[str, str], numbers: Mapping[View, int]) -> Sequence[Tab]:
    counted = {view: f"{number}+" if number == MOST_COUNTED else str(number) for view, number in numbers.items()}
    return [Tab(title, _href(view, kept), view == current, counted.get(view)) for view, title in TITLES.items()]


def _line(listed: ListedConversation) -> Line:
    turns = sum(listed.kinds.values())
    return Line(listed, home_of(listed.id), channel_title(listed.channel), turns, count_kinds(listed.kinds))
