"""No webhook reaches a private address: not by number, not by name, not by a name that changes its mind."""

import socket
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import DeliveryFailed
from bot.leads.delivery.guard import PublicResolver, is_public, require_public_host

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1",
    "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd12::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip
ODD = ["010.0.0.1", "0177.0.0.1", "2130706433", "0x7f000001", "127.1", "127.0.0.1.", "1.1.1.1."]
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"]


class Names(AbstractResolver):
    """Resolves every name to the next of the answers it was given, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[dict[str, Any]]:
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [{"hostname": host, "host": address, "port": port} for address in found]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(DeliveryFailed, match="private"):
        require_public_host(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address: str) -> None:
    assert is_public(address)
    require_public_host(address)


@pytest.mark.parametrize(
    "host", ["010.0.0.1", "0177.0.0.1", "2130706433", "0x7f000001", "127.1", "127.0.0.1.", "1.1.1.1."]
)
def test_an_odd_notation_of_an_address_is_refused(host: str) -> None:
    with pytest.raises(DeliveryFailed, match="private"):
        require_public_host(host)


def test_a_name_is_left_to_the_resolver() -> None:
    require_public_host("clinic.example")
    require_public_host("10.0.0.1.nip.example")


@given(some.ip_addresses(v=4))
def test_every_address_that_is_not_global_is_refused(address: Any) -> None:
    assert address.is_global or not is_public(str(address))


async def test_a_name_with_only_public_addresses_resolves() -> None:
    resolver = PublicResolver(Names(["1.1.1.1", "2606:4700::1111"]))
    assert len(await resolver.resolve("clinic.example", 443)) == 2


async def test_a_name_with_one_private_address_is_refused() -> None:
    with pytest.raises(DeliveryFailed, match="private"):
        await PublicResolver(Names(["1.1.1.1", "10.0.0.1"])).resolve("clinic.example", 443)


async def test_a_name_that_resolves_otherwise_the_second_time_is_refused_then() -> None:
    resolver = PublicResolver(Names(["1.1.1.1"], ["127.0.0.1"]))
    await resolver.resolve("clinic.example", 443)
    with pytest.raises(DeliveryFailed, match="private"):
        await resolver.resolve("clinic.example", 443)
