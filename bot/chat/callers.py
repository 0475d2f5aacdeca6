"""Who calls: whether it is one who may use what is not for the public."""

import hmac

from aiohttp import web

from bot.addresses import is_local_address, is_local_host
from bot.settings import Settings

PROXY_HEADERS = ("Forwarded", "X-Real-IP")
PROXY_PREFIX = "x-forwarded-"


def refusal(request: web.Request, settings: Settings) -> tuple[int, str] | None:
    """The HTTP status and the reason why this request gets no answer; None where it may."""
    if settings.token:
        return None if _has_token(request, settings.token) else (401, "the token is missing or wrong")
    if settings.env == "production":
        return 403, "this is off in production unless STRAND_TOKEN is set"
    return None if is_loopback(request) else (403, "this answers callers on the same machine only")


def _has_token(request: web.Request, token: str) -> bool:
    given = request.headers.get("Authorization", "")
    # As bytes, since compare_digest takes no text beyond ASCII.
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), f"Bearer {token}".encode())


def is_loopback(request: web.Request) -> bool:
    """Whether the caller is on this machine; what came through a proxy is not, whatever address it has."""
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    if any(name.lower().startswith(PROXY_PREFIX) for name in request.headers):
        return False
    return is_local_address(request.remote or "") and is_local_host(request.host)
