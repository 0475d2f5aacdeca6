"""From which internet address a request comes, where proxies stand in front and where they are made up."""

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.addresses import client_address


class Transport:
    """A connection from an address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self.address, 5) if name == "peername" else default


def found(forwarded: list[str], proxies: int, peer: str = "198.51.100.9") -> str:
    headers = [("X-Forwarded-For", each) for each in forwarded]
    from multidict import CIMultiDict

    request = make_mocked_request("GET", "/", CIMultiDict(headers), transport=Transport(peer))
    return client_address(request, proxies)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ([], 0, "198.51.100.9"),
        (["192.0.2.1"], 0, "198.51.100.9"),
        (["192.0.2.1"], 1, "192.0.2.1"),
        (["6.6.6.6, 192.0.2.1"], 1, "192.0.2.1"),
        (["6.6.6.6", "192.0.2.1"], 1, "192.0.2.1"),
        (["6.6.6.6, 192.0.2.1, 10.0.0.2"], 2, "192.0.2.1"),
        (["192.0.2.1"], 2, "198.51.100.9"),
        (["192.0.2.1:4711"], 1, "192.0.2.1"),
        (["unknown"], 1, "198.51.100.9"),
        ([""], 1, "198.51.100.9"),
        (["2001:db8:1:2:aaaa::1"], 1, "2001:db8:1:2::/64"),
        (["2001:db8:1:2:bbbb::2"], 1, "2001:db8:1:2::/64"),
        (["[2001:db8:1:2::1]:4711"], 1, "2001:db8:1:2::/64"),
        (["::ffff:192.0.2.1"], 1, "192.0.2.1"),
        (["fe80::1%eth0"], 1, "fe80::/64"),
    ],
)
def test_as_many_entries_are_believed_as_proxies_are_ours(forwarded: list[str], proxies: int, address: str) -> None:
    assert found(forwarded, proxies) == address


def test_whoever_has_no_address_is_counted_as_one() -> None:
    assert found([], 0, peer="") == found(["x"], 1, peer="") == "None"
