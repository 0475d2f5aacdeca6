"""The door of the web chat: which websites may talk, what browsers are told, how much one caller may ask for."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import TestClient
from web_client import Browser, bearer, begin, browser, web_chat

from bot.chat.app import make_app
from bot.chat.web import socket
from bot.dialogue.assistant import Assistant
from bot.metrics import refusals
from bot.settings import settings
from tests.conftest import Configure
from tests.fakes.world import World

CLINIC = "https://clinic.example"


@pytest.fixture
async def client(assistant: Assistant, configure: Configure) -> AsyncIterator[TestClient]:
    configure(origins=f"{CLINIC}, https://other.example:8443")
    async with web_chat(assistant) as opened:
        yield opened


def refused(reason: str) -> float:
    return float(refusals.labels(channel="web", reason=reason)._value.get())


async def test_a_page_of_an_allowed_origin_may_read_the_answers(client: TestClient) -> None:
    response = await client.post("/chat/session", headers={"Origin": CLINIC})
    assert response.status == 200
    assert response.headers["Access-Control-Allow-Origin"] == CLINIC
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Origin" in response.headers["Vary"]


async def test_a_browser_asks_first_what_it_may_send(client: TestClient) -> None:
    asked = {"Origin": CLINIC, "Access-Control-Request-Method": "POST"}
    response = await client.options("/chat/messages", headers=asked)
    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == CLINIC
    assert response.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, POST"


@pytest.mark.parametrize("place", ["/chat/session", "/chat/messages", "/chat/news", "/widget.js", "/widget/en.json"])
async def test_a_page_of_another_website_is_refused_and_counted(client: TestClient, place: str) -> None:
    before = refused("origin")
    for method in ("GET", "POST", "OPTIONS"):
        response = await client.request(method, place, headers={"Origin": "https://clinic.example.evil.example"})
        assert response.status == 403
        assert "Access-Control-Allow-Origin" not in response.headers
    assert refused("origin") == before + 3


async def test_a_socket_of_another_website_is_refused(client: TestClient) -> None:
    for origin in ("https://evil.example", "null", "file://", "https://clinic.example:444"):
        with pytest.raises(WSServerHandshakeError) as found:
            await client.ws_connect("/chat/socket", origin=origin)
        assert found.value.status == 403
    for origin in (CLINIC, f"http://{client.host}:{client.port}", "http://localhost:3000", None):
        opened = await client.ws_connect("/chat/socket", origin=origin)
        await opened.close()


async def test_every_answer_says_what_browsers_may_do_with_it(client: TestClient) -> None:
    for place in ("/", "/widget.js", "/health", "/chat/news", "/nowhere", "/chat/socket"):
        response = await client.get(place)
        assert response.headers["X-Content-Type-Options"] == "nosniff", place
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["Server"] == "Strand"
        assert "Permissions-Policy" in response.headers
        if response.status >= 400:
            assert set(await response.json()) & {"error", "reason"}


async def test_the_widget_may_be_loaded_by_others_and_the_chat_is_never_kept(client: TestClient) -> None:
    widget = await client.get("/widget.js")
    assert widget.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert widget.headers["Cache-Control"] == "public, max-age=300"
    chat = await client.post("/chat/session")
    assert chat.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert chat.headers["Cache-Control"] == "no-store"


async def test_the_demo_page_may_load_what_is_the_servers_own_and_nothing_else(client: TestClient) -> None:
    policy = (await client.get("/")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_too_many_messages_are_refused_in_words_and_counted(assistant: Assistant, configure: Configure) -> None:
    configure(web_messages_a_minute=3)
    before = refused("slow")
    async with web_chat(assistant) as client, browser(client) as ann:
        for number in range(1, 4):
            assert await ann.ask("hello") == [f"message {number}"]
        said = await ann.say("hello")
        found = await ann.hear()
        assert (found["type"], found["id"], found["reason"]) == ("refused", said, "slow")
        assert 0 < found["retry_in"] <= 20
    assert refused("slow") == before + 1


async def test_an_internet_address_has_its_limits(assistant: Assistant, configure: Configure) -> None:
    configure(address_messages_a_minute=2, address_connections=2, proxies=1)
    async with web_chat(assistant) as client:
        tokens = [await begin(client), await begin(client)]
        assert (await client.post("/chat/session")).status == 429
        neighbour = await client.post("/chat/session", headers={"X-Forwarded-For": "192.0.2.1"})
        assert neighbour.status == 200
        async with browser(client, tokens[0]) as ann, browser(client, tokens[1]) as bob:
            with pytest.raises(WSServerHandshakeError) as found:
                await client.ws_connect("/chat/socket")
            assert found.value.status == 429
            assert await ann.ask("hello") == ["message 1"]
            assert await bob.ask("hello") == ["message 1"]
            await ann.say("hello")
            assert (await ann.hear())["reason"] == "slow"
        async with browser(client, tokens[0]) as back:
            assert len(back.welcome["items"]) == 2


async def test_wishes_that_never_end_are_refused(client: TestClient) -> None:
    async with browser(client) as ann:
        for _ in range(20):
            await ann.send(type="earlier", before=1)
        assert {(await ann.hear())["type"] for _ in range(20)} == {"earlier"}
        for _ in range(300):
            await ann.send(type="earlier", before=1)
        while (await ann.hear())["type"] != "refused":
            pass
        assert ann.frames[-1]["reason"] == "slow"


async def test_a_stop_sends_browsers_away_at_once(assistant: Assistant, world: World) -> None:
    async with web_chat(assistant) as client:
        async with browser(client) as ann, browser(client, ann.token) as other:
            await ann.say("please hang")
            silent = Browser(await client.ws_connect("/chat/socket"), "")
            poll = asyncio.ensure_future(client.get("/chat/news?after=0", headers=bearer(await begin(client))))
            closing = asyncio.ensure_future(client.server.close())
            assert [await each.closed() for each in (ann, other, silent)] == [1001, 1001, 1001]
            await asyncio.wait_for(closing, 5)
            assert (await poll).status == 200
        world.open_gate()


async def test_a_browser_that_reads_nothing_is_let_go_of(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "MOST_UNSENT", 2)
    async with browser(client) as ann:
        for _ in range(30):
            await ann.socket.send_str("nothing that can be read")
        assert await ann.closed() == 1006


async def test_places_of_others_are_part_of_the_application(assistant: Assistant) -> None:
    from aiohttp import web
    from aiohttp.test_utils import TestServer

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="here")

    app = make_app(
        settings(), assistant.turns, assistant.check, others=[lambda app: app.router.add_get("/elsewhere", answer)]
    )
    client = TestClient(TestServer(app))
    await client.start_server()
    assert await (await client.get("/elsewhere")).text() == "here"
    assert (await client.post("/chat/session")).status == 404
    await client.close()
