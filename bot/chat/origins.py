"""Which websites' pages may talk with the web chat: those of the settings and the server's own, told by `Origin`.

Whoever sends no such header is no page of a browser; what protects a conversation is its token, not this.
"""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.addresses import is_local_host
from bot.chat.answers import Handler, error
from bot.errors import SettingError
from bot.metrics import refusals
from bot.settings import Settings

Middleware = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]

GUARDED = ("/chat/", "/widget/")
GUARDED_FILES = ("/widget.js",)
PREFLIGHT_SECONDS = 600
HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
DEFAULT_PORTS = {"http": 80, "https": 443}


def read_origin(text: str) -> str | None:
    """An origin in its one spelling, like https://clinic.example; None for a text that is none."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if not HOST.fullmatch(host):
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, DEFAULT_PORTS[parts.scheme]) else "")


class Origins:
    """The origins that are allowed; raises SettingError where the settings list one that is none."""

    def __init__(self, settings: Settings) -> None:
        self._development = settings.env == "development"
        self._public = read_origin(_without_path(settings.public_url))
        self._listed = {_listed(text) for text in settings.origins.split(",") if text.strip()}

    def allow(self, origin: str, host: str) -> bool:
        """Whether a page of `origin` may talk with the server that it calls `host`."""
        found = read_origin(origin)
        if found is None:
            return False
        if found in self._listed or found == self._public:
            return True
        name = found.partition("://")[2]
        if is_local_host(name):
            return self._development or _same_host(found, host)
        # Without a public address there is only the request to tell the server's own.
        return self._public is None and _same_host(found, host)


def _listed(text: str) -> str:
    found = read_origin(text)
    if found is None:
        raise SettingError(f"STRAND_ORIGINS: {text.strip()!r} is no origin like https://clinic.example")
    return found


def _without_path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _same_host(origin: str, host: str) -> bool:
    # Behind a proxy the scheme is unknown here: the host and its port decide.
    return read_origin(f"{origin.partition('://')[0]}://{host}") == origin


def only_allowed(origins: Origins) -> Middleware:
    """The middleware that refuses pages of other websites, and tells browsers which may read the answers."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        guarded = request.path.startswith(GUARDED) or request.path in GUARDED_FILES
        if origin is None or not guarded:
            return await handler(request)
        if not origins.allow(origin, request.host):
            refusals.labels(channel="web", reason="origin").inc()
            return error(403, "this website is not among the allowed origins")
        request["origin"] = origin
        if request.method == "OPTIONS":
            return _preflight()
        return await handler(request)

    return check


def _preflight() -> web.Response:
    allowed = {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    return web.Response(status=204, headers=allowed)
