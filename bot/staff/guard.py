"""The guard of every page: whose session this is, and whether a change was sent from a page of ours."""

import hmac
import secrets

from aiohttp import web
from aiohttp_session import get_session, new_session
from sqlalchemy.orm import Session

from bot.leads import audit
from bot.staff import forms, sessions
from bot.staff.access import ACCOUNT, UNGUARDED, UNSEEN, Handler
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.staff.sessions import Signed

IDENTIFIER = "session"
WAITING = "waiting"  # the id of a sign-in that still owes the second factor
SIGNED = "signed"  # where the request holds the sign-in
TOKEN = "csrf"  # noqa: S105  # the name of a field
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105
SAFE = ("GET", "HEAD")


@web.middleware
async def with_account(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find out who asks."""
    identifier = await _held(request, IDENTIFIER)
    if identifier and request.match_info.route.name not in UNGUARDED:
        signed = await _signed(request, identifier)
        if signed:
            request[SIGNED], request[ACCOUNT] = signed, signed.account
        else:
            (await get_session(request)).invalidate()
    return await handler(request)


async def _signed(request: web.Request, identifier: str) -> Signed | None:
    """The sign-in of an id, which is seen with it, unless it is over or its page asks by itself."""
    database, now = request.app[DATABASE], request.app[CLOCK]()
    found = await database.run(lambda session: sessions.find(session, identifier), read_only=True)
    if found is None or found.is_over(request.app[SETTINGS], now):
        return None
    if found.is_stale(now) and request.match_info.route.name not in UNSEEN:
        await database.run(lambda session: sessions.note_seen(session, found, now))
    return found


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse changes that no page of this session has sent."""
    if request.method not in SAFE and request.match_info.http_exception is None:
        wanted = await _held(request, TOKEN)
        given = request.headers.get(TOKEN_HEADER) or (await forms.sent(request)).text(TOKEN)
        if not (_is_ours(request) and wanted and _same(wanted, given)):
            raise web.HTTPForbidden(reason="this form is too old, or was not sent from here: open the page again")
    return await handler(request)


def _is_ours(request: web.Request) -> bool:
    """Whether the browser says nothing of another site."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape"))


async def _held(request: web.Request, name: str) -> str | None:
    """A text of the cookie."""
    value = (await get_session(request)).get(name)
    return value if isinstance(value, str) else None


async def token_of(request: web.Request) -> str:
    """The token that this session's forms carry, made at the first."""
    cookie = await get_session(request)
    if not isinstance(cookie.get(TOKEN), str):
        cookie[TOKEN] = secrets.token_urlsafe(32)
    return str(cookie[TOKEN])


async def sign_in(request: web.Request, name: str, *, factor: bool = False) -> None:
    """Begin a session of the account, under a new id and with a new token: nothing of the cookie before stays.

    `factor` says whether the second factor was asked for.
    """
    now, own = request.app[CLOCK](), request.app[SETTINGS]
    before = [await _held(request, held) for held in (IDENTIFIER, WAITING)]

    def work(session: Session) -> str:
        for identifier in filter(None, before):
            sessions.end(session, identifier)
        begun = sessions.begin(session, name, own, now)
        audit.append(session, f"staff:{name}", "staff.signed_in", name, None, {"second_factor": factor}, now)
        return begun

    identifier = await request.app[DATABASE].run(work)
    (await new_session(request))[IDENTIFIER] = identifier


async def await_factor(request: web.Request, name: str) -> None:
    """Remember for some minutes that the account's password was given here, which opens nothing yet."""
    now, own = request.app[CLOCK](), request.app[SETTINGS]
    identifier = await request.app[DATABASE].run(
        lambda session: sessions.begin(session, name, own, now, password_only=True)
    )
    (await new_session(request))[WAITING] = identifier


async def awaits_factor(request: web.Request) -> str | None:
    """The account whose password was given here a moment ago."""
    identifier, now = await _held(request, WAITING), request.app[CLOCK]()
    if identifier is None:
        return None
    return await request.app[DATABASE].run(
        lambda session: sessions.waiting(session, identifier or "", now), read_only=True
    )


async def sign_out(request: web.Request) -> None:
    """End this session."""
    identifier = await _held(request, IDENTIFIER)
    if identifier:
        await request.app[DATABASE].run(lambda session: sessions.end(session, identifier or ""))
    (await get_session(request)).invalidate()
