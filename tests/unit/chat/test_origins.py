"""Which websites may talk with the web chat."""

import pytest

from bot.chat.origins import Origins, read_origin
from bot.errors import SettingError
from bot.settings import Settings

HOST = "chat.example:8080"


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://clinic.example", "https://clinic.example"),
        ("https://Clinic.Example:443/", "https://clinic.example"),
        ("http://clinic.example:80", "http://clinic.example"),
        ("http://clinic.example:8080", "http://clinic.example:8080"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://clinic.example/path", None),
        ("https://user@clinic.example", None),
        ("clinic.example", None),
        ("null", None),
        ("*", None),
        ("file://", None),
        ("https://", None),
        ("https://clinic.example:port", None),
        ("https://[::1", None),
        ("", None),
    ],
)
def test_an_origin_has_one_spelling(text: str, origin: str | None) -> None:
    assert read_origin(text) == origin


def test_only_listed_websites_and_the_servers_own_are_allowed() -> None:
    origins = Origins(Settings(env="production", origins="https://clinic.example, https://www.clinic.example/"))
    assert origins.allow("https://clinic.example", HOST)
    assert origins.allow("https://www.clinic.example", HOST)
    assert origins.allow("http://chat.example:8080", HOST)
    for other in (
        "http://clinic.example",
        "https://clinic.example.evil.example",
        "https://evil.example",
        "https://chat.example",
        "http://localhost:3000",
        "null",
    ):
        assert not origins.allow(other, HOST)


def test_behind_a_proxy_the_public_address_is_the_servers_own() -> None:
    origins = Origins(Settings(env="production", public_url="https://chat.clinic.example/"))
    assert origins.allow("https://chat.clinic.example", "127.0.0.1:8080")
    assert not origins.allow("http://evil.example", "evil.example")
    assert origins.allow("http://127.0.0.1:8080", "127.0.0.1:8080")


def test_pages_of_this_machine_may_talk_while_one_develops() -> None:
    assert Origins(Settings(env="development")).allow("http://localhost:3000", HOST)
    assert not Origins(Settings(env="production")).allow("http://localhost:3000", HOST)


@pytest.mark.parametrize("listed", ["*", "clinic.example", "https://clinic.example/chat", "https://a.example;b"])
def test_a_list_that_names_no_origin_stops_the_program(listed: str) -> None:
    with pytest.raises(SettingError, match="STRAND_ORIGINS"):
        Origins(Settings(origins=listed))
