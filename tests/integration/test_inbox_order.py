"""Messages come in at once, again, from several: each is answered once, in the order in which it was stored."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from inbox_desk import Desk, long_id, opened
from replies import eventually
from sqlalchemy import text

from bot.dialogue.assistant import Assistant
from bot.storage.database import CALLS_AT_ONCE
from bot.transcripts.inbox import Inbound
from tests.conftest import Configure
from tests.fakes.world import World


@pytest.fixture(autouse=True)
def _patient(configure: Configure) -> None:
    """The order is what is tried here, not the time: the machine may have much else to do."""
    configure(database_seconds=30)


@pytest.fixture
async def desk(assistant: Assistant) -> AsyncIterator[Desk]:
    async with opened(assistant) as made:
        yield made


async def test_a_message_is_answered_once_it_is_stored(desk: Desk) -> None:
    accepted = await desk.say("hello")
    assert (accepted.fresh, accepted.waits) == (True, True)
    await desk.settled()
    assert await desk.transcript() == ["> hello", "message 1"]
    assert desk.live() == ["message 1"]
    (news,) = desk.heard
    assert [item.id for item in news.items] == [long_id("1"), None]
    assert (news.conversation, news.ended) == (accepted.conversation, False)
    assert await desk.open() == []


async def test_messages_of_one_conversation_are_answered_in_order(desk: Desk) -> None:
    for number in range(1, 9):
        await desk.say(f"hello {number}", str(number))
    await desk.settled()
    expected = [line for number in range(1, 9) for line in (f"> hello {number}", f"message {number}")]
    assert await desk.transcript() == expected
    assert desk.live() == [f"message {number}" for number in range(1, 9)]


async def test_messages_that_come_at_the_same_moment_are_each_answered_once(desk: Desk) -> None:
    await asyncio.gather(*(desk.say(f"hello {number}", str(number)) for number in range(8)))
    await desk.settled()
    transcript = await desk.transcript()
    assert sorted(transcript[::2]) == [f"> hello {number}" for number in range(8)]
    assert transcript[1::2] == [f"message {number}" for number in range(1, 9)]


async def test_a_retry_is_the_same_message(desk: Desk) -> None:
    first = await desk.say("hello")
    await desk.settled()
    again = await desk.say("hello")
    await desk.settled()
    assert (again.conversation, again.fresh, again.waits) == (first.conversation, False, False)
    assert await desk.transcript() == ["> hello", "message 1"]


async def test_a_retry_at_the_same_moment_is_the_same_message(desk: Desk) -> None:
    accepted = await asyncio.gather(*(desk.say("hello") for _ in range(6)))
    await desk.settled()
    assert [each.fresh for each in accepted].count(True) == 1
    assert len({each.conversation for each in accepted}) == 1
    assert await desk.transcript() == ["> hello", "message 1"]


async def test_a_retry_while_the_first_is_being_answered_is_the_same_message(desk: Desk, world: World) -> None:
    await desk.say("please hang")
    await eventually(lambda: world.has("began"))
    again = await desk.say("please hang")
    assert (again.fresh, again.waits) == (False, True)
    world.open_gate()
    await desk.settled()
    assert await desk.transcript() == ["> please hang", "waited as message 1"]
    assert world.notes("began") == [""]


async def test_the_same_id_in_two_conversations_is_two_messages(desk: Desk) -> None:
    for channel in ("web", "sms"):
        for address in ("ann", "ben"):
            assert (await desk.say("hello", "1", address, channel)).fresh
    await desk.settled()
    assert await desk.transcript("ann") == await desk.transcript("ben", "sms") == ["> hello", "message 1"]


async def test_a_message_behind_a_slow_one_waits_for_it_and_no_other_conversation_does(
    desk: Desk, world: World
) -> None:
    await desk.say("please hang", "1")
    await eventually(lambda: world.has("began"))
    await desk.say("hello", "2")
    await desk.say("hello", "3", "ben")
    await eventually(lambda: desk.live() == ["message 1"])
    assert [each.state for each in await desk.open()] == ["waiting", "waiting"]
    world.open_gate()
    await desk.settled()
    assert await desk.transcript() == ["> please hang", "waited as message 1", "> hello", "message 2"]


async def test_a_message_that_comes_at_the_moment_in_which_the_last_is_done_is_not_forgotten(desk: Desk) -> None:
    async def talk(address: str) -> None:
        for number in range(1, 11):
            await desk.say(f"hello {number}", str(number), address)
            await asyncio.sleep(0.001 * number)

    await asyncio.gather(*(talk(f"visitor {number}") for number in range(5)))
    await desk.settled()
    for number in range(5):
        answers = (await desk.transcript(f"visitor {number}"))[1::2]
        assert answers == [f"message {number}" for number in range(1, 11)]


async def test_two_hundred_conversations_at_once_are_all_answered(desk: Desk) -> None:
    visitors = [f"visitor {number}" for number in range(200)]
    assert len(visitors) > CALLS_AT_ONCE
    accepted = await asyncio.gather(*(desk.say(f"hello {who}", who[-3:].strip(), who) for who in visitors))
    assert all(each.fresh for each in accepted)
    await desk.settled()
    assert sorted(desk.live()) == ["message 1"] * len(visitors)
    assert desk.intake._wanted == set()


async def test_a_listener_that_fails_disturbs_nobody(desk: Desk) -> None:
    def deaf(_news: object) -> None:
        raise RuntimeError("deaf on purpose")

    desk.intake._listeners.insert(0, deaf)
    await desk.say("hello")
    await desk.settled()
    assert desk.live() == ["message 1"]


async def test_what_a_message_says_is_not_readable_in_the_inbox(desk: Desk, world: World) -> None:
    await desk.say("please hang", "1")
    await eventually(lambda: world.has("began"))
    await desk.intake.accept(Inbound("sms", "+15550142", "SM-secret", "my private matter"))
    stored = str(await desk.inside(lambda session: session.execute(text("SELECT * FROM inbox")).all()))
    assert not any(word in stored for word in ("hang", "private", "+15550142", "SM-secret"))
    world.open_gate()
    await desk.settled()
    bodies = await desk.inside(lambda session: session.execute(text("SELECT body FROM inbox")).scalars().all())
    assert bodies == [None, None]
