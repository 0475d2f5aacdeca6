"""The pages that show the staff."""

from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.leads import audit
from bot.staff import accounts, sessions
from bot.staff.access import must_set_up
from bot.staff.accounts import ROLES, Account
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.staff.pages import render

MOST_ACTS = 30
# What the audit calls by a name.
WORDS = {
    "staff.added": "added",
    "staff.signed_in": "signed in",
    "staff.signed_out": "signed out everywhere",
    "staff.role": "role changed",
    "staff.password": "password changed",
    "staff.zone": "time zone changed",
    "staff.disabled": "shut out",
    "staff.enabled": "let in again",
    "staff.factor_required": "requirement of a second factor changed",
    "staff.factor_set": "second factor set up",
    "staff.factor_removed": "second factor removed",
}


async def everyone(request: web.Request) -> web.Response:
    """Everybody of the staff, and a form to add somebody."""
    people = await request.app[DATABASE].run(accounts.everyone, read_only=True)
    factors = {account.name: second_factor(request, account) for account in people}
    return await render(request, "people/list.html", people=people, factors=factors, roles=ROLES)


async def member(request: web.Request) -> web.Response:
    """One person of the staff, with what an administrator may change."""
    name, own, now = request.match_info["name"], request.app[SETTINGS], request.app[CLOCK]()

    def look(session: Session) -> tuple[Account | None, list[sessions.Signed], list[audit.Entry]]:
        known = accounts.find(session, name)
        return known, sessions.of_account(session, name, own, now), audit.trail(session, name) if known else []

    found, signed, acts = await request.app[DATABASE].run(look, read_only=True)
    if found is None:
        raise web.HTTPNotFound(reason="there is no such account")
    told: dict[str, Any] = {"member": found, "signed": signed, "acts": acts[: -MOST_ACTS - 1 : -1]}
    told |= {
        "factor": second_factor(request, found),
        "required": own.staff_totp == "required",
        "roles": ROLES,
        "words": WORDS,
    }
    return await render(request, "people/member.html", **told)


def second_factor(request: web.Request, account: Account) -> str:
    """How it stands with the second factor, in words."""
    if account.protected:
        return "set up"
    return "wanted at the next page" if must_set_up(account, request.app[SETTINGS]) else "none"
