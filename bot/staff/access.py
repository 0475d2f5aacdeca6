"""Who may go where: one table of all routes, by name. A route that is not in it is closed to everybody."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.leads.records import Queue
from bot.staff.accounts import Account, Role

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ACCOUNT = "account"  # where the request holds who asks
# Open to whoever is not signed in.
OPEN: frozenset[str] = frozenset({"health", "static", "sign_in", "sign_in_try", "sign_in_code", "sign_in_code_try"})
# The least role that a route asks for; whoever may do more may do this too.
TABLE: Mapping[str, Role] = {
    "home": "reviewer",
    "sign_out": "reviewer",
}

# Whose answers gave cause to be careful, a clinician sees first; reviewers see the others.
QUEUES: Mapping[Queue, Role] = {"sales": "reviewer", "clinician": "clinician"}


def may_see(account: Account, queue: Queue | None) -> bool:
    """Whether an account may see a lead of that queue with its conversation; None is a conversation without a lead."""
    return queue is None or account.may(QUEUES[queue])


def account_of(request: web.Request) -> Account:
    """Who asks; only for routes that are not open."""
    account: Account = request[ACCOUNT]
    return account


@web.middleware
async def authorised(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through who may; send the rest to sign in, or away with 403."""
    if request.match_info.http_exception is not None:
        return await handler(request)
    name = request.match_info.route.name or ""
    if name in OPEN:
        return await handler(request)
    account: Account | None = request.get(ACCOUNT)
    if account is None:
        raise web.HTTPSeeOther(_sign_in(request))
    if name not in TABLE or not account.may(TABLE[name]):
        raise web.HTTPForbidden
    return await handler(request)


def _sign_in(request: web.Request) -> str:
    back = request.path_qs if request.method in ("GET", "HEAD") else ""
    return f"/sign-in?next={quote(back, safe='')}" if back not in ("", "/") else "/sign-in"


def local_path(text: str) -> str:
    """A path of this console, where `text` is one; else the first page."""
    plain = text.isascii() and text.isprintable() and "\\" not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"


def guarded_routes(app: web.Application) -> Mapping[str, Any]:
    """Every route by its name; the nameless one is under the empty text."""
    return {route.name or "": route for route in app.router.routes()}
