"""The chat role over HTTP: whatever is sent gets JSON of the right kind, and only those who may get replies."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from replies import eventually, may_be_sent_again, payload, texts

from bot.chat.app import make_app
from bot.dialogue.assistant import Assistant
from bot.settings import settings
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.fakes.world import World

WEBHOOK = "/webhooks/rest/webhook"
HELLO = {"sender": "ann", "message": "hello"}


async def open_client(assistant: Assistant) -> TestClient:
    client = TestClient(TestServer(make_app(settings(), assistant.turns, assistant.check)))
    await client.start_server()
    return client


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[TestClient]:
    opened = await open_client(assistant)
    yield opened
    await opened.close()


async def ask(client: TestClient, message: str, sender: str = "ann") -> list[dict[str, Any]]:
    response = await client.post(WEBHOOK, json={"sender": sender, "message": message})
    assert response.status == 200
    found: list[dict[str, Any]] = await response.json()
    return found


async def test_a_message_gets_the_shape_of_rasas_rest_channel(client: TestClient) -> None:
    assert await ask(client, "hello") == [
        {"recipient_id": "ann", "text": "message 1"},
        {"recipient_id": "ann", "custom": {"kind": "answer", "said": "message 1"}},
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"null",
        b'"hello"',
        b"{}",
        b'{"sender": "ann"}',
        b'{"sender": "ann", "message": null}',
        b'{"sender": "ann", "message": 5}',
        b'{"sender": "ann", "message": ["hello"]}',
        b'{"sender": "ann", "message": "hello", "metadata": "none"}',
        b'{"message": "hello"}',
        b'{"sender": "", "message": "hello"}',
        b'{"sender": 5, "message": "hello"}',
        b'{"sender": "an\\u0000n", "message": "hello"}',
        b'{"sender": "\\ud800", "message": "hello"}',
        b'{"sender": "' + b"a" * 256 + b'", "message": "hello"}',
        b'{"sender": "ann", "message": "h\xff\xfello"}',
        b"\xef\xbb\xbf\xff",
        b"[" * 100_000,
        b'{"sender": "ann", "message": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: repr(body[:40]),
)
async def test_a_body_that_holds_no_message_is_refused_in_json(client: TestClient, body: bytes) -> None:
    response = await client.post(WEBHOOK, data=body, headers={"Content-Type": "application/json"})
    assert response.status == 400
    answer = await response.json()
    assert set(answer) == {"error"}
    assert "Traceback" not in answer["error"]


async def test_messages_of_every_size_get_an_answer_or_a_refusal(client: TestClient) -> None:
    for size, kind in ((4000, "answer"), (4001, "error"), (10_000, "error"), (100_000, "error")):
        assert payload(await ask(client, "x" * size))["kind"] == kind
    assert payload(await ask(client, "x" * 10_000)) == {"kind": "error", "retry": False}
    response = await client.post(WEBHOOK, json={"sender": "ann", "message": "x" * 1_000_000})
    assert response.status == 413
    assert set(await response.json()) == {"error"}


@pytest.mark.parametrize("message", ["", "   ", "/", "//", "\u200b", "\u0000\u0007", "?!", "\ud800"])
async def test_a_message_without_a_word_is_asked_for_again_and_not_stored(
    client: TestClient, assistant: Assistant, message: str
) -> None:
    assert payload(await ask(client, message))["kind"] == "out_of_scope"
    assert await assistant.agent.tracker_store.known_conversation("rest", "ann") is None


@pytest.mark.parametrize(
    "message", ["/restart", "/hang", '/hang{"x": 1}', " /hang", "\u200b/hang", "//hang", "/ /hang", "\u0000/hang"]
)
async def test_a_typed_slash_commands_nothing(client: TestClient, assistant: Assistant, message: str) -> None:
    assert texts(await ask(client, message)) == ["message 1"]
    store = assistant.agent.tracker_store
    tracker = await store.retrieve(await store.known_conversation("rest", "ann"))
    assert tracker.latest_message.intent["name"] == "talk"
    assert tracker.latest_message.text in ("restart", "hang", 'hang{"x": 1}')


@pytest.mark.parametrize(
    "message", ["hel\u0000lo", "hel\ud83dlo", "hello \U0001f600", "\U0001f600", "h\u00e9llo \u4f60\u597d"]
)
async def test_strange_characters_reach_the_database_and_come_back(
    client: TestClient, assistant: Assistant, message: str
) -> None:
    assert texts(await ask(client, message)) == ["message 1"]
    assert texts(await ask(client, "again")) == ["message 2"]


async def test_a_client_that_hangs_up_does_not_undo_its_turn(client: TestClient, world: World) -> None:
    _, writer = await asyncio.open_connection(client.host, client.port)
    body = json.dumps({"sender": "ann", "message": "please hang"})
    writer.write(f"POST {WEBHOOK} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
    await writer.drain()
    await eventually(lambda: world.has("began"))
    writer.close()
    await writer.wait_closed()
    world.open_gate()
    assert texts(await ask(client, "hello")) == ["message 2"]


async def test_health_and_readiness(client: TestClient, assistant: Assistant) -> None:
    assert (await client.get("/health")).status == 200
    assert (await client.get("/ready")).status == 200
    assert await assistant.rehearse("hello")
    assert list(await assistant.agent.tracker_store.keys()) == []


async def test_a_database_that_is_gone_is_not_ready_but_alive(
    small_model: Any, postgres: Cluster, configure: Configure, world: World
) -> None:
    from bot.dialogue.assistant import load
    from bot.storage.schema import migrate

    configure(database_url=postgres.make_database(), database_seconds=0.5)
    migrate(settings().database)
    assistant = await load(small_model)
    client = await open_client(assistant)
    postgres.stop()
    assert (await client.get("/health")).status == 200
    response = await client.get("/ready")
    assert response.status == 503
    assert set(await response.json()) == {"status", "reason"}
    assert may_be_sent_again(await ask(client, "hello"))
    postgres.start()
    assert (await client.get("/ready")).status == 200
    await client.close()
    await assistant.close(1)


async def status(client: TestClient, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = await client.post(WEBHOOK, json=HELLO, headers=named)
    if response.status != 200:
        assert set(await response.json()) == {"error"}
    return response.status


async def test_what_came_through_a_proxy_or_for_another_host_is_no_caller_of_this_machine(client: TestClient) -> None:
    assert await status(client) == 200
    assert await status(client, Host="localhost:8080") == 200
    assert await status(client, Host="[::1]:8080") == 200
    assert await status(client, X_Forwarded_For="127.0.0.1") == 403
    assert await status(client, X_Forwarded_Anything="") == 403
    assert await status(client, X_Real_IP="127.0.0.1") == 403
    assert await status(client, Forwarded="for=127.0.0.1") == 403
    assert await status(client, Host="strand.example") == 403
    assert await status(client, Host="127.0.0.1.example") == 403


async def test_with_a_token_whoever_has_it_may_ask(assistant: Assistant, configure: Configure) -> None:
    configure(token="a secret", env="production")
    client = await open_client(assistant)
    assert await status(client) == 401
    assert await status(client, Authorization="Bearer a secre") == 401
    assert await status(client, Authorization="a secret") == 401
    assert await status(client, Authorization="Bearer a secret", X_Forwarded_For="192.0.2.1") == 200
    await client.close()


async def test_in_production_without_a_token_the_channel_is_off(assistant: Assistant, configure: Configure) -> None:
    configure(env="production")
    client = await open_client(assistant)
    assert await status(client) == 403
    assert (await client.get("/health")).status == 200
    await client.close()


async def test_what_does_not_exist_is_said_in_json(client: TestClient) -> None:
    for method, path, expected in (("GET", "/nothing", 404), ("GET", WEBHOOK, 405), ("DELETE", "/health", 405)):
        response = await client.request(method, path)
        assert response.status == expected
        assert set(await response.json()) == {"error"}
