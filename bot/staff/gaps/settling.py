"""Assigns the ticked questions of a cluster to an entry, or dismisses them."""

from aiohttp import web

from bot.errors import FormRefused
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE
from bot.staff.gaps import acts
from bot.staff.gaps.found import library_of
from bot.staff.gaps.keys import read_keys
from bot.staff.gaps.listing import WHY
from bot.staff.pages import see


async def assign(request: web.Request) -> web.Response:
    """Assign questions to an entry, and go on to their approval; raises FormRefused."""
    form = await forms.sent(request)
    turns, entry = read_keys(form.several("question")), form.required("entry", 200)
    if entry not in library_of(request).entries:
        raise FormRefused("There is no such entry: choose one of the list, by its id")
    account, now = account_of(request), request.app[CLOCK]()
    done = await request.app[DATABASE].run(lambda session: acts.assign(session, turns, entry, account, now))
    said = f"{_counted(done)} assigned{_missing(done, len(turns))} Now look at their words."
    return await see(request, f"/gaps/approval?entry={entry}", said)


async def dismiss(request: web.Request) -> web.Response:
    """Dismiss questions for a reason; raises FormRefused."""
    form = await forms.sent(request)
    turns, why = read_keys(form.several("question")), form.choice("why", WHY)
    account, now = account_of(request), request.app[CLOCK]()
    done = await request.app[DATABASE].run(lambda session: acts.dismiss(session, turns, why, account, now))
    return await see(request, "/gaps", f"{_counted(done)} dismissed{_missing(done, len(turns))}")


def _counted(number: int) -> str:
    return "1 question was" if number == 1 else f"{number} questions were"


def _missing(done: int, asked: int) -> str:
    return "." if done == asked else f"; {asked - done} had been settled by somebody else."
