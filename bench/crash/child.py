"""The program as the crash test runs it: visitors who hand themselves over, and a worker who delivers.

It is not the program's fault that this process dies: `Faults` kills it. What visitors were told stands in a log.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import and_, select
from sqlalchemy.engine import Engine

from bench.crash.faults import Fault, Faults, part
from bench.crash.log import Log
from bench.people import handed_over
from bot.errors import DatabaseUnavailable
from bot.leads.delivery.senders import open_senders
from bot.leads.delivery.targets import read_targets
from bot.leads.delivery.worker import Worker
from bot.leads.desk import LeadDesk
from bot.leads.tables import outbox
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.engine import make_engine

SECRET = "whsec_Y3Jhc2ggdGVzdCBjcmFzaCB0ZXN0IGNyYXNoIQ=="  # noqa: S105  # a loopback receiver's, for this test alone
DATABASE_SECONDS = 5.0
SEND_SECONDS = 0.25
TRIES = 20
HURRY = timedelta(seconds=1)


@dataclass(frozen=True)
class Round:
    """`conversations` are handed over, those of `twice` by a double click, and all is delivered; `fault` strikes at the
    step of number `at`.

    `together`: both at once, else one after the other, so that each step has its number in every run; for that, the
    receiver must also be `calm`, and take a message at its first try.
    """

    conversations: Sequence[str]
    twice: Sequence[str] = ()
    together: bool = False
    calm: bool = False
    fault: Fault = "none"
    at: int = 0


@dataclass(frozen=True)
class Play:
    """What a child does, round by round, on the database of `url`; `every` writes all steps to the log."""

    url: str
    receiver: str
    log: str
    rounds: Sequence[Round]
    every: bool = False


class Clock:
    """The present, moved ahead as far as was waited for."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(timezone.utc) + self._ahead

    def jump(self, to: datetime) -> None:
        """Make it `to`, or a moment later than it is, whichever is later."""
        self._ahead += max(to - self.now(), HURRY)


async def play(job: Play) -> None:
    """Do the job; at a round's end every conversation was told of its lead, and everything is delivered."""
    log = Log(Path(job.log))
    faults = Faults(log, job.every)
    database = Database(job.url, DATABASE_SECONDS)
    faults.watch_database(database.engine)
    faults.watch_http()
    for one in job.rounds:
        await _heal(database)
        webhook = f"{job.receiver}/{'calm' if one.calm else 'moody'} {SECRET}"
        settings = Settings(database_url=job.url, leads_file="off", webhooks=webhook, webhook_private="yes")
        faults.arm(one.fault, one.at)
        visits = asyncio.ensure_future(_visit(one, LeadDesk(database, settings), log, faults))
        if not one.together:
            await visits
        await _deliver(database, settings, visits.done)
        await visits
        faults.rest()
        log.write("over")


async def _heal(database: Database) -> None:
    """The last round's fault may have left a broken connection, which only its next user notices."""
    with suppress(DatabaseUnavailable):
        await database.run(lambda session: session.execute(select(1)), read_only=True)


async def _visit(job: Round, desk: LeadDesk, log: Log, faults: Faults) -> None:
    part.set("submit")
    told = {conversation for conversation, _ in log.of("sent")}
    for conversation in job.conversations:
        if conversation not in told:
            clicks = 2 if conversation in job.twice else 1
            await asyncio.gather(*(_hand_over(conversation, desk, log, faults) for _ in range(clicks)))


async def _hand_over(conversation: str, desk: LeadDesk, log: Log, faults: Faults) -> None:
    """Submit, and say that it was sent only once that is through; where it fails, the visitor asks for it again."""
    new = handed_over(conversation)
    for _ in range(TRIES):
        try:
            stored = await desk.submit(new)
        except DatabaseUnavailable:
            log.write("failed", conversation)
            continue
        faults.step("returned")
        log.write("sent", conversation, stored.reference)
        faults.step("said")
        return
    raise AssertionError(f"{conversation} could not be handed over")


async def _deliver(database: Database, settings: Settings, visits_over: Callable[[], bool]) -> None:
    part.set("delivery")
    observer = make_engine(database.url, DATABASE_SECONDS)
    async with open_senders(read_targets(settings), settings) as senders:
        clock = Clock()
        worker = Worker(database, settings, senders, clock.now, lambda: 0.5, SEND_SECONDS)
        while True:
            await worker.round()
            await worker.idle()
            over = visits_over()
            due = _next_due(observer, worker.name)
            if due is not None:
                clock.jump(min(due))
            elif over:
                break
            else:
                await asyncio.sleep(0.001)
    observer.dispose()


def _next_due(observer: Engine, worker: str) -> list[datetime] | None:
    """When each waiting message can next be claimed: those of this worker at once; None where nothing waits."""
    waits = and_(outbox.c.delivered_at.is_(None), outbox.c.dead_at.is_(None))
    with observer.connect() as connection:
        rows = connection.execute(
            select(outbox.c.available_at, outbox.c.locked_until, outbox.c.locked_by).where(waits)
        ).all()
    past = datetime.min.replace(tzinfo=timezone.utc)
    due = [past if by == worker else max(available, until or available) for available, until, by in rows]
    return due or None
