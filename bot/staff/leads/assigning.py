"""Gives the ticked leads to somebody."""

import re
from collections.abc import Mapping, Sequence

from aiohttp import web
from sqlalchemy.orm import Session

from bot.errors import FormRefused
from bot.leads.bulk import Assigned, assign_all
from bot.staff import accounts, forms
from bot.staff.access import account_of, local_path, may_see
from bot.staff.accounts import Account
from bot.staff.context import CLOCK, DATABASE
from bot.staff.leads.asking import NOBODYS
from bot.staff.leads.listing import MOST
from bot.staff.leads.wording import leads
from bot.staff.pages import see

PICKED = re.compile(r"([A-Z0-9-]{1,20}):([0-9]{1,9})", re.ASCII)


async def assign(request: web.Request) -> web.Response:
    """Give the ticked leads to an account, or to nobody, and go back to the list."""
    form, account, now = await forms.sent(request), account_of(request), request.app[CLOCK]()
    picked, name = _picked(form.several("picked")), form.required("assignee")

    def work(session: Session) -> Assigned:
        to = None if name == NOBODYS else _receiver(session, name)
        readers = [account, to] if to else [account]
        return assign_all(
            session,
            picked,
            to.name if to else None,
            lambda queue: all(may_see(reader, queue) for reader in readers),
            f"staff:{account.name}",
            now,
        )

    done = await request.app[DATABASE].run(work)
    back = local_path(form.text("back"))
    told = _told(done, "nobody" if name == NOBODYS else name)
    return await see(request, back if back.startswith("/leads?") else "/leads", told)


def _picked(values: Sequence[str]) -> Mapping[str, int]:
    """The ticked leads, and the version of each that was looked at."""
    found = [PICKED.fullmatch(value) for value in values]
    if not found or len(found) > MOST:
        raise FormRefused(f"tick 1 to {MOST} leads first")
    if None in found:
        raise FormRefused("what was ticked is no lead")
    return {match[1]: int(match[2]) for match in found if match}


def _receiver(session: Session, name: str) -> Account:
    found = accounts.find(session, name)
    if found is None or found.disabled_at is not None:
        raise FormRefused("there is nobody of that name who may sign in")
    return found


def _told(done: Assigned, name: str) -> str:
    told = [f"{leads(done.done)} assigned to {name}." if done.done else "Nothing was assigned."]
    if done.changed:
        changed = "Somebody else changed 1 of them" if done.changed == 1 else f"Others changed {done.changed} of them"
        told.append(f"{changed} meanwhile: it is left as it is. Look again, then decide.")
    if done.refused:
        told.append(f"{leads(done.refused)} of the clinicians' queue cannot be given to a reviewer.")
    return " ".join(told)
