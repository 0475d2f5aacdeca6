"""Runs a piece of work in one transaction, in a worker thread, within a time limit."""

import asyncio
import threading
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError, StatementError
from sqlalchemy.orm import Session

from bot.errors import DatabaseUnavailable, StrandError, WorkersBusy
from bot.storage.engine import CONNECTIONS, READ_ONLY, make_engine
from bot.workers import Workers

if TYPE_CHECKING:
    from bot.storage.locks import Locks

T = TypeVar("T")

CALLS_AT_ONCE = 8 * CONNECTIONS


class _Abandoned(Exception):
    """Nobody waits for this transaction any more: it rolls back."""


class _Gate:
    """Decides once whether a transaction is committed or abandoned, whichever asks first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._committing = False
        self._abandoned = False

    def commit(self) -> None:
        """Called by the thread before it commits; raises _Abandoned where nobody waits any more."""
        with self._lock:
            if self._abandoned:
                raise _Abandoned
            self._committing = True

    def abandon(self) -> bool:
        """Called by the one who waits; False where the commit is already under way."""
        with self._lock:
            self._abandoned = not self._committing
            return self._abandoned


class Database:
    """A database whose calls never block the event loop, and all end within `seconds`."""

    def __init__(self, url: str, seconds: float) -> None:
        self.url = url
        self.seconds = seconds
        self._workers = Workers(CALLS_AT_ONCE, "database")

    @cached_property
    def engine(self) -> Engine:
        """The engine, made at first use. Raises SettingError."""
        return make_engine(self.url, self.seconds)

    @cached_property
    def locks(self) -> "Locks | None":
        """Locks that hold across processes, made at first use; None on SQLite, where there is one process."""
        if not self.shared:
            return None
        from bot.storage.locks import Locks  # imported here, since SQLite needs no driver of PostgreSQL's

        return Locks(self.url, self.seconds)

    @property
    def shared(self) -> bool:
        """Whether several processes may work on it at once."""
        return bool(self.engine.dialect.name == "postgresql")

    async def run(self, work: Callable[[Session], T], *, read_only: bool = False) -> T:
        """What `work` returns, once it is committed; raises DatabaseUnavailable, and then nothing was changed.

        What `work` raises of our own passes: SettingError where the keys are not those that sealed what it reads.
        Whoever is cancelled before the commit leaves nothing behind; during the commit, its outcome is waited for. Only
        where the commit itself gets no answer in time is it unknown whether it was made.
        """
        gate = _Gate()
        call = asyncio.ensure_future(self._workers.run(lambda: self._transaction(work, gate, read_only)))
        try:
            done, _ = await asyncio.wait({call}, timeout=self.seconds)
        except asyncio.CancelledError:
            if gate.abandon():
                call.cancel()
                raise
            done, _ = await asyncio.wait({call}, timeout=self.seconds)
        if not done:
            gate.abandon()
            call.cancel()
            raise DatabaseUnavailable(f"the database gave no answer within {self.seconds:g} s")
        return self._result(call)

    def _transaction(self, work: Callable[[Session], T], gate: _Gate, read_only: bool) -> T:
        options = {READ_ONLY: True} if read_only else {}
        with Session(self.engine.execution_options(**options), future=True) as session:
            result = work(session)
            session.flush()
            gate.commit()
            session.commit()
            return result

    def _result(self, call: asyncio.Future[T]) -> T:
        try:
            return call.result()
        except (SQLAlchemyError, WorkersBusy, OSError) as error:
            raise honest(error) from error

    def close(self) -> None:
        """Give the idle connections back, and the locks."""
        locks = self.__dict__.get("locks")
        if locks:
            locks.close()
        if "engine" in self.__dict__:
            self.engine.dispose()


def honest(error: Exception) -> StrandError:
    """What to raise for the error of a call: our own below it, where a column's type raised one, else
    DatabaseUnavailable."""
    cause = error.orig if isinstance(error, StatementError) else None
    return cause if isinstance(cause, StrandError) else DatabaseUnavailable(explain(error))


def explain(error: Exception) -> str:
    """What a database said, in one line: the driver's first line, without the statement and its values."""
    cause = getattr(error, "orig", None) or error
    return f"the database failed: {(str(cause).strip() or type(cause).__name__).splitlines()[0]}"


@lru_cache(maxsize=8)
def open_database(url: str, seconds: float) -> Database:
    """The database of an address, shared within the process; connects to nothing yet."""
    return Database(url, seconds)
