"""The database refuses, hangs, is down at the start, comes back: nobody is frozen, nothing forgotten or half done."""

import asyncio
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from replies import eventually, longest_freeze, may_be_sent_again, texts
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
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


def insert_conversation(session: Session) -> str:
    columns = "id, last_sequence, snapshot, updated_at"
    session.execute(text(f"INSERT INTO conversations ({columns}) VALUES ('ann', 0, '{{}}', CURRENT_TIMESTAMP)"))
    return "written"


def count_conversations(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM conversations")).scalar_one())


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
        insert_conversation(session)
        loop.call_soon_threadsafe(in_work.set)
        time.sleep(0.3)

    call = asyncio.ensure_future(store.run(write_slowly))
    await in_work.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.sleep(0.5)
    assert await store.run(count_conversations) == 0


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


async def test_a_commit_that_is_under_way_when_the_caller_gives_up_is_waited_for(database: str) -> None:
    store = open_database(database, 5)
    committing = threading.Event()

    def commit_slowly(_connection: Connection) -> None:
        committing.set()
        time.sleep(0.3)

    event.listen(store.engine, "commit", commit_slowly)
    call = asyncio.ensure_future(store.run(insert_conversation))
    await asyncio.to_thread(committing.wait, 5)
    call.cancel()
    assert await call == "written"
    event.remove(store.engine, "commit", commit_slowly)
    assert await store.run(count_conversations) == 1


async def test_what_visitors_say_is_not_in_the_log_when_the_database_fails(
    on_postgres: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    await on_postgres.turns.answer("ann", "hello")
    await open_database(settings().database, 0.5).run(
        lambda session: session.execute(text("ALTER TABLE tracker_events ADD CHECK (type <> 'user') NOT VALID"))
    )
    assert may_be_sent_again(await on_postgres.turns.answer("ann", "my private matter"))
    assert "check constraint" in caplog.text
    assert "private" not in caplog.text


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
