"""Messages of one conversation keep their order without waiting for a clock; a visitor who hangs up keeps the turn."""

import asyncio
import gc
import time

from replies import eventually, may_be_sent_again, texts

from bot.dialogue.assistant import Assistant
from bot.dialogue.order import ConversationOrder
from tests.conftest import Configure
from tests.fakes.world import World


async def test_simultaneous_messages_of_one_conversation_are_answered_in_order_at_once(assistant: Assistant) -> None:
    await assistant.turns.answer("warm", "hello")
    began = time.monotonic()
    replies = await asyncio.gather(*(assistant.turns.answer("ann", f"hello {number}") for number in range(8)))
    assert [texts(reply) for reply in replies] == [[f"message {number}"] for number in range(1, 9)]
    assert time.monotonic() - began < 1.0
    tracker = await assistant.agent.tracker_store.retrieve_full_tracker("ann")
    said = [event.text for event in tracker.events if event.type_name == "user"]
    assert said == [f"hello {number}" for number in range(8)]


async def test_whoever_waits_behind_a_slow_turn_is_answered_right_after_it(assistant: Assistant, world: World) -> None:
    slow = asyncio.ensure_future(assistant.turns.answer("ann", "please hang"))
    await eventually(lambda: world.has("began"))
    behind = asyncio.ensure_future(assistant.turns.answer("ann", "hello"))
    await asyncio.sleep(0.3)
    began = time.monotonic()
    world.open_gate()
    assert texts(await slow) == ["waited as message 1"]
    assert texts(await behind) == ["message 2"]
    assert time.monotonic() - began < 0.5


async def test_whoever_waits_behind_a_turn_that_hangs_hears_of_it_in_time(
    assistant: Assistant, configure: Configure, world: World
) -> None:
    configure(turn_seconds=0.8)
    stuck = asyncio.ensure_future(assistant.turns.answer("ann", "please hang"))
    await eventually(lambda: world.has("began"))
    began = time.monotonic()
    behind = await asyncio.gather(*(assistant.turns.answer("ann", "please hang") for _ in range(3)))
    assert time.monotonic() - began < 1.4
    assert may_be_sent_again(await stuck)
    assert all(map(may_be_sent_again, behind))


async def test_a_visitor_who_hangs_up_does_not_undo_the_turn(assistant: Assistant, world: World) -> None:
    visitor = asyncio.ensure_future(assistant.turns.answer("ann", "please hang"))
    await eventually(lambda: world.has("began"))
    visitor.cancel()
    world.open_gate()
    await asyncio.gather(visitor, return_exceptions=True)
    assert visitor.cancelled()
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 2"]


async def test_a_program_that_ends_finishes_its_turns_and_begins_no_more(assistant: Assistant, world: World) -> None:
    last = asyncio.ensure_future(assistant.turns.answer("ann", "please hang"))
    await eventually(lambda: world.has("began"))
    ending = asyncio.ensure_future(assistant.turns.finish(5))
    await asyncio.sleep(0)
    assert may_be_sent_again(await assistant.turns.answer("bob", "hello"))
    world.open_gate()
    await ending
    assert last.done()
    assert texts(await last) == ["waited as message 1"]
    assert await assistant.agent.tracker_store.exists("ann")


async def test_a_program_that_may_not_wait_leaves_no_half_turn(assistant: Assistant, world: World) -> None:
    last = asyncio.ensure_future(assistant.turns.answer("ann", "please hang"))
    await eventually(lambda: world.has("began"))
    await assistant.turns.finish(0.1)
    assert last.done()
    assert not await assistant.agent.tracker_store.exists("ann")


async def test_a_conversation_that_is_idle_holds_no_lock() -> None:
    order = ConversationOrder()
    async with order.lock("ann"):
        assert order.is_someone_waiting("ann")
    gc.collect()
    assert not order.is_someone_waiting("ann")


async def test_one_who_gives_up_waiting_does_not_hold_up_the_next() -> None:
    order = ConversationOrder()
    served: list[str] = []

    async def take(name: str) -> None:
        async with order.lock("ann"):
            served.append(name)

    async with order.lock("ann"):
        waiting = [asyncio.ensure_future(take(name)) for name in ("first", "second", "third")]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
    await asyncio.gather(*waiting[1:])
    assert served == ["second", "third"]
