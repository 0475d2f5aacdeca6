"""A connection to PostgreSQL of its own, outside of every pool, that stays open: for locks, and to hear of news."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg2
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import DatabaseUnavailable, WorkersBusy
from bot.storage.database import honest
from bot.storage.engine import make_engine
from bot.workers import Workers

T = TypeVar("T")


def connect(url: str, seconds: float) -> Any:
    """The driver's connection, each statement of which is a transaction by itself, and ends within `seconds`.

    Blocks; raises what SQLAlchemy raises.
    """
    pooled = make_engine(url, seconds).raw_connection()
    pooled.detach()
    connection = pooled.dbapi_connection
    connection.autocommit = True
    return connection


def cut(connection: Any) -> None:
    """End a connection at once, also one that a thread waits on: to close it would be to wait for that thread."""
    with contextlib.suppress(OSError, psycopg2.Error), socket.socket(fileno=os.dup(connection.fileno())) as twin:
        twin.shutdown(socket.SHUT_RDWR)


async def within(workers: Workers, seconds: float, work: Callable[[], T], late: Callable[[T], None]) -> T:
    """What `work` returns, in a thread; raises DatabaseUnavailable where it fails or takes longer than `seconds`.

    `late` gets, in the event loop, what comes of it when nobody waits for it any more.
    """
    call = asyncio.ensure_future(workers.run(work))
    try:
        done, _ = await asyncio.wait({call}, timeout=seconds)
    except asyncio.CancelledError:
        call.add_done_callback(lambda over: _hand_over(over, late))
        raise
    if not done:
        call.add_done_callback(lambda over: _hand_over(over, late))
        raise DatabaseUnavailable(f"the database gave no answer within {seconds:g} s")
    try:
        return call.result()
    except (SQLAlchemyError, psycopg2.Error, WorkersBusy, OSError) as error:
        raise honest(error) from error


def _hand_over(call: "asyncio.Future[T]", late: Callable[[T], None]) -> None:
    if not call.cancelled() and call.exception() is None:
        late(call.result())
