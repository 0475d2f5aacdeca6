"""Two programs on one PostgreSQL: whichever takes a message, it is answered once and in order, and both hear of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from inbox_child import Child, Nursery, child_of
from inbox_desk import Desk, now, opened
from replies import eventually

from bot.dialogue.assistant import Assistant
from bot.leads.erasure import erase_conversation
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.fakes.world import World

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture(scope="module")
def nursery(small_model: Path) -> Iterator[Nursery]:
    made = Nursery(small_model)
    yield made
    made.end()


@pytest.fixture
def child(nursery: Nursery, assistant: Assistant) -> Iterator[Child]:
    with child_of(nursery) as made:
        yield made


@pytest.fixture
async def desk(assistant: Assistant, child: Child) -> AsyncIterator[Desk]:
    async with opened(assistant, start=True) as made:
        await eventually(lambda: any(not news.conversation for news in made.heard))
        yield made


def told_of(desk: Desk, conversation: str) -> bool:
    return any(news.conversation == conversation for news in desk.heard)


async def test_messages_that_both_take_are_answered_once_and_in_order(desk: Desk, child: Child) -> None:
    for number in range(1, 21):
        if number % 2:
            await desk.say(f"hello {number}", str(number))
        else:
            child.accept(("web", "ann", str(number), f"hello {number}"))
            await child.accepted()
    await desk.settled()
    transcript = await desk.transcript()
    assert transcript[::2] == [f"> hello {number}" for number in range(1, 21)]
    assert transcript[1::2] == [f"message {number}" for number in range(1, 21)]


async def test_a_retry_at_the_other_program_is_the_same_message(desk: Desk, child: Child, world: World) -> None:
    await desk.say("please hang", "1")
    await eventually(lambda: world.has("began"))
    child.accept(("web", "ann", "1", "please hang"))
    assert not (await child.accepted())["fresh"]
    world.open_gate()
    await desk.settled()
    assert await desk.transcript() == ["> please hang", "waited as message 1"]
    assert world.notes("began") == [""]


async def test_a_message_behind_a_slow_one_of_the_other_program_waits_for_it(
    desk: Desk, child: Child, world: World
) -> None:
    child.accept(("web", "ann", "1", "please hang"))
    await eventually(lambda: world.has("began"))
    await desk.say("hello", "2")
    await asyncio.sleep(0.2)
    assert await desk.transcript() == []
    world.open_gate()
    await desk.settled()
    assert (await desk.transcript())[1::2] == ["waited as message 1", "message 2"]


async def test_who_listens_at_one_program_hears_what_the_other_answers(desk: Desk, child: Child) -> None:
    child.accept(("web", "ann", "1", "hello"))
    conversation = (await child.accepted())["conversation"]
    await eventually(lambda: told_of(desk, conversation))
    await desk.say("hello", "2", "ben")
    there = await desk.conversation("ben")
    assert (await child.hears(lambda line: line["news"] == there))["items"] == []


async def test_a_failure_at_one_program_is_news_at_the_other(desk: Desk, child: Child) -> None:
    child.accept(("web", "ann", "1", "please break"))
    conversation = (await child.accepted())["conversation"]
    await eventually(lambda: told_of(desk, conversation))
    assert [each.state for each in await desk.open()] == ["failed"]


async def test_a_minor_s_answer_is_heard_at_the_other_program_although_nothing_stays(desk: Desk, child: Child) -> None:
    child.accept(("web", "ann", "1", "please minor"))
    await eventually(lambda: desk.live() == ["ask a parent"])
    (news,) = [each for each in desk.heard if each.items]
    assert (news.after, news.until >= news.items[-1].cursor) == (0, True)
    assert await desk.transcript() == []


async def test_the_end_of_a_chat_is_heard_at_the_other_program_with_its_last_words(desk: Desk, child: Child) -> None:
    await desk.say("hello", "1")
    await desk.settled()
    child.accept(("web", "ann", "2", "please erase"))
    await eventually(lambda: any(news.ended for news in desk.heard))
    assert desk.live() == ["message 1", "all is deleted"]
    assert await desk.conversation() is None


async def test_an_erasure_by_the_clinic_ends_the_chat_at_every_program(desk: Desk, child: Child) -> None:
    conversation = (await desk.say("hello", "1")).conversation
    await desk.settled()
    await erase_conversation(desk.database, conversation, "operator", now())
    assert (await child.hears(lambda line: line["ended"]))["news"] == conversation


async def test_that_an_answer_takes_its_time_is_heard_at_the_other_program(
    desk: Desk, child: Child, world: World, configure: Configure
) -> None:
    configure(moment_seconds=0.05)
    message = await desk.say("please hang", "1")
    line = await child.hears(lambda line: line["moment"])
    assert line["news"] == message.conversation
    world.open_gate()


async def test_a_connection_that_broke_makes_all_look(desk: Desk, postgres: Cluster) -> None:
    desk.heard.clear()
    postgres.stop()
    postgres.start()
    await eventually(lambda: any(not news.conversation for news in desk.heard), 10)


async def test_the_locks_of_a_killed_program_are_free(desk: Desk, child: Child, world: World) -> None:
    child.die("in the action")
    child.accept(("web", "ann", "1", "please hang"))
    assert await child.end() == -9
    world.open_gate()
    assert not (await desk.say("please hang", "1")).fresh
    await desk.settled()
    assert await desk.transcript() == ["> please hang", "waited as message 1"]
