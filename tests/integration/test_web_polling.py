"""The web chat by requests: the same messages as over a socket, and questions that wait for news."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from web_client import bearer, begin, browser, new_id, web_chat

from bot.chat.web import polling
from bot.dialogue.assistant import Assistant
from tests.conftest import Configure
from tests.fakes.world import World


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[TestClient]:
    async with web_chat(assistant) as opened:
        yield opened


class Poller:
    """A browser without WebSockets."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client = client
        self.token = token
        self.cursor = 0

    async def say(self, text: str, message_id: str = "") -> ClientResponse:
        body = {"id": message_id or new_id(), "text": text}
        return await self.client.post("/chat/messages", json=body, headers=bearer(self.token))

    async def get(self, **query: object) -> ClientResponse:
        params = {name: str(value) for name, value in query.items()}
        return await self.client.get("/chat/news", params=params, headers=bearer(self.token))

    async def news(self) -> dict[str, Any]:
        response = await self.get(after=self.cursor)
        assert response.status == 200, await response.text()
        found: dict[str, Any] = await response.json()
        self.cursor = found["cursor"]
        return found

    async def answer(self) -> list[str]:
        while True:
            said = [item for item in (await self.news())["items"] if item["from"] == "assistant"]
            if said:
                texts: list[str] = said[-1]["texts"]
                return texts


@pytest.fixture
async def ann(client: TestClient) -> Poller:
    return Poller(client, await begin(client))


async def refusal(response: ClientResponse) -> tuple[int, str]:
    return response.status, (await response.json())["reason"]


async def test_a_talk_by_requests(ann: Poller) -> None:
    response = await ann.say("hello", "message-one")
    assert (response.status, await response.json()) == (202, {"stored": "message-one"})
    assert await ann.answer() == ["message 1"]
    await ann.say("hello again")
    assert await ann.answer() == ["message 2"]


async def test_whoever_waits_hears_the_answer_when_it_is_there(ann: Poller, world: World) -> None:
    await ann.say("hello")
    await ann.answer()
    waiting = asyncio.ensure_future(ann.answer())
    await ann.say("please hang")
    world.open_gate()
    assert await waiting == ["waited as message 2"]


async def test_a_retry_by_request_is_the_same_message(ann: Poller) -> None:
    for _ in range(2):
        assert (await ann.say("hello", "message-one")).status == 202
    assert await ann.answer() == ["message 1"]
    await ann.say("something new")
    assert await ann.answer() == ["message 2"]


async def test_where_nothing_happens_the_question_is_answered_after_a_while(
    ann: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "WAIT_SECONDS", 0.05)
    found = await ann.news()
    assert (found["items"], found["open"], found["moment"], found["more"]) == ([], [], [], False)


async def test_a_slow_turn_says_so_to_whoever_waits(ann: Poller, world: World, configure: Configure) -> None:
    configure(moment_seconds=0.05)
    await ann.say("please hang", "message-one")
    moments: list[str] = []
    while not moments:
        moments = (await ann.news())["moment"]
    assert moments == ["message-one"]
    world.open_gate()
    assert await ann.answer() == ["waited as message 1"]


async def test_a_failure_that_happened_between_two_questions_is_heard(ann: Poller) -> None:
    """The mark says how the unanswered messages stood: whoever says an old one back is answered at once."""
    await ann.say("hello")
    await ann.answer()
    before = (await (await ann.get(after=0)).json())["mark"]
    await ann.say("please break", "message-two")
    states: list[str] = []
    while states != ["failed"]:
        found = await (await ann.get(after=ann.cursor, mark=before)).json()
        states = [message["state"] for message in found["open"]]
    assert found["mark"] != before


async def test_earlier_items_are_there_at_once(ann: Poller) -> None:
    await ann.say("hello")
    await ann.answer()
    page = await (await ann.get(before=ann.cursor + 1)).json()
    assert [item["from"] for item in page["items"]] == ["visitor", "assistant"]
    assert page["more"] is False


async def test_a_socket_and_a_poller_share_a_conversation(ann: Poller, client: TestClient) -> None:
    async with browser(client, ann.token) as socket:
        await ann.say("hello")
        assert await socket.answer() == ["message 1"]
        assert await ann.answer() == ["message 1"]
        await socket.say("hello")
        assert await ann.answer() == ["message 2"]


async def test_what_is_no_message_is_refused_in_words(ann: Poller, client: TestClient) -> None:
    assert await refusal(await ann.say("x" * 1001)) == (413, "long")
    assert await refusal(await ann.say("hello", "short")) == (400, "unreadable")
    assert await refusal(await ann.get()) == (400, "unreadable")
    assert await refusal(await ann.get(after="-1")) == (400, "unreadable")
    for body in (b"", b"{", b"[]", b"\xff", b"x" * 70_000):
        response = await client.post("/chat/messages", data=body, headers=bearer(ann.token))
        assert await refusal(response) == (400, "unreadable")


async def test_without_a_session_there_is_nothing(client: TestClient) -> None:
    for token in ("", "1.forged.9999999999.signature"):
        stranger = Poller(client, token)
        assert await refusal(await stranger.say("hello")) == (401, "session")
        assert await refusal(await stranger.get(after=0)) == (401, "session")
        assert await refusal(await client.post("/chat/end", headers=bearer(token))) == (401, "session")
    assert (await client.get("/chat/news?after=0")).status == 401


async def test_a_chat_is_ended_by_request(ann: Poller, client: TestClient) -> None:
    await ann.say("hello")
    await ann.answer()
    waiting = asyncio.ensure_future(ann.get(after=ann.cursor))
    response = await client.post("/chat/end", headers=bearer(ann.token))
    assert response.status == 200
    assert (await response.json())["receipt"].startswith("E-")
    assert await refusal(await waiting) == (401, "session")
    assert await refusal(await ann.get(after=ann.cursor)) == (401, "session")


async def test_a_slow_conversation_is_told_when_to_go_on(assistant: Assistant, configure: Configure) -> None:
    configure(web_messages_a_minute=2)
    async with web_chat(assistant) as client:
        ann = Poller(client, await begin(client))
        assert [(await ann.say("hello")).status for _ in range(2)] == [202, 202]
        response = await ann.say("hello")
        assert await refusal(response) == (429, "slow")
        assert int(response.headers["Retry-After"]) in range(1, 31)
        assert "seconds" in (await response.json())["text"]
        other = Poller(client, await begin(client))
        assert (await other.say("hello")).status == 202
