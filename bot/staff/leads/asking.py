"""Reads from an address which leads are wanted, and writes such addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.errors import FormRefused
from bot.leads.filters import NOBODY, Filters
from bot.leads.paging import STATUSES, Sort
from bot.leads.places import Place, read_place
from bot.leads.records import Queue
from bot.leads.states import OUTCOMES
from bot.leads.views import VIEWS, View, view_filters
from bot.staff import accounts, forms
from bot.staff.access import QUEUES, account_of, may_see
from bot.staff.accounts import Account
from bot.staff.context import CLOCK, SETTINGS
from bot.staff.pages import zone_of

NOBODYS = "-"  # in an address, the assignee of what nobody has taken: no account has such a name
FILTERS = ("status", "outcome", "queue", "channel", "language", "assignee", "label", "since", "until")
CHOICES = {"status": STATUSES, "outcome": tuple(OUTCOMES), "queue": tuple(QUEUES)}
LONGEST = 40
LONGEST_PLACE = 200
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Asked:
    """A list that was asked for; `fields` is what was chosen besides the view, as the address has it."""

    view: View
    fields: Mapping[str, str]
    filters: Filters
    sort: Sort
    after: Place | None

    def address(self, after: Place | None = None) -> str:
        """The address of this list, from a place on."""
        return address(self.view, **self.fields, **({"after": after.as_text()} if after else {}))


def address(view: View, **fields: str) -> str:
    """The address of a list."""
    return f"/leads?{urlencode({'view': view, **fields})}"


def visible_queues(account: Account) -> list[Queue]:
    """The queues whose leads an account may see."""
    return [queue for queue in QUEUES if may_see(account, queue)]


def filters_of_view(request: web.Request, view: View) -> Filters:
    """What a view shows to whoever asks."""
    account = account_of(request)
    waiting = timedelta(minutes=request.app[SETTINGS].waiting_minutes)
    found = view_filters(view, account.name, waiting, request.app[CLOCK]())
    return found.of("queue", visible_queues(account))


def read(request: web.Request) -> Asked:
    """What the address asks for. Raises FormRefused, and HTTPForbidden for a queue that is not for this account."""
    form = forms.asked(request)
    view: View = form.optional_choice("view", VIEWS) or "new"  # type: ignore[assignment]  # one of VIEWS
    sort = form.optional_choice("sort", get_args(Sort))
    fields = {name: text for name in FILTERS if (text := form.text(name, LONGEST))}
    queue = "clinician" if view == "clinician" else form.optional_choice("queue", CHOICES["queue"])
    if queue and queue not in visible_queues(account_of(request)):
        raise web.HTTPForbidden(reason="the clinicians' queue is for clinicians and administrators")
    filters = _narrowed(form, filters_of_view(request, view), zone_of(request))
    order: Sort = sort or ("waiting" if view == "waiting" else "newest")  # type: ignore[assignment]  # one of Sort
    return Asked(view, {**fields, **({"sort": sort} if sort else {})}, filters, order, _place(form))


def _narrowed(form: forms.Form, filters: Filters, zone: ZoneInfo) -> Filters:
    for name, choices in CHOICES.items():
        value = form.optional_choice(name, choices)
        filters = filters.of(name, [value]) if value else filters
    for name in ("channel", "language"):
        value = form.text(name, LONGEST)
        filters = filters.of(name, [value]) if value else filters
    filters = filters.by(_assignee(form), " ".join(form.text("label", LONGEST).split()).casefold() or None)
    since, until = _day(form, "since"), _day(form, "until")
    if since and until and since > until:
        raise FormRefused("the first day is after the last one")
    return filters.within(_begin(since, zone), _begin(until + timedelta(days=1), zone) if until else None)


def _assignee(form: forms.Form) -> str | None:
    name = form.text("assignee", LONGEST)
    if name and name != NOBODYS and not accounts.NAME.fullmatch(name):
        raise FormRefused("Assigned to is no name of an account")
    return NOBODY if name == NOBODYS else name or None


def _day(form: forms.Form, name: str) -> date | None:
    text = form.text(name, LONGEST)
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise FormRefused(f"{form.title(name)} is no day such as 2026-11-22") from error
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise FormRefused(f"{form.title(name)} is no day between {FIRST_DAY:%Y} and {LAST_DAY:%Y}")
    return day


def _begin(day: date | None, zone: ZoneInfo) -> datetime | None:
    """When a day of the reader's begins, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(timezone.utc) if day else None


def _place(form: forms.Form) -> Place | None:
    text = form.text("after", LONGEST_PLACE)
    place = read_place(text) if text else None
    if text and place is None:
        raise FormRefused("the address of this page is damaged: go to the first page")
    return place
