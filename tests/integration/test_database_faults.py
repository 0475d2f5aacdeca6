"""The database refuses, hangs, is down at the start, comes back: nobody is frozen, nothing forgotten or half done."""

import asyncio
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from replies import eventually, longest_freeze, may_be_sent_again, texts
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.dialogue.assistant import Assistant, load
from bot.errors import DatabaseUnavailable, SettingError
from bot.settings import settings
from bot.storage.database import CALLS_AT_ONCE, Database, open_database
from bot.storage.schema import migrate
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.fakes.world import World


@pytest.fixture
async def on_postgres(small_model: Path, postgres: Cluster, configure: Configure, world: World) -> Assistant:
    configure(database_url=postgres.make_database(), database_seconds=0.5, turn_seconds=2)
    migrate(settings().database)
    return await load(small_model)


def count_events() -> int:
    """How many events are stored, as a database client of its own sees it."""
    database = Database(settings().database, 5)
    try:
        with Session(database.engine, future=True) as session:
            return int(session.execute(text("SELECT count(*) FROM tracker_events")).scalar_one())
    finally:
        database.close()


async def test_a_database_that_refuses_is_told_to_the_visitor_and_forgets_nothing(
    on_postgres: Assistant, postgres: Cluster
) -> None:
    assert texts(await on_postgres.turns.answer("ann", "hello")) == ["message 1"]
    postgres.stop()
    assert may_be_sent_again(await on_postgres.turns.answer("ann", "hello"))
    postgres.start()
    assert texts(await on_postgres.turns.answer("ann", "hello")) == ["message 2"]


async def test_a_database_that_hangs_freezes_nobody(on_postgres: Assistant, postgres: Cluster) -> None:
    assert texts(await on_postgres.turns.answer("ann", "hello")) == ["message 1"]
    stored = count_events()
    postgres.freeze()
    began = time.monotonic()
    turn = asyncio.ensure_future(on_postgres.turns.answer("ann", "hello"))
    assert await longest_freeze(turn) < 0.3
    assert may_be_sent_again(await turn)
    assert time.monotonic() - began < 2
    postgres.thaw()
    await asyncio.sleep(0.2)
    assert count_events() == stored
    assert texts(await on_postgres.turns.answer("ann", "hello")) == ["message 2"]


async def test_a_database_that_hangs_between_reading_and_writing_leaves_nothing_half_done(
    on_postgres: Assistant, postgres: Cluster, world: World
) -> None:
    await on_postgres.turns.answer("ann", "hello")
    stored = count_events()
    turn = asyncio.ensure_future(on_postgres.turns.answer("ann", "please hang"))
    await eventually(lambda: world.has("began"))
    postgres.freeze()
    world.open_gate()
    assert may_be_sent_again(await turn)
    postgres.thaw()
    await asyncio.sleep(0.2)
    assert count_events() == stored
    assert texts(await on_postgres.turns.answer("ann", "hello")) == ["message 2"]


async def test_a_locked_sqlite_file_is_told_to_the_visitor_and_frees_nobody_too_late(
    small_model: Path, configure: Configure, world: World
) -> None:
    configure(database_seconds=0.4)
    assistant = await load(small_model)
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 1"]
    other = sqlite3.connect(settings().state_dir / "strand.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert may_be_sent_again(await assistant.turns.answer("ann", "hello"))
    other.execute("ROLLBACK")
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 2"]
    await assistant.close(1)


async def test_a_database_that_is_down_at_the_start_is_waited_for_by_nobody(
    small_model: Path, postgres: Cluster, configure: Configure, world: World
) -> None:
    configure(database_url=postgres.make_database(), database_seconds=0.5)
    migrate(settings().database)
    postgres.stop()
    assistant = await load(small_model)
    assert may_be_sent_again(await assistant.turns.answer("ann", "hello"))
    postgres.start()
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 1"]


async def test_a_store_of_the_wrong_type_stops_the_start(
    small_model: Path, configure: Configure, tmp_path: Path
) -> None:
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text("tracker_store:\n  type: bot.transcripts.tracker_stoer.BoundedTrackerStore\n")
    with pytest.raises(SettingError, match="tracker_stoer"):
        await load(small_model, endpoints=endpoints)


async def test_a_call_that_nobody_waits_for_any_more_is_rolled_back(database: str) -> None:
    store = open_database(database, 5)
    in_work = asyncio.Event()
    loop = asyncio.get_running_loop()

    def write_slowly(session: Session) -> None:
        session.execute(
            text(
                "INSERT INTO conversations (id, last_sequence, snapshot, updated_at) "
                "VALUES ('ann', 0, '{}', CURRENT_TIMESTAMP)"
            )
        )
        loop.call_soon_threadsafe(in_work.set)
        time.sleep(0.3)

    call = asyncio.ensure_future(store.run(write_slowly))
    await in_work.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.sleep(0.5)
    count = await store.run(lambda session: session.execute(text("SELECT count(*) FROM conversations")).scalar_one())
    assert count == 0


async def test_a_call_that_takes_too_long_is_rolled_back_and_said_to_have_failed(database: str) -> None:
    store = open_database(database, 0.2)

    def write_slowly(session: Session) -> None:
        session.execute(text("CREATE TABLE half_done (id INTEGER)"))
        time.sleep(0.5)

    with pytest.raises(DatabaseUnavailable, match="no answer within"):
        await store.run(write_slowly)
    await asyncio.sleep(0.6)
    with pytest.raises(DatabaseUnavailable, match="half_done"):
        await store.run(lambda session: session.execute(text("SELECT * FROM half_done")).all())


async def test_more_calls_than_threads_fail_at_once(database: str) -> None:
    store = open_database(database, 1)
    gate = threading.Event()
    hanging = [asyncio.ensure_future(store._workers.run(lambda: gate.wait(5))) for _ in range(CALLS_AT_ONCE)]
    await asyncio.sleep(0)
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable, match="busy"):
        await store.run(lambda session: None)
    assert time.monotonic() - began < 0.5
    gate.set()
    await asyncio.gather(*hanging)
