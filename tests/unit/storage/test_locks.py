"""Two programs want the same lock: one gets it, the other waits; a database that is gone or hangs freezes nobody."""

import asyncio
from collections.abc import Iterator

import psycopg2
import pytest

from bot.errors import DatabaseUnavailable
from bot.storage.database import Database
from bot.storage.locks import Locks, key_of
from tests.fakes.postgres import Cluster

SECONDS = 0.6


@pytest.fixture
def url(postgres: Cluster) -> str:
    return postgres.make_database()


@pytest.fixture
def mine(url: str) -> Iterator[Locks]:
    locks = Locks(url, SECONDS)
    yield locks
    locks.close()


@pytest.fixture
def theirs(url: str) -> Iterator[Locks]:
    """The locks of another program."""
    locks = Locks(url, SECONDS)
    yield locks
    locks.close()


def held(url: str) -> int:
    """How many locks the database knows of."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return int(cursor.fetchone()[0])


async def nobody_holds(url: str) -> None:
    while held(url):
        await asyncio.sleep(0.01)


async def test_what_one_holds_another_waits_for(mine: Locks, theirs: Locks) -> None:
    order: list[str] = []

    async def work(locks: Locks, name: str) -> None:
        async with locks.hold("ann"):
            order.append(f"{name} begins")
            await asyncio.sleep(0.03)
            order.append(f"{name} ends")

    await asyncio.gather(work(mine, "one"), work(theirs, "two"))
    assert order in (
        ["one begins", "one ends", "two begins", "two ends"],
        ["two begins", "two ends", "one begins", "one ends"],
    )


async def test_another_conversation_is_free(mine: Locks, theirs: Locks) -> None:
    async with mine.hold("ann"), theirs.hold("ben"):
        pass


async def test_a_lock_is_let_go_whatever_happened_in_between(mine: Locks, theirs: Locks, url: str) -> None:
    with pytest.raises(ValueError, match="on purpose"):
        async with mine.hold("ann"):
            raise ValueError("on purpose")
    async with theirs.hold("ann"):
        pass
    await nobody_holds(url)


async def test_the_same_lock_can_be_had_again_at_once(mine: Locks, url: str) -> None:
    for _ in range(20):
        async with mine.hold("ann"):
            pass
    await nobody_holds(url)


async def test_thousands_of_locks_need_one_connection(mine: Locks, url: str) -> None:
    async def work(number: int) -> None:
        async with mine.hold(f"conversation {number}"):
            await asyncio.sleep(0)

    await asyncio.gather(*(work(number) for number in range(2000)))
    await nobody_holds(url)
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        assert cursor.fetchone() == (2,)


async def test_one_who_gives_up_waiting_gets_no_lock(mine: Locks, theirs: Locks, url: str) -> None:
    async with mine.hold("ann"):
        waiting = [asyncio.ensure_future(theirs.hold("ann").__aenter__()) for _ in range(1)]
        await asyncio.sleep(0.05)
        waiting[0].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    async with mine.hold("ann"):
        pass
    await nobody_holds(url)


async def test_one_who_gives_up_at_the_moment_of_getting_it_holds_nothing(theirs: Locks, url: str) -> None:
    async with theirs.hold("warm"):
        pass
    for steps in range(12):
        taking = asyncio.ensure_future(theirs.hold("ann").__aenter__())
        for _ in range(steps):
            await asyncio.sleep(0.0002)
        taking.cancel()
        done = await asyncio.gather(taking, return_exceptions=True)
        if not isinstance(done[0], BaseException):
            continue  # it had got it before; the generator's end lets it go
    del taking
    await asyncio.wait_for(nobody_holds(url), 5)


async def test_a_connection_that_broke_is_made_anew(mine: Locks, postgres: Cluster) -> None:
    async with mine.hold("ann"):
        postgres.stop()
        postgres.start()
    async with mine.hold("ann"):
        pass


async def test_a_database_that_is_gone_is_an_error_and_comes_back(mine: Locks, postgres: Cluster) -> None:
    async with mine.hold("ann"):
        pass
    postgres.stop()
    with pytest.raises(DatabaseUnavailable):
        async with mine.hold("ann"):
            pass
    postgres.start()
    async with mine.hold("ann"):
        pass


async def test_a_database_that_hangs_is_an_error_for_all_who_wait(mine: Locks, postgres: Cluster, url: str) -> None:
    async with mine.hold("ann"):
        pass
    postgres.freeze()
    tries = [asyncio.ensure_future(mine.hold(name).__aenter__()) for name in ("ann", "ben")]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(each) for each in done] == [DatabaseUnavailable, DatabaseUnavailable]
    postgres.thaw()
    async with mine.hold("ann"):
        pass
    await asyncio.wait_for(nobody_holds(url), 10)


async def test_a_program_that_closes_holds_nothing(mine: Locks, theirs: Locks) -> None:
    await mine.hold("ann").__aenter__()
    mine.close()
    async with theirs.hold("ann"):
        pass


async def test_only_postgresql_has_locks(database: str) -> None:
    opened = Database(database, 1)
    assert (opened.locks is not None) == opened.shared == database.startswith("postgresql")
    opened.close()


def test_a_key_is_a_number_that_the_database_takes() -> None:
    keys = {key_of(name) for name in ("ann", "ben", "", "\ud800", "ä" * 999)}
    assert len(keys) == 5
    assert all(-(2**63) <= key < 2**63 for key in keys)
