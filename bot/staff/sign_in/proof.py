"""Whether somebody is who they say: by password, then by code, each with a limit on how often one may be wrong."""

import math
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web
from sqlalchemy.orm import Session

from bot.addresses import client_address
from bot.leads import audit
from bot.staff import accounts, attempts, factor, passwords
from bot.staff.context import CLOCK, DATABASE, SETTINGS, aside


async def by_password(request: web.Request, name: str, password: str) -> bool:
    """Whether a password is the account's; the answer takes as long and costs as much where there is no such account.

    Raises HTTPTooManyRequests where it was wrong too often.
    """

    async def fits() -> bool:
        stored = await request.app[DATABASE].run(lambda session: accounts.password_of(session, name), read_only=True)
        held = await aside(request, lambda: passwords.fits(stored, password))
        if held and stored and passwords.is_outdated(stored):
            renewed = await aside(request, lambda: passwords.hashed(password))
            await request.app[DATABASE].run(lambda session: accounts.change(session, name, password=renewed))
        return held

    return await _limited(request, "password", name, fits)


async def by_code(request: web.Request, name: str, code: str) -> bool:
    """Whether a code is the account's and was not used before. Raises HTTPTooManyRequests where it was wrong too often.

    What was wrong is counted apart from passwords: whoever knows the password does not get more codes by it.
    """
    now = request.app[CLOCK]()

    async def fits() -> bool:
        return await request.app[DATABASE].run(lambda session: factor.use(session, name, code, now))

    return await _limited(request, "code", name, fits)


async def _limited(request: web.Request, proof: attempts.Proof, name: str, fits: Callable[[], Awaitable[bool]]) -> bool:
    """What `fits` says, where there may be a try now."""
    database, now = request.app[DATABASE], request.app[CLOCK]()
    keys = attempts.keys_of(proof, name, client_address(request, request.app[SETTINGS].staff_proxies))
    begun = await database.run(lambda session: attempts.begin(session, keys, now))
    if begun.wait:
        raise _too_many(begun.wait)
    if await fits():
        await database.run(lambda session: attempts.forgive(session, keys, now))
        return True
    if begun.cost:
        await database.run(lambda session: _note(session, begun.cost, request))
    return False


def _note(session: Session, cost: timedelta, request: web.Request) -> None:
    """Write down that somebody has to wait; not under which name, which may be a password in the wrong field."""
    told = {"seconds": cost.total_seconds()}
    audit.append(session, "system", "staff.held_off", "sign-in", None, told, request.app[CLOCK]())


def _too_many(wait: timedelta) -> web.HTTPTooManyRequests:
    seconds = math.ceil(wait.total_seconds())
    words = f"{seconds} seconds" if seconds < 100 else f"{math.ceil(seconds / 60)} minutes"
    reason = f"that was wrong too often: the next try is possible in {words}"
    return web.HTTPTooManyRequests(reason=reason, headers={"Retry-After": str(seconds)})
