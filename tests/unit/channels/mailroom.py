"""Replies that wait on a database, at a time that the test moves, and channels that only pretend to send."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from bot.chat.channels.channel import Channel, Event, Limits, Request, Said
from bot.chat.channels.outgoing import Outgoing
from bot.dialogue.intake import News
from bot.errors import DatabaseUnavailable
from bot.settings import Settings
from bot.storage.database import Database
from bot.transcripts import replies
from bot.transcripts.tables import replies as table

T = TypeVar("T")

MADE = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
CONFIRMATION = {"kind": "account", "action": "opted_out"}


class Pretender(Channel):
    """A channel that fails with what it is told to, else keeps whom it sent what; while `gate` is closed, it hangs."""

    limits = Limits(characters=1000, buttons=3, title_characters=20, brief=False)

    def __init__(self, name: str = "telegram") -> None:
        self.name = name  # type: ignore[misc]  # each pretends to be another
        self.sent: list[tuple[str, str]] = []
        self.tried: list[tuple[str, str]] = []
        self.under_way: set[str] = set()
        self.twice_at_once: list[str] = []
        self.failures: list[Exception] = []
        self.always: Exception | None = None
        self.before: Callable[[str], None] = lambda _text: None
        self.gate = asyncio.Event()
        self.gate.set()
        self._changed = asyncio.Condition()

    def verify(self, request: Request, now: datetime) -> bool:
        raise NotImplementedError

    def read(self, request: Request) -> Sequence[Event]:
        raise NotImplementedError

    async def send(self, address: str, said: Said) -> None:
        if address in self.under_way:
            self.twice_at_once.append(address)
        self.under_way.add(address)
        await self._note(self.tried, address, said.text)
        try:
            self.before(said.text)
            await self.gate.wait()
            failure = self.failures.pop(0) if self.failures else self.always
            if failure:
                raise failure
            await asyncio.sleep(0)
        finally:
            self.under_way.discard(address)
        await self._note(self.sent, address, said.text)

    async def has_tried(self, count: int) -> None:
        """Returns once so many parts were begun."""
        await self._until(lambda: len(self.tried) >= count)

    async def has_sent(self, count: int) -> None:
        """Returns once so many parts were sent."""
        await self._until(lambda: len(self.sent) >= count)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.sent]

    async def _until(self, true: Callable[[], bool]) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(true), 10)

    async def _note(self, parts: list[tuple[str, str]], address: str, text: str) -> None:
        async with self._changed:
            parts.append((address, text))
            self._changed.notify_all()


class MoodyDatabase(Database):
    """A database that may be gone, counts the transactions that write, and may be slow to commit one."""

    def __init__(self, url: str) -> None:
        super().__init__(url, 10)
        self.gone = False
        self.writes = 0
        self.slow = False

    async def run(self, work: Callable[[Session], T], *, read_only: bool = False) -> T:
        if self.gone:
            raise DatabaseUnavailable("gone for the test")
        self.writes += not read_only
        if self.slow:
            self.slow = False
            # As in the real one, a cancellation that meets a commit is lost.
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        return await super().run(work, read_only=read_only)


class Newsroom:
    """Tells whoever listens of news."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[News], None]] = []

    def listen(self, listener: Callable[[News], None]) -> None:
        self.listeners.append(listener)

    def tell(self) -> None:
        for listener in self.listeners:
            listener(News("conversation"))


@dataclass
class Mailroom:
    """The queue of replies on a database."""

    url: str
    settings: Settings
    now: datetime = MADE
    newsroom: Newsroom = field(default_factory=Newsroom)
    database: MoodyDatabase = field(init=False)

    def __post_init__(self) -> None:
        self.database = MoodyDatabase(self.url)

    def clock(self) -> datetime:
        return self.now

    def later(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    def do(self, work: Callable[[Session], T]) -> T:
        with Session(self.database.engine, future=True) as session:
            result = work(session)
            session.commit()
            return result

    def put(
        self, address: str, *texts: str, channel: str = "telegram", payload: Any = None, conversation: str = "one"
    ) -> None:
        said = {"texts": list(texts), "buttons": [], "payload": payload or {"kind": "answer"}}
        self.do(lambda session: replies.put(session, conversation, channel, address, said, self.now))

    def rows(self) -> list[Any]:
        columns = [column for column in table.c if column.name not in ("address", "body")]
        sealed = [type_coerce(table.c.address, Text).label("address"), type_coerce(table.c.body, Text).label("body")]
        return self.do(lambda session: session.execute(select(*columns, *sealed).order_by(table.c.id)).all())

    def row(self) -> Any:
        (row,) = self.rows()
        return row

    def worker(self, channels: Iterable[Channel], database: Database | None = None, **options: Any) -> Outgoing:
        chosen = {"clock": self.clock, "jitter": lambda: 0.0, **options}
        return Outgoing(database or self.database, self.settings, list(channels), self.newsroom, **chosen)


async def work_off(worker: Outgoing) -> None:
    """Let a worker send what is due, and settle it."""
    await worker.round()
    await worker.idle()
    await worker.round()


async def crash(worker: Outgoing) -> None:
    """End a worker as a killed process ends: what it was doing stops, and nothing is settled."""
    tasks = list(worker._sending)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
