"""The guard of every page: whose session this is, and whether a change was sent from a page of ours."""

import hmac
import secrets
from base64 import urlsafe_b64encode

from aiohttp import web
from aiohttp_session import Session, get_session, new_session
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from cryptography.fernet import Fernet

from bot.staff import sessions
from bot.staff.access import ACCOUNT, Handler
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.storage.sealing import sealer

COOKIE = "__Host-strand-staff"
IDENTIFIER = "session"
TOKEN = "csrf"  # noqa: S105  # the name of a field
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105
SAFE = ("GET", "HEAD")


def cookie_storage() -> EncryptedCookieStorage:
    """The cookie: encrypted, for this host alone, out of reach of scripts and other sites; it ends with the browser.

    Its key comes from the index key, which stays the same where the sealing keys are changed.
    """
    key = bytes.fromhex(sealer().blind_index("staff sessions", "cookie"))
    fernet = Fernet(urlsafe_b64encode(key))
    return EncryptedCookieStorage(fernet, cookie_name=COOKIE, secure=True, httponly=True, samesite="Strict")


@web.middleware
async def with_account(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find out who asks."""
    cookie = await get_session(request)
    identifier = cookie.get(IDENTIFIER)
    if isinstance(identifier, str):
        own, now = request.app[SETTINGS], request.app[CLOCK]()
        account = await request.app[DATABASE].run(lambda session: sessions.account_of(session, identifier, own, now))
        if account is None:
            cookie.invalidate()
        request[ACCOUNT] = account
    return await handler(request)


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse changes that no page of this session has sent."""
    if request.method not in SAFE and request.match_info.http_exception is None:
        wanted = (await get_session(request)).get(TOKEN)
        given = request.headers.get(TOKEN_HEADER) or (await request.post()).get(TOKEN)
        if not (_is_ours(request) and isinstance(wanted, str) and isinstance(given, str) and _same(wanted, given)):
            raise web.HTTPForbidden(reason="this form is too old, or was not sent from here: open the page again")
    return await handler(request)


def _is_ours(request: web.Request) -> bool:
    """Whether the browser says nothing of another site."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape"))


async def token_of(request: web.Request) -> str:
    """The token that this session's forms carry, made at the first."""
    cookie = await get_session(request)
    if not isinstance(cookie.get(TOKEN), str):
        cookie[TOKEN] = secrets.token_urlsafe(32)
    return str(cookie[TOKEN])


async def sign_in(request: web.Request, name: str) -> None:
    """Begin a session of the account, under a new id and with a new token: nothing of the cookie before stays."""
    now = request.app[CLOCK]()
    identifier = await request.app[DATABASE].run(lambda session: sessions.begin(session, name, now))
    cookie: Session = await new_session(request)
    cookie[IDENTIFIER] = identifier


async def sign_out(request: web.Request) -> None:
    """End this session."""
    cookie = await get_session(request)
    identifier = cookie.get(IDENTIFIER)
    if isinstance(identifier, str):
        await request.app[DATABASE].run(lambda session: sessions.end(session, identifier))
    cookie.invalidate()
