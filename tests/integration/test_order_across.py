"""A conversation on PostgreSQL is held against other programs; one that is kept nowhere asks no database."""

import asyncio
from pathlib import Path

import pytest
from replies import eventually, texts

from bot.dialogue.assistant import Assistant, load
from bot.settings import settings
from bot.storage.locks import Locks
from bot.transcripts.tracker_store import BoundedTrackerStore
from tests.conftest import Configure
from tests.fakes.world import World

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@on_postgresql
async def test_a_turn_waits_for_another_program_that_holds_its_conversation(assistant: Assistant) -> None:
    others = Locks(settings().database, 3)
    async with others.hold("ann"):
        turn = asyncio.ensure_future(assistant.turns.answer("ann", "hello"))
        assert texts(await assistant.turns.answer("ben", "hello")) == ["message 1"]
        await asyncio.sleep(0.1)
        assert not turn.done()
    assert texts(await turn) == ["message 1"]
    others.close()


@on_postgresql
async def test_a_turn_by_the_reference_channel_holds_its_address_and_its_conversation(
    assistant: Assistant, world: World
) -> None:
    turn = asyncio.ensure_future(assistant.turns.answer_from("rest", "ann", "please hang"))
    await eventually(lambda: world.has("began"))
    store = BoundedTrackerStore()
    conversation = await store.known_conversation("rest", "ann")
    others = Locks(settings().database, 3)
    for name in ("rest ann", conversation):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(others.hold(name).__aenter__(), 0.1)
    world.open_gate()
    await turn
    for name in ("rest ann", conversation):
        async with others.hold(name):
            pass
    others.close()


@on_postgresql
async def test_whoever_waits_too_long_for_another_program_is_told(assistant: Assistant, configure: Configure) -> None:
    configure(turn_seconds=0.2)
    others = Locks(settings().database, 3)
    async with others.hold("ann"):
        replies = await assistant.turns.answer("ann", "hello")
    assert replies[-1]["custom"] == {"kind": "error", "retry": True}
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 1"]
    others.close()


@on_postgresql
async def test_a_rehearsal_holds_nothing_in_the_database(assistant: Assistant) -> None:
    others = Locks(settings().database, 3)
    async with others.hold("rehearsal"):
        assert texts(await assistant.rehearse("hello")) == ["message 1"]
    others.close()


async def test_a_conversation_that_is_kept_nowhere_asks_no_database(
    small_model: Path, configure: Configure, world: World
) -> None:
    configure(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    thrown_away = await load(small_model, throwaway=True)
    assert texts(await thrown_away.turns.answer("ann", "hello")) == ["message 1"]
    await thrown_away.close(1)
