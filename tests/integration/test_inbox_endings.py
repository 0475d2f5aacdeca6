"""A conversation ends, is paused, or may not be kept, while messages of it are in the inbox: what stays, what goes."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timezone

import pytest
from inbox_desk import Desk, long_id, opened
from replies import eventually
from sqlalchemy import event, select, text

from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import Intake
from bot.leads.erasure import erase_conversation, is_kept
from bot.transcripts import archive, replies
from bot.transcripts.tables import inbox, opt_outs
from tests.conftest import Configure
from tests.fakes.world import World

SECRET = "my private matter"


@pytest.fixture
async def desk(assistant: Assistant) -> AsyncIterator[Desk]:
    async with opened(assistant) as made:
        yield made


async def everything(desk: Desk) -> str:
    """All that the inbox holds, unsealed."""
    return str(await desk.inside(lambda session: [tuple(row) for row in session.execute(select(inbox))]))


async def hung(desk: Desk, world: World, channel: str = "web") -> str:
    """A conversation in which a turn is under way; its id."""
    accepted = await desk.say("please hang", "1", channel=channel)
    await eventually(lambda: world.has("began"))
    return accepted.conversation


async def test_who_has_all_forgotten_hears_so_and_is_unknown_afterwards(desk: Desk) -> None:
    await desk.say(SECRET, "1")
    await desk.say("please erase", "2")
    await desk.settled()
    assert desk.live() == ["message 1", "all is deleted"]
    assert [news.ended for news in desk.heard] == [False, True]
    assert await desk.conversation() is None
    left = await everything(desk)
    assert not any(word in left for word in (SECRET, "erase", desk.heard[0].conversation, long_id("1")))


async def test_on_the_web_what_waits_behind_goes_with_the_session(desk: Desk, world: World) -> None:
    conversation = await hung(desk, world)
    await desk.say("please erase", "2")
    await desk.say(SECRET, "3")
    world.open_gate()
    await desk.settled()
    assert desk.live() == ["waited as message 1", "all is deleted"]
    assert desk.heard[-1].ended
    assert await desk.conversation() is None
    assert SECRET not in await everything(desk)
    assert not await desk.inside(lambda session: is_kept(session, conversation))


async def test_on_a_channel_what_waits_behind_begins_a_conversation_anew(desk: Desk, world: World) -> None:
    before = await hung(desk, world, "sms")
    for number, words in enumerate(("please erase", "hello", "hello"), start=2):
        await desk.say(words, str(number), channel="sms")
    world.open_gate()
    await desk.settled()
    after = await desk.conversation("ann", "sms")
    assert after not in (None, before)
    assert await desk.transcript("ann", "sms") == ["> hello", "message 1", "> hello", "message 2"]
    assert not await desk.inside(lambda session: is_kept(session, before))
    assert not (await desk.say("hello", "3", channel="sms")).fresh, "it is known in the new conversation too"


async def test_a_channel_is_sent_the_last_words_and_nothing_that_was_said_before(desk: Desk) -> None:
    await desk.say(SECRET, "1", channel="sms")
    await desk.settled()
    assert len(await desk.replies()) == 1
    await desk.say("please erase", "2", channel="sms")
    await desk.settled()
    (last,) = await desk.replies()
    assert "all is deleted" in last
    addressed = "SELECT channel, conversation_id FROM replies"
    assert await desk.inside(lambda session: [tuple(row) for row in session.execute(text(addressed))]) == [("sms", "")]


async def test_of_a_minor_the_answer_is_heard_and_nothing_stays(desk: Desk) -> None:
    await desk.say("please minor", "1")
    await desk.settled()
    assert desk.live() == ["ask a parent"]
    assert await desk.transcript() == []
    assert await desk.open() == []
    assert "minor" not in await everything(desk)


async def test_of_a_minor_on_a_channel_the_answer_is_sent(desk: Desk) -> None:
    await desk.say("please minor", channel="sms")
    await desk.settled()
    (reply,) = await desk.replies()
    assert "ask a parent" in reply


async def test_a_minor_s_messages_that_failed_are_gone_and_sent_again_they_are_answered(desk: Desk) -> None:
    await desk.say("please break", "1")
    await desk.say("...", "2")
    await desk.settled()
    assert [each.state for each in await desk.open()] == ["failed", "noticed"]
    await desk.say("please minor", "3")
    await desk.settled()
    assert await desk.open() == []
    assert "break" not in await everything(desk)
    assert (await desk.say("hello", "1")).fresh


async def test_in_a_paused_conversation_messages_are_taken_in_silence(desk: Desk) -> None:
    for number, words in enumerate(("please pause", "hello", "hello"), start=1):
        await desk.say(words, str(number))
    await desk.settled()
    assert await desk.transcript() == ["> please pause", "paused", "> hello", "> hello"]
    assert await desk.open() == []
    assert desk.live() == ["paused"]


async def test_a_conversation_that_is_erased_in_the_middle_of_a_turn_stays_erased(desk: Desk, world: World) -> None:
    """As `strand leads erase` does it, in another process and without waiting for the turn."""
    conversation = await hung(desk, world)
    await desk.say(SECRET, "2")
    now = datetime.now(timezone.utc)
    erased = await erase_conversation(desk.database, conversation, "operator", now)
    assert erased.counts["messages"] == 2
    world.open_gate()
    await desk.settled()
    assert await desk.conversation() is None
    assert not await desk.inside(lambda session: is_kept(session, conversation))
    assert SECRET not in await everything(desk)
    assert await desk.inside(archive.conversation_ids) == []
    await desk.say("hello", "3")
    await desk.settled()
    assert await desk.transcript() == ["> hello", "message 1"]


async def test_who_ends_the_chat_waits_for_the_turn_and_what_is_behind_it_goes(desk: Desk, world: World) -> None:
    conversation = await hung(desk, world)
    await desk.say("hello", "2")

    async def end() -> None:
        async with desk.intake.hold(conversation):
            await erase_conversation(desk.database, conversation, "visitor", datetime.now(timezone.utc))

    ending = asyncio.ensure_future(end())
    await asyncio.sleep(0)
    world.open_gate()
    await ending
    await desk.settled()
    assert desk.live() in (["waited as message 1"], ["waited as message 1", "message 2"])
    assert await desk.inside(archive.conversation_ids) == []


async def test_a_message_that_comes_in_while_its_conversation_is_erased_is_answered_in_a_new_one(desk: Desk) -> None:
    for number in range(1, 7):
        conversation = (await desk.say("hello", f"{number} a")).conversation
        await desk.settled()
        now = datetime.now(timezone.utc)
        erasing = asyncio.ensure_future(erase_conversation(desk.database, conversation, "operator", now))
        await asyncio.sleep(0.0003 * number)
        accepted = await desk.say("hello", f"{number} b")
        await erasing
        await desk.settled()
        if accepted.conversation == conversation:
            assert await desk.conversation() is None, "it was erased as well"
        else:
            assert await desk.transcript() == ["> hello", "message 1"]
            await erase_conversation(desk.database, accepted.conversation, "operator", now)


async def test_an_erasure_leaves_a_wish_to_be_sent_nothing(desk: Desk) -> None:
    conversation = (await desk.say("hello", channel="sms")).conversation
    await desk.settled()
    now = datetime.now(timezone.utc)
    await desk.inside(lambda session: replies.opt_out(session, "sms", "ann", now))
    erased = await erase_conversation(desk.database, conversation, "operator", now)
    assert (erased.counts["messages"], erased.counts["replies"]) == (1, 1)
    assert await desk.replies() == []
    assert len(await desk.inside(lambda session: session.execute(select(opt_outs)).all())) == 1


async def test_a_program_that_ends_finishes_its_turn_and_leaves_the_rest_for_the_next(
    assistant: Assistant, world: World
) -> None:
    async with opened(assistant, start=True) as desk:
        await hung(desk, world)
        await desk.say("hello", "2")
        await desk.say("hello", "3", "ben")
        await desk.intake.close()
        ending = asyncio.ensure_future(assistant.turns.finish(10))
        await asyncio.sleep(0)
        await desk.say("hello", "4")
        world.open_gate()
        await ending
        assert (await desk.transcript())[:2] == ["> please hang", "waited as message 1"]
        assert len(await desk.states("waiting")) in (2, 3)
        assert desk.intake._working == {}
    async with opened(assistant, start=True) as after:
        await after.settled()
        assert (await after.transcript())[1::2] == ["waited as message 1", "message 2", "message 3"]
        assert await after.transcript("ben") == ["> hello", "message 1"]


async def test_a_program_that_may_not_wait_leaves_the_message_for_the_next(
    assistant: Assistant, world: World, configure: Configure
) -> None:
    async with opened(assistant) as desk:
        await hung(desk, world)
        await desk.intake.close()
        await assistant.turns.finish(0.1)
        assert len(await desk.states("waiting")) == 1
        assert desk.intake._working == {}
    world.open_gate()
    async with opened(assistant, start=True) as after:
        await after.settled()
        assert await after.transcript() == ["> please hang", "waited as message 1"]


async def test_a_program_that_ends_while_it_looks_through_the_inbox_does_end(assistant: Assistant) -> None:
    desk = Desk(Intake(assistant.turns, assistant.agent.tracker_store.database))
    committing = asyncio.Event()
    loop = asyncio.get_running_loop()

    def commit_slowly(_connection: object) -> None:
        loop.call_soon_threadsafe(committing.set)
        time.sleep(0.1)

    event.listen(desk.database.engine, "commit", commit_slowly)
    desk.intake.start()
    await committing.wait()
    await asyncio.wait_for(desk.intake.close(), 5)
    event.remove(desk.database.engine, "commit", commit_slowly)
    assert not desk.intake._beside
