"""Decides who may use what is not for the public: a caller on this machine, or one with the token."""

import hmac
import ipaddress

from aiohttp import web

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
    return _is_local_address(request.remote or "") and _is_local_host(request.host)


def _is_local_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _is_local_host(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower() == "localhost" or _is_local_address(name)
