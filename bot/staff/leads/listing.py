"""The page with a list of leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.leads.facets import read_facets
from bot.leads.filters import Filters
from bot.leads.paging import find_page
from bot.leads.places import Place
from bot.leads.rows import Row, read_rows
from bot.leads.states import TITLES
from bot.leads.views import MOST_COUNTED, VIEWS, View, count_all, count_dead_letters, spoken
from bot.leads.worked import labels_in_use
from bot.staff import accounts
from bot.staff.access import account_of, may_see
from bot.staff.accounts import Account
from bot.staff.context import CLOCK, DATABASE
from bot.staff.leads import wording
from bot.staff.leads.asking import NOBODYS, Asked, address, filters_of_view, read, visible_queues
from bot.staff.leads.lines import line_of
from bot.staff.pages import render, zone_of
from bot.staff.wording import OUTCOMES, channel_title, language_title

MOST = 50


@dataclass(frozen=True)
class _Read:
    """All that a page needs of the database."""

    counts: Mapping[View, int]
    dead: int
    rows: Sequence[Row]
    next: Place | None
    spoken: Mapping[str, Sequence[str]]
    labels: Sequence[str]
    staff: Sequence[str]


async def show(request: web.Request) -> web.Response:
    """A list of leads, as the address asks."""
    asked, account = read(request), account_of(request)
    views = {view: filters_of_view(request, view) for view in visible_views(account)}
    found = await request.app[DATABASE].run(lambda session: _read(session, asked, views), read_only=True)
    return await render(
        request,
        "leads/list.html",
        asked=asked,
        tabs=_tabs(found, asked, account),
        lines=[line_of(row, request.app[CLOCK](), zone_of(request)) for row in found.rows],
        empty=_empty(found, asked),
        first=asked.address() if asked.after else None,
        next=asked.address(found.next) if found.next else None,
        back=asked.address(asked.after),
        options=_options(found, account),
        staff=found.staff,
        nobody=NOBODYS,
        narrowed=wording.is_narrowed(asked.fields),
        clear=address(asked.view),
    )


def _empty(found: _Read, asked: Asked) -> tuple[str, str]:
    """What stands where no lead is listed."""
    if wording.is_narrowed(asked.fields) or asked.after:
        return wording.FILTERED
    return wording.EMPTY[asked.view if found.counts["all"] else "all"]


def visible_views(account: Account) -> list[View]:
    """The views that an account has."""
    return [view for view in VIEWS if view != "clinician" or may_see(account, "clinician")]


def _read(session: Session, asked: Asked, views: Mapping[View, Filters]) -> _Read:
    known = read_facets(session)
    page = find_page(session, known, asked.filters, asked.sort, asked.after, MOST)
    staff = [account.name for account in accounts.everyone(session) if account.disabled_at is None]
    return _Read(
        counts=count_all(session, known, views),
        dead=count_dead_letters(session),
        rows=read_rows(session, page.references),
        next=page.next,
        spoken=spoken(known),
        labels=labels_in_use(session),
        staff=staff,
    )


def _tabs(found: _Read, asked: Asked, account: Account) -> list[tuple[str, str, str, bool]]:
    """Title, count and address of each view, and whether it is this one."""
    tabs = [
        (wording.VIEWS[view], wording.count(found.counts[view], MOST_COUNTED), address(view), view == asked.view)
        for view in visible_views(account)
    ]
    if account.may("clinician"):
        tabs.insert(-1, ("Dead letters", wording.count(found.dead, MOST_COUNTED), "/deliveries", False))
    return tabs


def _options(found: _Read, account: Account) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What each field of the filters can be, with how it is called."""
    everybody: list[Any] = [(NOBODYS, "nobody"), *((name, name) for name in found.staff)]
    return {
        "status": [*TITLES.items()],
        "outcome": [*OUTCOMES.items()],
        "queue": [(queue, wording.QUEUES[queue]) for queue in visible_queues(account)],
        "channel": [(name, channel_title(name)) for name in found.spoken["channel"]],
        "language": [(code, language_title(code)) for code in found.spoken["language"]],
        "assignee": everybody,
        "label": [(label, label) for label in found.labels],
        "sort": [*wording.SORTS.items()],
    }
