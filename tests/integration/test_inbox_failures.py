"""A turn fails, is late or says nothing; the database stops; a message breaks whatever takes it up: the visitor is told
what is true, and no answer comes twice."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from inbox_desk import Desk, long_id, opened
from replies import eventually
from sqlalchemy import event, update

from bot.dialogue import intake as intake_module
from bot.dialogue.assistant import Assistant
from bot.dialogue.turns import Turns
from bot.errors import DatabaseUnavailable
from bot.transcripts import inbox
from bot.transcripts.tables import inbox as rows
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.fakes.world import World

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "PAUSES", (0.02, 0.05))


@pytest.fixture
async def desk(assistant: Assistant) -> AsyncIterator[Desk]:
    async with opened(assistant) as made:
        yield made


def kinds(desk: Desk) -> list[str]:
    """The payload's kind of each notice that listeners saw last."""
    opens = [news.open for news in desk.heard if news.open is not None]
    return [each.notice["payload"]["kind"] for each in opens[-1] if each.notice] if opens else []


async def test_a_turn_that_fails_is_said_in_words_and_leaves_nothing(desk: Desk) -> None:
    await desk.say("please break")
    await desk.settled()
    (failed,) = await desk.open()
    assert (failed.message_id, failed.text, failed.state) == (long_id("1"), "please break", "failed")
    assert failed.notice is not None
    assert failed.notice["payload"] == {"kind": "error", "retry": True}
    assert len(failed.notice["texts"]) == 1
    assert kinds(desk) == ["error"]
    assert await desk.transcript() == []


async def test_a_failed_message_that_is_sent_again_is_answered(desk: Desk, world: World, configure: Configure) -> None:
    configure(turn_seconds=0.2)
    await desk.say("please hang", "1")
    await desk.settled()
    assert [each.state for each in await desk.open()] == ["failed"]
    world.open_gate()
    configure(turn_seconds=10)
    again = await desk.say("please hang", "1")
    assert (again.fresh, again.waits) == (True, True)
    await desk.settled()
    assert await desk.transcript() == ["> please hang", "waited as message 1"]
    assert await desk.open() == []


async def test_a_failed_message_holds_up_none_behind_it(desk: Desk) -> None:
    await desk.say("please break", "1")
    await desk.say("hello", "2")
    await desk.settled()
    assert await desk.transcript() == ["> hello", "message 1"]


async def test_a_failed_message_of_a_channel_is_answered_there_and_not_tried_again(desk: Desk) -> None:
    await desk.say("please break", channel="sms")
    await desk.settled()
    (reply,) = await desk.replies()
    assert '"retry": true' in reply
    again = await desk.say("please break", channel="sms")
    await desk.settled()
    assert not again.fresh
    assert len(await desk.replies()) == 1


async def test_a_turn_that_says_nothing_is_said_to_have_failed_and_leaves_nothing(desk: Desk) -> None:
    await desk.say("please silent")
    await desk.settled()
    assert kinds(desk) == ["error"]
    assert await desk.transcript() == []


async def test_a_turn_that_takes_long_asks_for_a_moment_s_patience_once(
    desk: Desk, world: World, configure: Configure
) -> None:
    configure(moment_seconds=0.05)
    await desk.say("please hang", "1")
    await eventually(lambda: any(news.moment for news in desk.heard))
    world.open_gate()
    await desk.settled()
    assert [news.moment for news in desk.heard if news.moment] == [long_id("1")]
    assert await desk.transcript() == ["> please hang", "waited as message 1"]


async def test_a_channel_asks_for_patience_before_the_answer_and_never_after(
    desk: Desk, world: World, configure: Configure
) -> None:
    configure(moment_seconds=0.05)
    await desk.say("please hang", channel="sms")
    await eventually(lambda: bool(desk.heard))
    world.open_gate()
    await desk.settled()
    moment, answer = await desk.replies()
    assert "waited as message 1" in answer
    assert "waited" not in moment
    message = inbox.Waiting(1, desk.heard[0].conversation, "sms", "m", "please hang", None, 0)
    await desk.intake._put_moment(message)
    assert len(await desk.replies()) == 2, "it was answered already"


async def test_a_quick_turn_asks_for_no_patience(desk: Desk, configure: Configure) -> None:
    configure(moment_seconds=0.3)
    await desk.say("hello")
    await desk.settled()
    await asyncio.sleep(0.4)
    assert [news.moment for news in desk.heard] == [None]


async def test_a_turn_that_runs_out_of_time_says_so_and_offers_a_person(
    desk: Desk, world: World, configure: Configure
) -> None:
    configure(turn_seconds=0.2)
    await desk.say("please hang")
    await desk.settled()
    (failed,) = await desk.open()
    assert failed.notice is not None
    assert failed.notice["buttons"]
    world.open_gate()
    await eventually(lambda: world.has("ended"))
    assert await desk.transcript() == []


