"""Who may go where: one table of all routes, by name. A route that is not in it is closed to everybody."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from yarl import URL

from bot.leads.records import Queue
from bot.settings import Settings
from bot.staff.accounts import Account, Role
from bot.staff.context import SETTINGS
from bot.staff.forms import is_text

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ACCOUNT = "account"  # where the request holds who asks
# Open to whoever is not signed in.
OPEN: frozenset[str] = frozenset({"health", "static", "sign_in", "sign_in_try", "sign_in_code", "sign_in_code_try"})
# These do not even ask who it is: they answer without the database.
UNGUARDED: frozenset[str] = frozenset({"health", "static"})
# Pages ask for these by themselves: it does not count as somebody at work.
UNSEEN: frozenset[str] = frozenset({"conversation_news"})
# All that is open to whoever has to set up the second factor first.
SET_UP: frozenset[str] = frozenset({"account_totp", "account_totp_try", "sign_out"})
# Whoever sends these has lost nothing by being signed out.
LEAVING: frozenset[str] = frozenset({"sign_out", "sign_out_everywhere"})
# The least role that a route asks for; whoever may do more may do this too.
TABLE: Mapping[str, Role] = {
    "home": "reviewer",
    "sign_out": "reviewer",
    "sign_out_everywhere": "reviewer",
    "account": "reviewer",
    "account_password": "reviewer",
    "account_zone": "reviewer",
    "account_totp": "reviewer",
    "account_totp_try": "reviewer",
    "account_totp_remove": "reviewer",
    "leads": "reviewer",
    "leads_search": "reviewer",
    "leads_assign": "reviewer",
    "deliveries": "clinician",
    "deliveries_replay": "clinician",
    "lead": "reviewer",
    "lead_status": "reviewer",
    "lead_assign": "reviewer",
    "lead_label": "reviewer",
    "lead_unlabel": "reviewer",
    "lead_note": "reviewer",
    "lead_reveal": "reviewer",
    "lead_conflict": "clinician",
    "lead_duplicates": "reviewer",
    "lead_merge": "reviewer",
    "gaps": "reviewer",
    "gap": "reviewer",
    "gap_assign": "reviewer",
    "gap_dismiss": "reviewer",
    "gap_approval": "reviewer",
    "gap_approve": "reviewer",
    "turn_mark": "reviewer",
    "knowledge": "reviewer",
    "knowledge_entry": "reviewer",
    "staff_list": "admin",
    "staff_add": "admin",
    "staff_member": "admin",
    "staff_change": "admin",
    "conversations": "reviewer",
    "conversation": "reviewer",
    "conversation_news": "reviewer",
    "conversation_reveal": "reviewer",
    "dashboard": "reviewer",
    "records": "admin",
    "records_find": "admin",
    "record": "admin",
    "record_export": "admin",
    "record_confirm": "admin",
    "record_erase": "admin",
    "record_receipt": "admin",
    "leads_export": "admin",
    "audit": "admin",
    "audit_verify": "admin",
    "conversation_join": "reviewer",
    "conversation_say": "reviewer",
    "conversation_typing": "reviewer",
    "conversation_leave": "reviewer",
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
    if not all(map(is_text, request.match_info.values())):
        raise web.HTTPNotFound
    name = request.match_info.route.name or ""
    if name in OPEN:
        return await handler(request)
    account: Account | None = request.get(ACCOUNT)
    if account is None:
        raise _stranger(request)
    if must_set_up(account, request.app[SETTINGS]) and name not in SET_UP:
        raise web.HTTPSeeOther("/account/second-factor")
    if name not in TABLE or not account.may(TABLE[name]):
        raise web.HTTPForbidden
    return await handler(request)


def must_set_up(account: Account, settings: Settings) -> bool:
    """Whether an account needs a second factor before anything else."""
    return not account.protected and (account.totp_required or settings.staff_totp == "required")


def _stranger(request: web.Request) -> web.HTTPException:
    """What happens to whoever is not signed in; a script gets no page, which it would put into another."""
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return web.HTTPUnauthorized(reason="you are signed out: open the page again")
    return web.HTTPSeeOther(_sign_in(request))


def _sign_in(request: web.Request) -> str:
    if request.method in ("GET", "HEAD"):
        asked = {"next": request.path_qs}
    elif request.match_info.route.name in LEAVING:
        asked = {}
    else:
        asked = {"unsent": "1", "next": came_from(request)}
    asked = {name: text for name, text in asked.items() if text not in ("", "/")}
    return f"/sign-in?{urlencode(asked)}" if asked else "/sign-in"


def came_from(request: web.Request) -> str:
    """The page of this console that a form was on, which may have been the answer to another form; else empty."""
    try:
        page = URL(request.headers.get("Referer", ""), encoded=True)
        ours = page.authority == request.host
    except ValueError:
        return ""
    whole, above = page.raw_path_qs, page.raw_path.rpartition("/")[0]
    found = next((path for path in (whole, above) if ours and _is_page(request, path.partition("?")[0])), "")
    return found if local_path(found) == found else ""


def _is_page(request: web.Request, path: str) -> bool:
    """Whether a path can be looked at; a path of its own counts before one with a variable part."""
    known = [(route.method, route.resource.get_info()) for route in request.app.router.routes() if route.resource]
    plain = [method for method, where in known if where.get("path") == path]
    varied = [method for method, where in known if "pattern" in where and where["pattern"].fullmatch(path)]
    return "GET" in (plain or varied)


def local_path(text: str) -> str:
    """A path of this console, where `text` is one; else the first page."""
    plain = text.isascii() and text.isprintable() and "\\" not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"


def guarded_routes(app: web.Application) -> Mapping[str, Any]:
    """Every route by its name; the nameless one is under the empty text."""
    return {route.name or "": route for route in app.router.routes()}
