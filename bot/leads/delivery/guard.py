"""Keeps webhooks away from private addresses: what is checked is the very address that is connected to."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver

from bot.errors import DeliveryFailed

PRIVATE = "the address is private: see STRAND_WEBHOOK_PRIVATE"

# Beyond those that the standard library knows as private: carriers' own, protocol assignments, relays of 6to4.
CLOSED = [ip_network(text) for text in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")]
CLOSED_SIX = [ip_network(text) for text in ("2002::/16", "2001::/23", "64:ff9b:1::/48", "fec0::/10")]
TRANSLATED = ip_network("64:ff9b::/96")  # an IPv4 address is in its last 32 bits
NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


def is_public(address: str) -> bool:
    """Whether an IP address, in its usual notation, can be that of a machine on the open internet."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed in TRANSLATED:
        parsed = IPv4Address(int(parsed) & 0xFFFFFFFF)
    if not parsed.is_global or parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in CLOSED)
    return parsed.ipv4_mapped is None and not any(parsed in network for network in CLOSED_SIX)


def require_public_host(host: str) -> None:
    """Raises DeliveryFailed where `host` is written as an IP address that is not public; a name passes.

    Such a host is never resolved, so the resolver does not see it. Odd notations, like 010.0.0.1, are refused.
    """
    last = host.rstrip(".").rpartition(".")[2]
    if (":" in host or NUMBER.fullmatch(last)) and not is_public(host):
        raise DeliveryFailed(PRIVATE)


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only: a name that has any other raises DeliveryFailed.

    The connection is made to what is returned here, so a name that resolves otherwise a moment later is no way in.
    """

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[dict[str, Any]]:
        """The addresses of `host`, as aiohttp has them."""
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(entry["host"]) for entry in found):
            raise DeliveryFailed(PRIVATE)
        return found

    async def close(self) -> None:
        """Give back what the inner resolver holds."""
        await self._inner.close()