async def test_a_message_that_cannot_be_read_gets_a_notice_and_takes_no_turn(desk: Desk) -> None:
    await desk.say("...", "1")
    await desk.say("hello", "2")
    await desk.settled()
    (noticed,) = await desk.open()
    assert (noticed.text, noticed.state) == ("...", "noticed")
    assert noticed.notice is not None
    assert noticed.notice["payload"]["kind"] == "out_of_scope"
    assert await desk.transcript() == ["> hello", "message 1"]
    assert not (await desk.say("...", "1")).fresh


async def test_a_message_with_signs_that_no_text_may_hold_is_stored_and_answered(desk: Desk) -> None:
    await desk.say("he\x00llo \ud83d", "1")
    await desk.settled()
    assert (await desk.transcript())[1:] == ["message 1"]


@on_postgresql
async def test_a_database_that_stops_in_the_middle_of_a_turn_is_waited_for_and_answers_once(
    assistant: Assistant, postgres: Cluster, world: World
) -> None:
    async with opened(assistant) as desk:
        await desk.say("please hang", "1")
        await eventually(lambda: world.has("began"))
        await desk.say("hello", "2")
        postgres.stop()
        world.open_gate()
        await eventually(lambda: world.has("ended"))
        with pytest.raises(DatabaseUnavailable):
            await desk.say("hello", "3")
        postgres.start()
        await desk.say("hello", "3")
        await desk.settled()
        answers = ["waited as message 1", "message 2", "message 3"]
        assert (await desk.transcript())[1::2] == answers
        assert desk.live() == answers


async def test_a_commit_whose_answer_is_lost_is_not_made_twice_and_listeners_look_themselves(desk: Desk) -> None:
    await desk.say("hello", "1")
    await desk.settled()
    desk.heard.clear()
    engine = desk.database.engine
    lost = []

    def lose(connection: Any) -> None:
        if connection.info.pop("answers", False) and not lost:
            lost.append(connection)
            connection.connection.dbapi_connection.commit()
            raise OSError("the answer to the commit was lost")

    def watch(connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if statement.startswith("UPDATE inbox SET"):
            connection.info["answers"] = True

    event.listen(engine, "after_cursor_execute", watch)
    event.listen(engine, "commit", lose)
    conversation = (await desk.say("hello", "2")).conversation
    await desk.settled()
    event.remove(engine, "after_cursor_execute", watch)
    event.remove(engine, "commit", lose)
    assert lost
    assert (await desk.transcript())[1::2] == ["message 1", "message 2"]
    assert [(news.conversation, list(news.items)) for news in desk.heard] == [(conversation, [])]


async def test_whatever_stands_in_the_way_of_a_message_it_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    readable = Turns.unreadable
    calls = []

    async def fail_first(turns: Turns, message: Any) -> Any:
        calls.append(message)
        if len(calls) == 1:
            raise KeyError("out of order")
        return await readable(turns, message)

    monkeypatch.setattr(Turns, "unreadable", fail_first)
    await desk.say("hello")
    await desk.settled()
    assert await desk.transcript() == ["> hello", "message 1"]


async def test_a_message_that_nobody_can_answer_is_given_up_and_holds_up_none_behind_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    readable = Turns.unreadable
    calls = []

    async def fail(turns: Turns, message: Any) -> Any:
        if message.text == "poison":
            calls.append(message)
            raise KeyError("out of order")
        return await readable(turns, message)

    monkeypatch.setattr(Turns, "unreadable", fail)
    await desk.say("poison", "1")
    await desk.say("hello", "2")
    await desk.settled()
    assert [each.state for each in await desk.open()] == ["failed"]
    assert await desk.transcript() == ["> hello", "message 1"]
    assert len(calls) == 1 + intake_module.MOST_ATTEMPTS


async def test_a_message_that_ends_every_program_is_given_up(assistant: Assistant) -> None:
    async with opened(assistant) as before:
        before.intake._closed = True  # it is stored, and the program ends
        await before.say("hello", "1")
        crashed = update(rows).values(attempts=intake_module.MOST_ATTEMPTS)
        await before.inside(lambda session: session.execute(crashed))
    async with opened(assistant, start=True) as after:
        await after.settled()
        assert [each.state for each in await after.open()] == ["failed"]
        assert (await after.say("hello", "1")).fresh, "the visitor may insist"
        await after.settled()
        assert await after.transcript() == ["> hello", "message 1"]


async def test_a_stored_message_whose_program_is_gone_is_answered_when_it_is_sent_again(assistant: Assistant) -> None:
    async with opened(assistant) as before:
        before.intake._closed = True
        await before.say("hello", "1")
    async with opened(assistant) as after:
        again = await after.say("hello", "1")
        assert (again.fresh, again.waits) == (False, True)
        await after.settled()
        assert await after.transcript() == ["> hello", "message 1"]


async def test_no_word_of_a_visitor_is_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.say("please break my secret", "1")
    await desk.say("my secret is unreadable", "2")
    await desk.settled()
    assert "a turn failed" in caplog.text
    assert "secret" not in caplog.text
