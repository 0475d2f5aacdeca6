"""From which internet address a request comes, where proxies stand in front of us, and what is this machine."""

import ipaddress

from aiohttp import web

FORWARDED_FOR = "X-Forwarded-For"
IPV6_NETWORK = 64  # bits; whoever has one address of such a network has them all


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


def is_local_address(text: str) -> bool:
    """Whether an address is of this machine; a text that is none is not."""
    address = _address(text)
    return address is not None and address.is_loopback


def is_local_host(host: str) -> bool:
    """Whether a host, with or without a port, is this machine."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower() == "localhost" or is_local_address(name)
