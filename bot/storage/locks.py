"""Locks that hold across processes on one PostgreSQL: what one holds, no other gets, until it lets go or ends.

All locks of a process are held by one connection. Should it break, they are lost: they give order, and what must not
happen twice has to rest on something else.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import psycopg2

from bot.errors import DatabaseUnavailable
from bot.storage import alone
from bot.workers import Workers

FIRST_PAUSE = 0.01
LONGEST_PAUSE = 0.1
# Calls that hang are given up, and their threads are freed soon after.
THREADS = 4

# One exchange with the database, whatever is asked: first what is let go, then what is wanted, in order.
LET_GO = "SELECT count(pg_advisory_unlock(key)) FROM unnest(%s::bigint[]) AS given (key)"
TRY = "SELECT pg_try_advisory_lock(key) FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (key, place) ORDER BY place"


@dataclass(frozen=True)
class _Held:
    """A lock that is held, and the connection that holds it."""

    connection: Any
    key: int


@dataclass(frozen=True)
class _Wanted:
    """A lock that somebody tries to get; `answer` is the lock, or None where another process holds it."""

    key: int
    answer: "asyncio.Future[_Held | None]"


class Locks:
    """The locks of this process in the database of an address. What is tried at the same time goes in one exchange.

    Within the process nobody may try for a lock that is held here: the database would give it twice.
    """

    def __init__(self, url: str, seconds: float) -> None:
        self._url, self._seconds = url, seconds
        self._workers = Workers(THREADS, "locks")
        self._connection: Any = None
        self._wanted: list[_Wanted] = []
        self._free: list[_Held] = []
        self._exchanging: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Hold the lock of a name within the block, waiting for it as long as it takes; raises DatabaseUnavailable."""
        held = await self._take(key_of(name))
        try:
            yield
        finally:
            self._let_go(held)

    def close(self) -> None:
        """Let go of everything."""
        if self._connection is not None:
            alone.cut(self._connection)
            self._connection = None

    async def _take(self, key: int) -> _Held:
        pause = FIRST_PAUSE
        while True:
            held = await self._try(key)
            if held:
                return held
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, LONGEST_PAUSE)

    async def _try(self, key: int) -> _Held | None:
        wanted = _Wanted(key, asyncio.get_running_loop().create_future())
        self._wanted.append(wanted)
        self._exchange_soon()
        try:
            return await wanted.answer
        except asyncio.CancelledError:
            if not wanted.answer.cancelled() and wanted.answer.exception() is None and wanted.answer.result():
                self._let_go(wanted.answer.result())  # it came at the moment of the cancellation
            raise

    def _let_go(self, held: _Held | None) -> None:
        if held and held.connection is self._connection:
            self._free.append(held)
            self._exchange_soon()

    def _exchange_soon(self) -> None:
        if self._exchanging is None or self._exchanging.done():
            self._exchanging = asyncio.create_task(self._exchange_all())

    async def _exchange_all(self) -> None:
        while self._wanted or self._free:
            wanted, self._wanted = self._wanted, []
            free, self._free = self._free, []
            try:
                given = await self._exchange([each.key for each in wanted], free)
            except DatabaseUnavailable as error:
                self.close()
                for each in wanted:
                    if not each.answer.done():
                        each.answer.set_exception(DatabaseUnavailable(str(error)))
            else:
                self._answer(wanted, given)

    async def _exchange(self, keys: Sequence[int], free: Sequence[_Held]) -> Sequence[bool]:
        present = self._connection
        let_go = [held.key for held in free if held.connection is present]
        work = _Exchange(self._url, self._seconds, present, keys, let_go)
        self._connection, given = await alone.within(self._workers, self._seconds, work, _cut_late)
        return given

    def _answer(self, wanted: Sequence[_Wanted], given: Sequence[bool]) -> None:
        for each, got in zip(wanted, given, strict=True):
            held = _Held(self._connection, each.key) if got else None
            if each.answer.done():  # whoever wanted it has been cancelled
                self._let_go(held)
            else:
                each.answer.set_result(held)


@dataclass(frozen=True)
class _Exchange:
    """What a thread does: asks on the present connection, and, where that has broken meanwhile, on a new one."""

    url: str
    seconds: float
    present: Any
    keys: Sequence[int]
    let_go: Sequence[int]

    def __call__(self) -> tuple[Any, Sequence[bool]]:
        if self.present is not None:
            try:
                return self.present, self._ask(self.present, self.let_go)
            except psycopg2.Error:
                alone.cut(self.present)
        if not self.keys:
            return None, []
        anew = alone.connect(self.url, self.seconds)
        return anew, self._ask(anew, [])

    def _ask(self, connection: Any, let_go: Sequence[int]) -> Sequence[bool]:
        with connection.cursor() as cursor:
            cursor.execute(f"{LET_GO}; {TRY}", (list(let_go), list(self.keys)))
            return [got for (got,) in cursor.fetchall()]


def _cut_late(done: tuple[Any, Sequence[bool]]) -> None:
    connection, _ = done
    if connection is not None:
        alone.cut(connection)


def key_of(name: str) -> int:
    """The number that PostgreSQL knows a lock by: 64 bits, signed."""
    return int.from_bytes(sha256(name.encode("utf-8", "replace")).digest()[:8], "big", signed=True)
