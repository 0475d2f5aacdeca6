"""Calls of the providers' APIs: whatever comes back, or nothing, is told without an address and without a token."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from bot.chat.channels import api
from bot.chat.channels.channel import Said
from bot.chat.channels.slack import Slack
from bot.chat.channels.telegram import Telegram
from bot.errors import DeliveryFailed
from bot.settings import settings
from tests.conftest import Configure
from tests.fakes.chat_apis import SlackApi, TelegramApi, too_many
from tests.fakes.providers import Planned

TOKEN = "110201543:secret"


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramApi]:
    made = TelegramApi(TOKEN)
    async with made:
        yield made


@pytest.fixture
async def slack() -> AsyncIterator[SlackApi]:
    made = SlackApi(TOKEN)
    async with made:
        yield made


def telegram_at(url: str, http: ClientSession) -> Telegram:
    return Telegram(replace(settings(), telegram_api=url, telegram_token=TOKEN), http)


def slack_at(url: str, http: ClientSession) -> Slack:
    return Slack(replace(settings(), slack_api=url, slack_bot_token=TOKEN), http)


@pytest.mark.parametrize(
    ("planned", "wish", "gone"),
    [
        (too_many(35), timedelta(seconds=35), False),
        (Planned(429, {}, {"Retry-After": "7"}), timedelta(seconds=7), False),
        (Planned(502), None, False),
        (Planned(401, {"ok": False, "error_code": 401, "description": TOKEN}), None, False),
        (Planned(403, {"ok": False, "error_code": 403}), None, True),
        (Planned(400, {"ok": False, "error_code": 400}), None, True),
        (Planned(302, {}, {"Location": "http://elsewhere.example"}), None, False),
        (Planned(200, {"ok": False, "error_code": 500}), None, False),
    ],
)
async def test_what_telegram_refuses_is_judged(
    telegram: TelegramApi, http: ClientSession, planned: Planned, wish: timedelta | None, gone: bool
) -> None:
    telegram.refuse(planned)
    with pytest.raises(DeliveryFailed) as caught:
        await telegram_at(telegram.url, http).send("1", Said("hello"))
    assert (caught.value.wish, caught.value.gone) == (wish, gone)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("planned", "wish", "gone"),
    [
        (Planned(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"}), timedelta(seconds=30), False),
        (Planned(200, {"ok": False, "error": "account_inactive"}), None, True),
        (Planned(200, {"ok": False, "error": "token_revoked"}), None, True),
        (Planned(200, {"ok": False, "error": "internal_error"}), None, False),
        (Planned(200, {"ok": False, "error": f"{TOKEN}: no"}), None, False),
        (Planned(200, {}), None, False),
        (Planned(503), None, False),
    ],
)
async def test_what_slack_refuses_is_judged(
    slack: SlackApi, http: ClientSession, planned: Planned, wish: timedelta | None, gone: bool
) -> None:
    slack.refuse(planned)
    with pytest.raises(DeliveryFailed) as caught:
        await slack_at(slack.url, http).send("D1:U1", Said("hello"))
    assert (caught.value.wish, caught.value.gone) == (wish, gone)
    assert "secret" not in str(caught.value)


async def test_an_api_that_hangs_is_given_up_in_time(
    telegram: TelegramApi, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SECONDS", 0.05)
    telegram.gate.clear()
    with pytest.raises(DeliveryFailed, match=r"^no answer within 0\.05 s$"):
        await telegram_at(telegram.url, http).send("1", Said("hello"))


async def test_an_api_that_is_not_there_is_told_without_its_address(http: ClientSession, configure: Configure) -> None:
    for channel in (telegram_at("http://127.0.0.1:1", http), slack_at("http://127.0.0.1:1", http)):
        with pytest.raises(DeliveryFailed) as caught:
            await channel.send("1", Said("hello"))
        assert "127.0.0.1" not in str(caught.value)
        assert caught.value.__cause__ is None, "the client's own error has the address, and with it the token"


async def test_every_keyboard_is_one_that_telegram_takes(telegram: TelegramApi, http: ClientSession) -> None:
    titles = ["Yes", "x" * Telegram.limits.title_characters, "é" * Telegram.limits.title_characters, "漢" * 22]
    titles += [f"choice {number}" for number in range(Telegram.limits.buttons - len(titles))]
    await telegram_at(telegram.url, http).send("1", Said("Which?", titles))
    rows = telegram.sent[0].body["reply_markup"]["inline_keyboard"]
    assert [row[0]["text"] for row in rows] == titles
    assert [row[0]["callback_data"] for row in rows[:4]] == [titles[0], titles[1], "3", "4"]


async def test_every_set_of_buttons_is_one_that_slack_takes(slack: SlackApi, http: ClientSession) -> None:
    titles = [f"{number} {'x' * 75}"[:75] for number in range(Slack.limits.buttons)]
    await slack_at(slack.url, http).send("D1:U1", Said("& " * (Slack.limits.characters // 2), titles))
    buttons = slack.sent[0].body["blocks"][-1]["elements"]
    assert [button["value"] for button in buttons] == titles


async def test_a_long_answer_of_an_api_is_not_kept(telegram: TelegramApi, http: ClientSession) -> None:
    telegram.refuse(Planned(500, {"description": "x" * (api.MOST_BYTES + 1)}))
    reported = await api.post(http, f"{telegram.url}/x", json={}, headers={})
    assert (reported.status, reported.data) == (500, {})
