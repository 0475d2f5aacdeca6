"""What one program tells, the others hear, and it does not hear itself; where the connection broke, all may look."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import psycopg2
import pytest

from bot.storage import signals
from bot.storage.database import Database
from bot.storage.signals import CHANNEL, MOST_CHARACTERS, Listener
from tests.fakes.postgres import Cluster


class Ear:
    """A listener, and what it heard."""

    def __init__(self, database: Database) -> None:
        self.heard: asyncio.Queue[str | None] = asyncio.Queue()
        self.database = database
        self.listener = Listener(database, self.heard.put_nowait)

    async def next(self) -> str | None:
        return await asyncio.wait_for(self.heard.get(), 10)


@pytest.fixture
async def ear(postgres: Cluster) -> AsyncIterator[Ear]:
    made = Ear(Database(postgres.make_database(), 1))
    made.listener.start()
    yield made
    await made.listener.close()
    made.database.close()


class Another:
    """Another program on the same database."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url)

    def tell(self, words: str, commit: bool = True) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"1-another {words}"))
        self.connection.commit() if commit else self.connection.rollback()


@pytest.fixture
def another(ear: Ear) -> Iterator[Another]:
    made = Another(ear.database.url)
    yield made
    made.connection.close()


async def test_what_another_program_tells_is_heard(ear: Ear, another: Another) -> None:
    assert await ear.next() is None, "what was told before may have been missed"
    longest = "x" * MOST_CHARACTERS
    for words in ("ann", "ben with more to say", longest):
        another.tell(words)
        assert await ear.next() == words


async def test_what_it_tells_itself_is_not_heard(ear: Ear, another: Another) -> None:
    await ear.next()
    await ear.database.run(lambda session: signals.tell(session, "own"))
    another.tell("other")
    assert await ear.next() == "other"
    assert ear.heard.empty()


async def test_what_is_not_committed_is_not_told(ear: Ear, another: Another) -> None:
    await ear.next()
    another.tell("undone", commit=False)
    another.tell("done")
    assert await ear.next() == "done"


async def test_a_connection_that_broke_is_made_anew_and_all_may_look(ear: Ear, postgres: Cluster) -> None:
    await ear.next()
    postgres.stop()
    await asyncio.sleep(0.15)
    postgres.start()
    assert await ear.next() is None
    Another(ear.database.url).tell("again")
    assert await ear.next() == "again"
    assert ear.heard.empty()


async def test_a_database_that_is_down_at_first_is_waited_for(postgres: Cluster) -> None:
    url = postgres.make_database()
    postgres.stop()
    ear = Ear(Database(url, 1))
    ear.listener.start()
    await asyncio.sleep(0.05)
    postgres.start()
    assert await ear.next() is None
    await ear.listener.close()


async def test_nothing_is_left_of_one_who_listens_no_more(ear: Ear) -> None:
    await ear.next()
    await ear.listener.close()
    with psycopg2.connect(ear.database.url) as connection, connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query ILIKE %s", (f"LISTEN {CHANNEL}",))
            if cursor.fetchone() == (0,):
                return
            await asyncio.sleep(0.02)
    raise AssertionError("the connection stays")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_on_sqlite_nobody_is_told_and_nobody_listens(database: str) -> None:
    ear = Ear(Database(database, 1))
    ear.listener.start()
    await ear.database.run(lambda session: signals.tell(session, "ann"))
    await ear.listener.close()
    assert ear.heard.empty()
    ear.database.close()
