"""The page with the dead letters, and what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlalchemy.orm import Session

from bot.errors import FormRefused
from bot.leads.delivery.disabled import disabled
from bot.leads.outbox import DeadLetter
from bot.leads.places import Place, read_place
from bot.leads.undelivered import Waiting, dead_page, try_again, waiting
from bot.leads.views import MOST_COUNTED, count_dead_letters
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE
from bot.staff.leads.wording import count
from bot.staff.pages import render, see

MOST = 50
LONGEST_PLACE = 200
LONGEST_ID = 100


@dataclass(frozen=True)
class _Read:
    """All that the page needs of the database."""

    dead: int
    letters: Sequence[DeadLetter]
    waiting: Sequence[Waiting]
    disabled: Mapping[str, datetime]


async def show(request: web.Request) -> web.Response:
    """The messages that were given up, a page of them; what waits for which target; which targets are gone."""
    after = _place(forms.asked(request).text("after", LONGEST_PLACE))
    found = await request.app[DATABASE].run(lambda session: _read(session, after), read_only=True)
    shown, more = found.letters[:MOST], found.letters[MOST:]
    last = Place(0, shown[-1].dead_at, shown[-1].id) if more else None
    return await render(
        request,
        "deliveries/list.html",
        number=count(found.dead, MOST_COUNTED),
        letters=shown,
        waiting=found.waiting,
        disabled=found.disabled,
        first="/deliveries" if after else None,
        next=f"/deliveries?after={last.as_text()}" if last else None,
    )


async def replay(request: web.Request) -> web.Response:
    """Try some again, or all."""
    form, account, now = await forms.sent(request), account_of(request), request.app[CLOCK]()
    ids = None if form.text("what", LONGEST_ID) == "all" else form.several("id")
    if ids is not None and not 0 < len(ids) <= MOST:
        raise FormRefused(f"tick 1 to {MOST} messages first")
    if ids is not None and any(len(each) > LONGEST_ID or "\0" in each for each in ids):
        raise FormRefused("what was ticked is no message")
    number = await request.app[DATABASE].run(lambda session: try_again(session, ids, f"staff:{account.name}", now))
    return await see(request, "/deliveries", _told(number, None if ids is None else len(set(ids))))


def _read(session: Session, after: Place | None) -> _Read:
    place = (after.created_at, after.reference) if after else None
    letters = dead_page(session, place, MOST + 1)
    return _Read(count_dead_letters(session), letters, waiting(session), disabled(session))


def _place(text: str) -> Place | None:
    place = read_place(text) if text else None
    if text and place is None:
        raise FormRefused("the address of this page is damaged: go to the first page")
    return place


def _told(number: int, asked: int | None) -> str:
    messages = "1 message is" if number == 1 else f"{number:,} messages are"
    told = f"{messages} due again, from the first try on." if number else "Nothing was left to be tried again."
    left = (asked or number) - number
    others = f" {left} had been tried again by somebody else, or {'is' if left == 1 else 'are'} gone." if left else ""
    return told + others
