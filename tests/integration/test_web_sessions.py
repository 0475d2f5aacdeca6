"""Sessions of the web chat: a token stands for one conversation, for a time, and ends with it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import pytest
from aiohttp.test_utils import TestClient
from replies import eventually
from sqlalchemy import update
from web_client import Browser, bearer, begin, browser, knock, open_store, web_chat

from bot.chat.web import socket
from bot.dialogue.assistant import Assistant
from bot.settings import settings
from bot.storage.database import Database
from bot.transcripts import sessions
from bot.transcripts.tables import addresses
from tests.conftest import Configure
from tests.fakes.world import World

OVER = {"type": "refused", "id": None, "reason": "session"}
HOUR = timedelta(hours=1)


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[TestClient]:
    async with web_chat(assistant) as opened:
        yield opened


def now() -> datetime:
    return datetime.now(timezone.utc)


async def assert_refused(opened: Browser) -> None:
    refused = await opened.hear()
    assert {name: refused[name] for name in OVER} == OVER
    assert await opened.closed() == 4401


async def test_a_session_says_what_a_widget_needs(client: TestClient, configure: Configure) -> None:
    response = await client.post("/chat/session")
    found = await response.json()
    assert {name: found[name] for name in found if name != "token"} == {
        "expires_in": 24 * 3600,
        "characters": 1000,
        "clinic": "the clinic that runs this site",
    }
    assert response.headers["Cache-Control"] == "no-store"
    assert len(found["token"].split(".")[1]) >= 22  # 128 bits


async def test_a_session_that_is_renewed_goes_on(client: TestClient) -> None:
    async with browser(client) as ann:
        await ann.ask("hello")
    response = await client.post("/chat/session", headers=bearer(ann.token))
    renewed = (await response.json())["token"]
    async with browser(client, renewed) as back:
        assert await back.ask("hello") == ["message 2"]


@pytest.mark.parametrize("token", ["", "x", "1.a.b.c", "1.a.9999999999.", "\ud800", "2.a.1.b", "1.a.-1.b", "x" * 500])
async def test_a_made_up_token_is_refused(client: TestClient, token: str) -> None:
    await assert_refused(await knock(client, token))


async def test_a_forged_token_is_refused(client: TestClient) -> None:
    version, address, end, signature = (await begin(client)).split(".")
    later = str(int(end) + 1)
    for forged in (
        f"{version}.{sessions.new_address()}.{end}.{signature}",
        f"{version}.{address}.{later}.{signature}",
        f"{version}.{address}.{end}.{signature[:-1]}",
    ):
        await assert_refused(await knock(client, forged))
        response = await client.post("/chat/session", headers=bearer(forged))
        assert (response.status, (await response.json())["reason"]) == (401, "session")


async def test_a_token_whose_life_is_over_is_refused(client: TestClient) -> None:
    old = sessions.sign(sessions.new_address(), now() - 2 * HOUR, HOUR)
    await assert_refused(await knock(client, old.text))


async def test_a_socket_says_hello_first(client: TestClient) -> None:
    opened = Browser(await client.ws_connect("/chat/socket"), "")
    await opened.say("hello")
    await assert_refused(opened)


async def test_a_socket_that_says_nothing_is_closed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "HELLO_SECONDS", 0.05)
    opened = Browser(await client.ws_connect("/chat/socket"), "")
    assert await opened.closed() == 4408


async def grow_old(database: Database) -> None:
    """Let all addresses be a quarter of an hour older."""

    def older(session: object) -> None:
        rows = session.execute(addresses.select()).all()  # type: ignore[attr-defined]
        for row in rows:
            mine = addresses.c.address_index == row.address_index
            aged = row.created_at - sessions.ROTATED_AFTER
            session.execute(update(addresses).where(mine).values(created_at=aged))  # type: ignore[attr-defined]

    await database.run(older)


async def test_a_token_is_replaced_from_time_to_time_and_the_last_two_are_good(client: TestClient) -> None:
    seen: list[str] = []
    async with browser(client) as ann:
        await ann.ask("hello")
    seen.append(ann.token)
    for number in (2, 3):
        await grow_old(open_store())
        async with browser(client, seen[-1]) as back:
            assert await back.ask("hello") == [f"message {number}"]
        seen.append(back.token)
    assert len({token.split(".")[1] for token in seen}) == 3
    async with browser(client, seen[1]) as second:
        assert await second.ask("hello") == ["message 4"]
    await assert_refused(await knock(client, seen[0], after=5))
    async with browser(client, seen[0]) as stolen:
        assert stolen.welcome["items"] == []


async def test_a_chat_that_stays_open_is_renewed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browser(client) as ann:
        await ann.ask("hello")
        await grow_old(open_store())
        monkeypatch.setattr(socket, "RENEW_SECONDS", 0.01)
        await ann.send(type="renew")
        renewed = await ann.hear("token")
        assert renewed["token"].split(".")[1] != ann.token.split(".")[1]
        assert renewed["expires_in"] == 24 * 3600
        assert await ann.ask("hello") == ["message 2"]


async def test_what_was_said_in_one_tab_is_the_other_ones_conversation(client: TestClient) -> None:
    """Both are opened before anything is said."""
    token = await begin(client)
    async with browser(client, token) as first, browser(client, token) as second:
        assert await first.ask("hello") == ["message 1"]
        assert await second.answer() == ["message 1"]
        assert await second.ask("hello") == ["message 2"]


async def test_a_chat_that_is_ended_is_deleted_with_a_receipt_in_every_tab(client: TestClient) -> None:
    async with browser(client) as ann, browser(client, ann.token) as other:
        await ann.ask("hello")
        await other.answer()
        await ann.send(type="end")
        ended = await ann.hear("ended")
        assert ended["receipt"].startswith("E-")
        assert await other.hear("ended") == ended
        assert await ann.closed() == await other.closed() == 4401
    await assert_refused(await knock(client, ann.token, after=ann.cursor))
    rows = await open_store().run(lambda session: session.execute(addresses.select()).all())
    assert rows == []


async def test_a_chat_in_which_nothing_was_said_ends_too(client: TestClient) -> None:
    async with browser(client) as ann:
        await ann.send(type="end")
        assert (await ann.hear())["receipt"] is None
        assert await ann.closed() == 4401


async def test_an_end_waits_for_the_turn_under_way_and_nothing_of_it_stays(client: TestClient, world: World) -> None:
    async with browser(client) as ann:
        await ann.say("please hang")
        await eventually(lambda: world.has("began"))
        await ann.send(type="end")
        world.open_gate()
        assert (await ann.hear("ended"))["receipt"]
    async with browser(client, ann.token) as back:
        assert (back.welcome["items"], back.welcome["open"]) == ([], [])


async def test_a_chat_that_another_process_deleted_is_over(client: TestClient) -> None:
    from bot.leads.erasure import erase_conversation

    async with browser(client) as ann:
        await ann.ask("hello")
        (row,) = await open_store().run(lambda session: session.execute(addresses.select()).all())
        other = Database(settings().database, 5)
        await erase_conversation(other, row.conversation_id, "operator", now())
        other.close()
        await ann.say("is anybody there?")
        ended = await ann.hear("ended")
        assert ended["goes_on"] is True
    async with browser(client, ann.token) as back:
        items = back.welcome["items"] or (await back.hear("news"))["items"]
        assert items[0]["text"] == "is anybody there?"
