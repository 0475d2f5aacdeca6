"""A webhook is signed as Standard Webhooks has it; only a 2xx counts, and nothing of the answer is kept."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from aiohttp import TCPConnector

from bot.errors import DeliveryFailed
from bot.leads.delivery.guard import PublicResolver
from bot.leads.delivery.http import Poster
from bot.leads.delivery.sending import Message, attempt
from bot.leads.delivery.slack import SlackSender
from bot.leads.delivery.targets import SlackTarget, WebhookTarget
from bot.leads.delivery.trial import send_test
from bot.leads.delivery.webhook import WebhookSender
from bot.settings import Settings
from tests.unit.delivery.receiver import NEXT_SECRET, SECRET, Receiver
from tests.unit.delivery.test_address_guard import Names

PAYLOAD = '{"type":"lead.submitted","timestamp":"2026-07-01T12:00:00Z","data":{"reference":"S-ü7K2M9"}}'


def message(identifier: str = "msg_one") -> Message:
    return Message(identifier, PAYLOAD, datetime.now(timezone.utc))


@asynccontextmanager
async def webhook(url: str, *secrets: str, private: bool = True) -> AsyncIterator[WebhookSender]:
    poster = Poster(private)
    yield WebhookSender(WebhookTarget("webhook:test", url, secrets or (SECRET,)), poster)
    await poster.close()


async def failure(sender: Any, seconds: float = 5) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        await attempt(sender, message(), seconds)
    return caught.value


async def test_a_receiver_with_the_official_library_takes_it(receiver: Receiver) -> None:
    async with webhook(receiver.url) as sender:
        assert await attempt(sender, message()) == "HTTP 204"
    assert receiver.taken["msg_one"]["data"] == {"reference": "S-ü7K2M9"}
    assert receiver.requests[0]["Content-Type"] == "application/json"


async def test_all_tries_share_the_id_and_each_has_its_time(receiver: Receiver) -> None:
    async with webhook(receiver.url) as sender:
        now = datetime.now(timezone.utc)
        for seconds in (0, 100):
            await attempt(sender, Message("msg_one", PAYLOAD, now + timedelta(seconds=seconds)))
    first, second = receiver.requests
    assert first["webhook-id"] == second["webhook-id"] == "msg_one"
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 100
    assert receiver.forged == 0


async def test_while_a_secret_is_replaced_either_one_verifies(receiver: Receiver) -> None:
    async with webhook(receiver.url, SECRET, NEXT_SECRET) as sender:
        for known in (SECRET, NEXT_SECRET):
            receiver.secret = known
            await attempt(sender, message())
    assert len(receiver.requests[0]["webhook-signature"].split(" ")) == 2
    assert receiver.forged == 0


async def test_a_wrong_secret_is_a_failure_like_any_other(receiver: Receiver) -> None:
    async with webhook(receiver.url, NEXT_SECRET) as sender:
        assert str(await failure(sender)) == "HTTP 401"


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.plan = [(status, {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"})]
    async with webhook(receiver.url) as sender:
        assert str(await failure(sender)) == f"HTTP {status}"
    assert receiver.elsewhere == 0


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 502, 503, 504])
async def test_only_success_is_success(receiver: Receiver, status: int) -> None:
    receiver.plan = [(status, {"Retry-After": "120"})]
    async with webhook(receiver.url) as sender:
        error = await failure(sender)
    assert str(error) == f"HTTP {status}"
    assert error.gone == (status == 410)
    assert error.wish == (timedelta(seconds=120) if status in (429, 502, 503, 504) else None)


async def test_a_receiver_that_hangs_is_given_up(receiver: Receiver) -> None:
    receiver.plan = ["hang"]
    async with webhook(receiver.url) as sender:
        assert str(await failure(sender, 0.1)) == "no answer within 0.1 s"


async def test_a_connection_that_breaks_is_a_failure(receiver: Receiver) -> None:
    receiver.plan = ["drop"]
    async with webhook(receiver.url) as sender:
        assert "connection broke" in str(await failure(sender))


async def test_nobody_there_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    async with webhook(f"http://127.0.0.1:{port}/verysecret") as sender:
        error = await failure(sender)
    assert "verysecret" not in str(error)
    assert "onnect" in str(error)


async def test_a_receiver_without_tls_where_tls_is_asked_for_is_a_failure(receiver: Receiver) -> None:
    async with webhook(receiver.url.replace("http:", "https:")) as sender:
        assert "TLS" in str(await failure(sender))


async def test_a_message_of_20_kilobytes_is_not_sent(receiver: Receiver) -> None:
    async with webhook(receiver.url) as sender:
        with pytest.raises(DeliveryFailed, match="bytes"):
            await sender.send(Message("msg_one", "x" * 20_000, datetime.now(timezone.utc)))
    assert receiver.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "127.1"])
async def test_a_private_address_is_not_connected_to(receiver: Receiver, host: str) -> None:
    async with webhook(receiver.url.replace("127.0.0.1", host), private=False) as sender:
        assert "private" in str(await failure(sender))
    assert receiver.requests == []


async def test_a_name_that_turns_private_between_two_messages_is_not_connected_to(receiver: Receiver) -> None:
    resolver = PublicResolver(Names(["192.0.2.1"], ["127.0.0.1"]))
    async with webhook(receiver.url.replace("127.0.0.1", "clinic.example"), private=False) as sender:
        connector = sender._poster._session.connector
        assert isinstance(connector, TCPConnector)
        connector._resolver = resolver
        for _ in range(2):
            assert "private" in str(await failure(sender))
    assert receiver.requests == []


async def test_nothing_of_the_answer_or_the_message_is_logged(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.plan = [500, (302, {"Location": "http://verysecret.example"})]
    async with webhook(receiver.url) as sender:
        errors = [str(await failure(sender)) for _ in range(2)]
    assert "S-ü7K2M9" not in caplog.text + "".join(errors)
    assert "verysecret" not in caplog.text + "".join(errors)


async def test_slack_gets_plain_words_without_marks_of_its_own(receiver: Receiver) -> None:
    kept: list[dict[str, Any]] = []

    class Catcher(Poster):
        async def post(self, url: str, body: bytes, headers: Any, now: datetime) -> str:
            kept.append({"url": url, "body": body})
            return "HTTP 200"

    poster = Catcher(True)
    sender = SlackSender(SlackTarget("slack:test", receiver.url), poster, "https://staff.example")
    text = PAYLOAD.replace("S-ü7K2M9", "<!channel> & co")
    await attempt(sender, Message("msg_one", text, datetime.now(timezone.utc)))
    await poster.close()
    assert b"&lt;!channel&gt; &amp; co" in kept[0]["body"]


async def test_a_test_message_is_marked_and_its_answer_reported(receiver: Receiver) -> None:
    target = WebhookTarget("webhook:test", receiver.url, (SECRET,))
    settings = Settings(webhook_private="yes")
    trial = await send_test(target, settings, datetime.now(timezone.utc))
    assert (trial.name, trial.worked, trial.answer) == ("webhook:test", True, "HTTP 204")
    assert 0 < trial.milliseconds < 5000
    (sent,) = receiver.taken.values()
    assert (sent["type"], sent["data"]["test"]) == ("lead.test", True)
    receiver.plan = [404]
    trial = await send_test(target, settings, datetime.now(timezone.utc))
    assert (trial.worked, trial.answer) == (False, "HTTP 404")


async def test_one_connection_serves_many_messages(receiver: Receiver) -> None:
    async with webhook(receiver.url) as sender:
        await asyncio.gather(*(attempt(sender, message(f"msg_{number}")) for number in range(50)))
        assert len(receiver.taken) == 50
