"""The database is gone for a while: the browser keeps the message, and it is answered once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient
from web_client import bearer, begin, browser, knock, web_chat

from bot.dialogue.assistant import load
from bot.settings import settings
from bot.storage.schema import migrate
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.fakes.world import World


@pytest.fixture
async def client(small_model: Path, postgres: Cluster, configure: Configure, world: World) -> AsyncIterator[TestClient]:
    configure(database_url=postgres.make_database(), database_seconds=0.5)
    migrate(settings().database)
    assistant = await load(small_model)
    async with web_chat(assistant) as opened:
        yield opened
    world.open_gate()
    await assistant.close(1)


async def test_a_message_that_cannot_be_stored_is_kept_by_the_browser_and_answered_once(
    client: TestClient, postgres: Cluster
) -> None:
    async with browser(client) as ann:
        assert await ann.ask("hello") == ["message 1"]
        postgres.stop()
        said = await ann.say("are you there?")
        for _ in range(2):
            refused = await ann.hear("refused")
            assert (refused["id"], refused["reason"]) == (said, "busy")
            assert refused["retry_in"] > 0
            assert "moment" in refused["text"]
            await ann.say("are you there?", said)
        postgres.start()
        while (await ann.hear("refused", "stored"))["type"] != "stored":
            await ann.say("are you there?", said)
        assert await ann.answer() == ["message 2"]
        await ann.say("are you there?", said)
        assert await ann.hear("stored") == {"type": "stored", "id": said}
        assert await ann.ask("good") == ["message 3"]


async def test_who_comes_while_it_is_gone_is_asked_to_come_again(client: TestClient, postgres: Cluster) -> None:
    token = await begin(client)
    postgres.stop()
    opened = await knock(client, token)
    assert (await opened.hear())["reason"] == "busy"
    assert await opened.closed() == 1013
    response = await client.get("/chat/news?after=0", headers=bearer(token))
    assert (response.status, (await response.json())["reason"]) == (503, "busy")
    assert int(response.headers["Retry-After"]) > 0
    assert (await client.post("/chat/session")).status == 200
    assert (await client.get("/ready")).status == 503
    postgres.start()
    async with browser(client, token) as back:
        assert await back.ask("hello") == ["message 1"]


async def test_an_end_that_cannot_be_done_says_so_and_may_be_asked_again(client: TestClient, postgres: Cluster) -> None:
    async with browser(client) as ann:
        await ann.ask("hello")
        postgres.stop()
        await ann.send(type="end")
        refused = await ann.hear("refused")
        assert (refused["id"], refused["reason"]) == (None, "busy")
        postgres.start()
        while True:
            await ann.send(type="end")
            if (await ann.hear("refused", "ended"))["type"] == "ended":
                break
        assert ann.frames[-1]["receipt"].startswith("E-")
