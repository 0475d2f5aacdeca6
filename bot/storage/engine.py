"""Makes the engine of a database: every wait in it has an end."""

import contextlib
import math
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from bot.errors import SettingError

CONNECTIONS = 8
READ_ONLY = "strand_read_only"
FORGETS = "strand_forgets"
CUT_MILLISECONDS = 200  # how long the log's end waits for those who read


def make_engine(url: str, seconds: float) -> Engine:
    """An engine that has not connected yet, and whose connections give up a statement after `seconds`.

    Raises SettingError for an address that is none, or of a database other than SQLite and PostgreSQL.
    """
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise SettingError("STRAND_DATABASE_URL is no SQLAlchemy address") from error
    if kind == "sqlite":
        return _sqlite(url, seconds)
    if kind == "postgresql":
        return _postgresql(url, seconds)
    raise SettingError(f"STRAND_DATABASE_URL names {kind}; Strand keeps its data in sqlite or postgresql")


def _pool(seconds: float) -> dict[str, Any]:
    # Parameters are hidden from errors, since errors go to the log and visitors' words do not belong there.
    return {
        "future": True,
        "hide_parameters": True,
        "pool_size": CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": seconds,
    }


def _sqlite(url: str, seconds: float) -> Engine:
    file = make_url(url).database
    if not file or file == ":memory:":
        raise SettingError("STRAND_DATABASE_URL must name a file: SQLite in memory forgets everything")
    Path(file).absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    arguments = {"timeout": seconds, "check_same_thread": False}
    engine = create_engine(url, poolclass=QueuePool, connect_args=arguments, **_pool(seconds))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "checkin", _empty_log)
    return engine


def forget_for_good(connection: Connection) -> None:
    """Ask that nothing which this transaction overwrites stays readable in the database's files."""
    connection.info[FORGETS] = True


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions by itself, late and only for writes: `_begin_sqlite` does it instead.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")


def _begin_sqlite(connection: Connection) -> None:
    # One that starts by reading and then writes fails at once where another wrote in between; IMMEDIATE waits.
    reading = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _empty_log(connection: Any, record: Any) -> None:
    """Write SQLite's log into the file and cut it off, where that was asked; best effort, since all is committed."""
    if connection is None or not record.info.pop(FORGETS, False):
        return
    with contextlib.suppress(sqlite3.Error):
        (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute(f"PRAGMA busy_timeout={CUT_MILLISECONDS}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA busy_timeout={patience}")


def _postgresql(url: str, seconds: float) -> Engine:
    milliseconds = max(1, round(seconds * 1000))
    limits = {"statement_timeout": milliseconds, "lock_timeout": milliseconds}
    limits["idle_in_transaction_session_timeout"] = milliseconds
    arguments = {
        "connect_timeout": max(1, math.ceil(seconds)),
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        "keepalives": 1,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": max(1000, 2 * milliseconds),
    }
    return create_engine(url, connect_args=arguments, pool_pre_ping=True, **_pool(seconds))
