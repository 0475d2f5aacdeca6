"""An outbox with its clock, leads to tell of, and senders that only pretend."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import DeliveryFailed
from bot.leads.delivery.sending import Message, Sender
from bot.leads.delivery.targets import FileTarget
from bot.leads.delivery.worker import Worker
from bot.leads.outbox import due, enqueue
from bot.leads.records import Assessed, Contact, Lead
from bot.leads.tables import outbox
from bot.settings import Settings
from bot.storage.database import Database

T = TypeVar("T")

MADE = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
SAM = Contact("Sam Quillfeather", "sam@quillfeather.example", "+12025550143", "email", "after the late shift")
LEAD = Lead(
    reference="S-7K2M9Q",
    conversation="secret-conversation",
    form_version="form 1",
    channel="rest",
    language="en",
    queue="clinician",
    status="new",
    assessed=Assessed("clinician_review", "table 3", findings=("anticoagulant",), flags=("flag",)),
    contact=SAM,
    consents={"share": True, "email": True, "phone": False, "text": False},
    created_at=MADE,
    updated_at=MADE,
)


class Pretender:
    """A sender that fails with what it is told to, else keeps what it was sent."""

    def __init__(self, name: str, at_once: int = 4) -> None:
        self.target = FileTarget(name, Path("nowhere"))
        self.at_once = at_once
        self.sent: list[str] = []
        self.tried: list[str] = []
        self.under_way: set[str] = set()
        self.twice_at_once: list[str] = []
        self.failures: list[Exception] = []
        self.always: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, message: Message) -> str:
        if message.id in self.under_way:
            self.twice_at_once.append(message.id)
        self.under_way.add(message.id)
        self.tried.append(message.id)
        try:
            await self.gate.wait()
            failure = self.failures.pop(0) if self.failures else self.always
            if failure:
                raise failure
        finally:
            self.under_way.discard(message.id)
        self.sent.append(message.id)
        return "taken"


@dataclass
class Office:
    """An outbox on a database, at a time that the test moves."""

    url: str
    settings: Settings
    now: datetime = MADE
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.url, 10)

    def clock(self) -> datetime:
        return self.now

    def later(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    def do(self, work: Callable[[Session], T]) -> T:
        with Session(self.database.engine, future=True) as session:
            result = work(session)
            session.commit()
            return result

    def tell(self, event: str = "lead.submitted", lead: Lead = LEAD) -> int:
        return self.do(lambda session: enqueue(session, event, lead, self.settings, self.now))

    def tell_many(self, count: int) -> None:
        def work(session: Session) -> None:
            for number in range(count):
                enqueue(session, "lead.submitted", replace(LEAD, reference=f"S-{number}"), self.settings, self.now)

        self.do(work)

    def rows(self) -> list[Any]:
        order = (outbox.c.created_at, outbox.c.target, outbox.c.id)
        return self.do(lambda session: session.execute(select(outbox).order_by(*order)).all())

    def row(self) -> Any:
        (row,) = self.rows()
        return row

    def due(self, session: Session, target: str) -> bool:
        return due(session, [target], self.now)

    def worker(self, senders: Iterable[Sender], **options: Any) -> Worker:
        return Worker(self.database, self.settings, list(senders), self.clock, jitter=lambda: 0.5, **options)


async def work_off(worker: Worker) -> None:
    """Let a worker send what is due, and settle it."""
    await worker.round()
    await worker.idle()
    await worker.round()


def refusal(text: str = "HTTP 500", **more: Any) -> DeliveryFailed:
    return DeliveryFailed(text, **more)
