"""Tells other processes on the same PostgreSQL that something is new; on SQLite there is one process, and no need."""

import asyncio
import logging
import os
import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.errors import DatabaseUnavailable
from bot.storage.database import Database
from bot.workers import Workers

CHANNEL = "strand_news"
MOST_CHARACTERS = 7900  # PostgreSQL takes 8,000 bytes
PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)
THREADS = 2

logger = logging.getLogger(__name__)

Heard = Callable[[str | None], None]


def tell(session: Session, words: str) -> None:
    """Say `words`, ASCII and not too many, to every process that listens, once the transaction is committed."""
    if session.get_bind().dialect.name == "postgresql":
        said = {"channel": CHANNEL, "words": f"{_process()} {words}"}
        session.execute(text("SELECT pg_notify(:channel, :words)"), said)


@lru_cache(maxsize=1)
def _token() -> str:
    return secrets.token_hex(8)


def _process() -> str:
    """What tells this process from all others, one that was forked from it included."""
    return f"{os.getpid()}-{_token()}"


class Listener:
    """Hears, on a connection of its own, what other processes tell; on SQLite it does nothing.

    `heard` is called in the event loop with what was told; and with None whenever it begins to hear, at first and after
    each time that the connection broke: what was told before may have been missed.
    """

    def __init__(self, database: Database, heard: Heard) -> None:
        self._database, self._heard = database, heard
        self._workers = Workers(THREADS, "listening")
        self._listening: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to hear, now or as soon as the database can be reached."""
        if self._database.shared:
            self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Hear nothing more."""
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        failed = 0
        while True:
            try:
                connection = await self._connect()
            except DatabaseUnavailable as error:
                if not failed:
                    logger.warning("no news of other processes: %s", error)
                await asyncio.sleep(PAUSES[min(failed, len(PAUSES) - 1)])
                failed += 1
            else:
                failed = 0
                await self._hear(connection)

    async def _connect(self) -> Any:
        from bot.storage import alone  # imported here, since SQLite needs no driver of PostgreSQL's

        url, seconds = self._database.url, self._database.seconds

        def connect() -> Any:
            connection = alone.connect(url, seconds)
            connection.cursor().execute(f"LISTEN {CHANNEL}")
            return connection

        return await alone.within(self._workers, seconds, connect, alone.cut)

    async def _hear(self, connection: Any) -> None:
        """Hear until the connection breaks."""
        loop = asyncio.get_running_loop()
        broken = loop.create_future()
        place = connection.fileno()
        loop.add_reader(place, self._read, connection, broken)
        try:
            self._heard(None)
            self._read(connection, broken)
            await broken
        finally:
            loop.remove_reader(place)
            connection.close()

    def _read(self, connection: Any, broken: "asyncio.Future[None]") -> None:
        try:
            connection.poll()
        except connection.Error as error:
            logger.warning("no news of other processes: %s", str(error).strip().partition("\n")[0])
            if not broken.done():
                broken.set_result(None)
        told, connection.notifies[:] = list(connection.notifies), []
        for each in told:
            process, _, words = each.payload.partition(" ")
            if process != _process():
                self._heard(words)
