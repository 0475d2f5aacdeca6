"""A talk over a WebSocket: what is said is stored, answered once, in order, and heard in every tab."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient
from replies import eventually
from web_client import browser, new_id, web_chat

from bot.dialogue.assistant import Assistant
from tests.conftest import Configure
from tests.fakes.world import World


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[TestClient]:
    async with web_chat(assistant) as opened:
        yield opened


async def test_a_message_is_stored_and_then_answered(client: TestClient) -> None:
    async with browser(client) as ann:
        assert (ann.welcome["items"], ann.welcome["open"], ann.welcome["cursor"]) == ([], [], 0)
        said = await ann.say("hello")
        assert await ann.hear() == {"type": "stored", "id": said}
        news = await ann.hear()
        visitor, assistant = news["items"]
        assert (visitor["from"], visitor["id"], visitor["text"]) == ("visitor", said, "hello")
        assert (assistant["from"], assistant["texts"]) == ("assistant", ["message 1"])
        assert assistant["payload"] == {"kind": "answer", "said": "message 1"}
        assert visitor["cursor"] < assistant["cursor"] <= news["cursor"]
        assert visitor["at"].endswith("Z")
        assert await ann.ask("and again") == ["message 2"]


async def test_messages_sent_at_once_are_answered_in_order(client: TestClient) -> None:
    async with browser(client) as ann:
        for _ in range(5):
            await ann.say("hello")
        assert [await ann.answer() for _ in range(5)] == [[f"message {number}"] for number in range(1, 6)]


async def test_a_retry_is_the_same_message(client: TestClient) -> None:
    async with browser(client) as ann:
        said = await ann.say("hello")
        assert await ann.answer() == ["message 1"]
        assert await ann.say("hello", said) == said
        assert await ann.hear() == {"type": "stored", "id": said}
        assert await ann.ask("something new") == ["message 2"]


async def test_whoever_comes_back_hears_what_came_after_their_cursor(client: TestClient) -> None:
    async with browser(client) as ann:
        await ann.ask("hello")
        token, seen = ann.token, ann.cursor
        await ann.ask("hello again")
    async with browser(client, token, after=seen) as back:
        assert [item.get("text") or item["texts"] for item in back.welcome["items"]] == ["hello again", ["message 2"]]
        assert await back.ask("and again") == ["message 3"]
        assert back.cursor > seen
    async with browser(client, token) as anew:
        assert len(anew.welcome["items"]) == 6
        assert anew.welcome["more"] is False


async def test_earlier_items_come_by_pages(client: TestClient) -> None:
    async with browser(client) as ann:
        for _ in range(2):
            await ann.ask("hello")
        second = next(item for item in ann.frames[-1]["items"] if item["from"] == "visitor")
        await ann.send(type="earlier", before=second["cursor"])
        page = await ann.hear("earlier")
        assert [item["from"] for item in page["items"]] == ["visitor", "assistant"]
        assert page["more"] is False


async def test_two_tabs_show_the_same_conversation(client: TestClient) -> None:
    async with browser(client) as first, browser(client, first.token) as second:
        said = await first.say("hello")
        assert await first.answer() == ["message 1"]
        assert await second.answer() == ["message 1"]
        assert second.frames[-1]["items"][0]["id"] == said
        await second.say("from the other one")
        assert await first.answer() == ["message 2"]


async def test_a_message_that_waits_is_seen_in_the_other_tab(client: TestClient, world: World) -> None:
    async with browser(client) as first, browser(client, first.token) as second:
        said = await first.say("please hang")
        (waiting,) = (await second.hear("news"))["open"]
        assert (waiting["id"], waiting["state"], waiting["text"]) == (said, "waiting", "please hang")
        world.open_gate()
        assert await second.answer() == ["waited as message 1"]


async def test_another_conversation_hears_nothing(client: TestClient) -> None:
    async with browser(client) as ann, browser(client) as bob:
        await ann.ask("a secret")
        assert await bob.ask("hello") == ["message 1"]
        assert "a secret" not in str(bob.frames)


async def test_a_turn_that_takes_its_time_says_so(client: TestClient, world: World, configure: Configure) -> None:
    configure(moment_seconds=0.05)
    async with browser(client) as ann:
        said = await ann.say("please hang")
        assert await ann.hear("moment", "news") == {"type": "moment", "id": said}
        world.open_gate()
        assert await ann.answer() == ["waited as message 1"]


async def test_a_turn_that_fails_says_so_and_may_be_tried_again(client: TestClient) -> None:
    async with browser(client) as ann:
        said = await ann.say("please break")
        for _ in range(2):
            (failed,) = (await ann.hear("news"))["open"]
            assert (failed["id"], failed["state"]) == (said, "failed")
            assert failed["reply"]["payload"] == {"kind": "error", "retry": True}
            assert len(failed["reply"]["texts"]) == 1
            await ann.say("please break", said)
    async with browser(client, ann.token) as back:
        assert [message["id"] for message in back.welcome["open"]] == [said]


async def test_a_message_without_a_word_is_noticed(client: TestClient) -> None:
    async with browser(client) as ann:
        said = await ann.say("?!")
        (noticed,) = (await ann.hear("news"))["open"]
        assert (noticed["id"], noticed["state"]) == (said, "noticed")
        assert noticed["reply"]["payload"]["kind"] == "out_of_scope"


async def test_a_message_that_is_too_long_is_refused_in_words(client: TestClient) -> None:
    async with browser(client) as ann:
        said = await ann.say("x" * 1001)
        refused = await ann.hear()
        assert (refused["type"], refused["id"], refused["reason"]) == ("refused", said, "long")
        assert "1000" in refused["text"]
        assert await ann.ask("x" * 1000) == ["message 1"]


@pytest.mark.parametrize("text", ["/restart", '/hang{"x": 1}', "\u200b/hang"])
async def test_a_typed_slash_is_text(client: TestClient, text: str) -> None:
    async with browser(client) as ann:
        assert await ann.ask(text) == ["message 1"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "5",
        "null",
        "[" * 50_000,
        '{"type": 5}',
        '{"type": "hello", "token": "again", "after": 0}',
        '{"type": "message"}',
        '{"type": "message", "id": "short", "text": "hello"}',
        '{"type": "message", "id": "../../etc/passwd", "text": "hello"}',
        '{"type": "message", "id": 12345678, "text": "hello"}',
        '{"type": "message", "id": "message-x", "text": ["hello"]}',
        '{"type": "earlier", "before": -1}',
        '{"type": "earlier", "before": 1e400}',
        '{"type": "earlier", "before": true}',
        '{"type": "earlier", "before": ' + "9" * 5000 + "}",
    ],
    ids=lambda text: text[:40],
)
async def test_a_frame_that_cannot_be_read_is_refused_and_the_talk_goes_on(client: TestClient, text: str) -> None:
    async with browser(client) as ann:
        await ann.socket.send_str(text)
        refused = await ann.hear()
        assert (refused["type"], refused["reason"]) == ("refused", "unreadable")
        assert await ann.ask("hello") == ["message 1"]


async def test_a_frame_of_bytes_is_read_like_text_or_refused(client: TestClient) -> None:
    async with browser(client) as ann:
        await ann.socket.send_bytes(b"\xff\xfe")
        assert (await ann.hear())["reason"] == "unreadable"
        assert await ann.ask("hello") == ["message 1"]


async def test_strange_characters_come_back_as_they_were_said(client: TestClient) -> None:
    async with browser(client) as ann:
        await ann.socket.send_str('{"type": "message", "id": "message-x", "text": "hel\\ud83dlo \\u0000 \U0001f600"}')
        assert await ann.answer() == ["message 1"]


async def test_a_frame_that_is_too_large_closes_the_socket(client: TestClient) -> None:
    async with browser(client) as ann:
        await ann.say("x" * 100_000)
        assert await ann.closed() == 1009


async def test_a_browser_that_vanishes_finds_its_answer_later(client: TestClient, world: World) -> None:
    async with browser(client) as ann:
        said = await ann.say("please hang")
        await eventually(lambda: world.has("began"))
        ann.socket._response.connection.transport.abort()  # type: ignore[union-attr]
    world.open_gate()
    async with browser(client, ann.token) as back:
        items = back.welcome["items"] or (await back.hear("news"))["items"]
        assert [item.get("id") or item["texts"] for item in items] == [said, ["waited as message 1"]]


async def test_what_was_said_in_the_last_moment_is_stored(client: TestClient) -> None:
    async with browser(client) as ann:
        await ann.say("hello")
        await ann.say("goodbye")
    async with browser(client, ann.token) as back:
        while len(back.welcome["items"]) < 4:
            back.welcome["items"] += (await back.hear("news"))["items"]
        assert [item["texts"] for item in back.welcome["items"][1::2]] == [["message 1"], ["message 2"]]


async def test_many_visitors_at_once_each_hear_their_own_answers(client: TestClient) -> None:
    async def visit() -> list[list[str]]:
        async with browser(client) as visitor:
            return [await visitor.ask(new_id()) for _ in range(3)]

    talks = await asyncio.gather(*(visit() for _ in range(12)))
    assert all(talk == [["message 1"], ["message 2"], ["message 3"]] for talk in talks)
