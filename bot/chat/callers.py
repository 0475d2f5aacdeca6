"""Who calls: from which internet address, and whether it is one who may use what is not for the public."""

import hmac
import ipaddress

from aiohttp import web

from bot.settings import Settings

PROXY_HEADERS = ("Forwarded", "X-Real-IP")
PROXY_PREFIX = "x-forwarded-"
FORWARDED_FOR = "X-Forwarded-For"
IPV6_NETWORK = 64  # bits; whoever has one address of such a network has them all


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
    return _is_local_address(request.remote or "") and is_local_host(request.host)


def client_address(request: web.Request, proxies: int) -> str:
    """What messages from one place are counted by: the IPv4 address, or the IPv6 network, of whoever asks.

    `proxies` of ours stand in front; each has added its caller to X-Forwarded-For. What stands there before these
    entries, the client may have written.
    """
    entries = [entry.strip() for line in request.headers.getall(FORWARDED_FOR, ()) for entry in line.split(",")]
    believed = entries[-proxies] if 0 < proxies <= len(entries) else ""
    address = _address(_without_port(believed)) or _address(request.remote or "")
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(address)


def _without_port(entry: str) -> str:
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_local_address(text: str) -> bool:
    address = _address(text)
    return address is not None and address.is_loopback


def is_local_host(host: str) -> bool:
    """Whether a host, with or without a port, is this machine."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower() == "localhost" or _is_local_address(name)
