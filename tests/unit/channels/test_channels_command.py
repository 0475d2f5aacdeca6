"""`strand channels` and the channels that are opened: on once every setting is there, and it says what is missing."""

from collections.abc import Iterator

import pytest

from bot.chat.channels.opened import NEEDS, make_http, open_channels, statuses
from bot.cli.main import main
from bot.metrics import CHANNELS
from bot.settings import PROJECT, settings
from tests.conftest import Configure

NAMES = ["sms", "whatsapp", "telegram", "messenger", "slack"]


def test_every_channel_can_be_counted() -> None:
    assert [kind.name for kind, _ in NEEDS] == NAMES
    assert set(NAMES) <= set(CHANNELS)


async def test_without_settings_no_channel_is_open(configure: Configure) -> None:
    async with make_http() as http:
        assert open_channels(settings(), http) == []


@pytest.mark.parametrize(("name", "needs"), [(kind.name, needs) for kind, needs in NEEDS], ids=NAMES)
async def test_a_channel_is_open_once_all_of_its_settings_are_there(
    configure: Configure, name: str, needs: tuple[str, ...]
) -> None:
    for count, setting in enumerate(needs, start=1):
        given = configure(**{setting: "x"})
        async with make_http() as http:
            assert [channel.name for channel in open_channels(given, http)] == ([name] if count == len(needs) else [])


def test_what_is_missing_is_named_with_the_address_for_the_provider(configure: Configure) -> None:
    given = configure(
        twilio_account="AC1", twilio_token="t", twilio_sms="+15005550006", public_url="https://a.example/"
    )
    by_name = {status.name: status for status in statuses(given)}
    assert by_name["sms"].missing == []
    assert by_name["sms"].address == "https://a.example/webhooks/sms"
    assert by_name["whatsapp"].missing == ["STRAND_TWILIO_WHATSAPP"]
    assert len(by_name["messenger"].missing) == 3


def test_the_command_lists_the_channels_and_no_secret(configure: Configure, capsys: pytest.CaptureFixture[str]) -> None:
    configure(twilio_account="AC1", twilio_token="a secret token", twilio_sms="+15005550006")
    assert main(["channels"]) == 0
    table = capsys.readouterr().out
    lines = {line.split()[0]: line for line in table.splitlines() if line}
    assert lines["sms"].split()[1:3] == ["on", "-"]
    assert "STRAND_TWILIO_WHATSAPP" in lines["whatsapp"]
    assert "set STRAND_PUBLIC_URL" in lines["telegram"]
    assert "a secret token" not in table


def headings() -> Iterator[str]:
    for line in (PROJECT / "docs" / "channels.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            yield line.removeprefix("## ")


def test_the_steps_of_every_provider_are_in_the_docs() -> None:
    assert {"SMS and WhatsApp by Twilio", "Telegram", "Messenger", "Slack"} <= set(headings())
    text = (PROJECT / "docs" / "channels.md").read_text(encoding="utf-8")
    for kind, needs in NEEDS:
        assert f"/webhooks/{kind.name}" in text
        assert all(f"STRAND_{name.upper()}" in text for name in needs)
