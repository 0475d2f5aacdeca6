"""Counts a program's steps, and strikes at one of them: the process is killed, or the database's connection breaks.

Steps are what SQLAlchemy's events and aiohttp's traces tell of; the program itself knows nothing of it.
"""

import os
import re
import signal
import socket
import threading
from contextvars import ContextVar
from functools import partial
from typing import Any, Literal

import psycopg2
from aiohttp import ClientSession, TraceConfig
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bench.crash.log import Log
from bot.leads.delivery import http

# kill: SIGKILL. cut: the connection's socket is shut, or the SQLite file is closed. end: PostgreSQL ends the session.
Fault = Literal["none", "kill", "cut", "end"]
Strike = tuple[Fault, int]  # at the step of this number

SIGNALS = ("request_start", "connection_create_end", "request_chunk_sent", "request_end")
TABLE = re.compile(r"\b(?:INTO|UPDATE|FROM)\s+(\w+)")
END_MILLISECONDS = 2000

part: ContextVar[str] = ContextVar("part", default="program")


class Faults:
    """Strikes where it was told to; `every` writes each step's name to the log."""

    def __init__(self, log: Log, every: bool) -> None:
        self._log, self._every = log, every
        self._fault: Fault = "none"
        self._at, self._count, self._counts = 0, 0, False
        self._lock = threading.Lock()
        self._idle: set[Any] = set()
        self._mine = threading.local()

    def arm(self, fault: Fault, at: int) -> None:
        """Strike once, at the step of number `at` from now on, counted from 1."""
        self._fault, self._at, self._count, self._counts = fault, at, 0, True

    def rest(self) -> None:
        """Count nothing until the next `arm`."""
        self._counts = False

    def step(self, name: str, connection: Any = None) -> bool:
        """A step is reached; returns whether it was struck. Where none is at work in it, idle connections break."""
        if not self._counts:
            return False
        with self._lock:
            self._count += 1
            strikes = self._count == self._at
        if self._every:
            self._log.write("step", f"{part.get()}: {name}")
        if strikes:
            self._log.write("hit", self._fault, f"{part.get()}: {name}")
            self._strike({connection} if connection else set(self._idle))
        return strikes

    def _strike(self, connections: set[Any]) -> None:
        if self._fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        for connection in connections:
            _break(connection, self._fault)

    def watch_database(self, engine: Engine) -> None:
        """Count what is asked of a database, and each commit: when it is asked for, made, and known to be made."""
        event.listen(engine, "checkin", lambda raw, _: self._idle.add(raw) if raw else None)
        event.listen(engine, "close", lambda raw, _: self._idle.discard(raw))
        event.listen(engine, "checkout", lambda raw, *_: self._idle.discard(raw))
        event.listen(engine, "begin", lambda connection: self._at_work(connection, "begin"))
        event.listen(engine, "commit", lambda connection: self._at_work(connection, "commit"))
        event.listen(engine, "before_cursor_execute", partial(self._statement, "before"))
        event.listen(engine, "after_cursor_execute", partial(self._statement, "after"))
        event.listen(Session, "after_commit", lambda _: self.step("committed", getattr(self._mine, "raw", None)))
        commit = engine.dialect.do_commit
        engine.dialect.do_commit = partial(self._lose_answer, commit, engine.dialect.dbapi.OperationalError)

    def watch_http(self) -> None:
        """Count what becomes of a webhook's request."""
        trace = TraceConfig()
        for name in SIGNALS:
            getattr(trace, f"on_{name}").append(partial(self._request, name.replace("_", " ")))
        # Given to the sessions from outside, as this test's own: the program makes them without.
        vars(http)["ClientSession"] = partial(ClientSession, trace_configs=[trace])

    def _at_work(self, connection: Any, name: str) -> None:
        self._mine.raw = connection.connection.dbapi_connection
        self.step(name, self._mine.raw)

    def _statement(self, when: str, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        table = TABLE.search(statement)
        self._at_work(connection, f"{when} {statement.split()[0]} {table.group(1) if table else ''}".rstrip())

    def _lose_answer(self, commit: Any, error: type[Exception], fairy: Any) -> None:
        """A commit that is made, and whose answer may get lost: nobody knows then that it was made."""
        commit(fairy)
        if self.step("commit made, not yet answered", fairy.dbapi_connection):
            raise error("the connection broke before the answer to the commit")

    async def _request(self, name: str, *_: Any) -> None:
        self.step(name)


def _break(connection: Any, fault: Fault) -> None:
    if not hasattr(connection, "get_backend_pid"):  # SQLite
        connection.close()
    elif connection.closed:
        return
    elif fault == "end":
        _end_session(connection.dsn, connection.get_backend_pid())
    else:
        with socket.socket(fileno=os.dup(connection.fileno())) as twin:
            twin.shutdown(socket.SHUT_RDWR)


def _end_session(address: str, process: int) -> None:
    other = psycopg2.connect(address)
    try:
        other.cursor().execute("SELECT pg_terminate_backend(%s, %s)", (process, END_MILLISECONDS))
        other.commit()
    finally:
        other.close()
