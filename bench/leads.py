"""What storing and delivering leads costs: `python -m bench.leads` reads a job from standard input, prints its figure.

A process of its own, whose environment has the keys and the place of what it writes.
"""

import asyncio
import io
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bench.people import handed_over, stored
from bot.leads.delivery.senders import open_senders
from bot.leads.delivery.targets import read_targets
from bot.leads.delivery.worker import Worker
from bot.leads.desk import LeadDesk
from bot.leads.outbox import enqueue, lag
from bot.leads.tables import outbox
from bot.settings import Settings, settings
from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.storage.schema import migrate

SECRET = "whsec_YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2g="  # noqa: S105  # a loopback receiver's
WARM_UP = 10
BATCH = 10_000
LONG_SECONDS = 600.0
LOOK_SECONDS = 0.02
COLUMNS = (
    "id",
    "lead_reference",
    "target",
    "event",
    "payload",
    "created_at",
    "available_at",
    "attempts",
    "delivered_at",
)
PAST = datetime(2026, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Job:
    """What to measure on the database of `url`: `submit` of `count` leads, or `delivery` of `count` messages to
    `receiver` with `old` delivered ones in the table."""

    measure: str
    url: str
    count: int
    old: int = 0
    receiver: str = ""


def submit(job: Job) -> float:
    """The median milliseconds of a submit, committed; the file target of the defaults is told of each."""
    chosen = Settings(state_dir=settings().state_dir, database_url=job.url)
    milliseconds = asyncio.run(_submit_all(LeadDesk(Database(job.url, chosen.database_seconds), chosen), job.count))
    return statistics.median(milliseconds)


async def _submit_all(desk: LeadDesk, count: int) -> list[float]:
    milliseconds = []
    for number in range(WARM_UP + count):
        new = handed_over(f"conversation {number}")
        begun = time.perf_counter()
        await desk.submit(new)
        milliseconds.append(1000 * (time.perf_counter() - begun))
    return milliseconds[WARM_UP:]


def delivery(job: Job) -> float:
    """Messages a second, from the worker's start until the last one is written down as delivered."""
    webhook = f"{job.receiver} {SECRET}"
    chosen = Settings(database_url=job.url, leads_file="off", webhooks=webhook, webhook_private="yes")
    _fill(job, read_targets(chosen)[0].name)
    _enqueue(job, chosen)
    return job.count / asyncio.run(_drain(chosen))


async def _drain(chosen: Settings) -> float:
    database = Database(chosen.database, chosen.database_seconds)
    async with open_senders(read_targets(chosen), chosen) as senders:
        worker = Worker(database, chosen, senders)
        begun = time.perf_counter()
        working = asyncio.create_task(worker.run())
        while await database.run(_waiting, read_only=True):
            await asyncio.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - begun
        worker.stop()
        await working
    return seconds


def _waiting(session: Session) -> int:
    return lag(session, datetime.now(timezone.utc)).waiting


def _enqueue(job: Job, chosen: Settings) -> None:
    engine = make_engine(job.url, LONG_SECONDS)
    now = datetime.now(timezone.utc)
    with Session(engine, future=True) as session:
        for number in range(job.count):
            enqueue(session, "lead.submitted", stored(f"S-{number}", now), chosen, now)
        session.commit()
    engine.dispose()


def _fill(job: Job, target: str) -> None:
    """Put old rows into the outbox, as a delivery leaves them: with nothing in them of what they said."""
    engine = make_engine(job.url, LONG_SECONDS)
    rows = _old_rows(job.old, target)
    with engine.begin() as connection:
        while some := list(islice(rows, BATCH)):
            _insert(connection, some)
    with engine.connect() as connection:
        if (
            engine.dialect.name == "postgresql"
        ):  # what autovacuum does by itself in the months that rows need to get old
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE outbox")
    engine.dispose()


def _old_rows(count: int, target: str) -> Iterator[tuple[Any, ...]]:
    for number in range(count):
        at = PAST + timedelta(seconds=number)
        # Ids are random in the program too: the index has no order that would make this easy.
        identifier = f"msg_{number * 0x9E3779B97F4A7C15 % 2**64:024x}"
        yield identifier, f"S-OLD{number}", target, "lead.submitted", "", at, at, 1, at


def _insert(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "sqlite":
        statement = outbox.insert().compile(dialect=connection.dialect, column_keys=COLUMNS)
        connection.connection.executemany(str(statement), [_for_sqlite(row) for row in rows])
    else:
        text = io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))
        connection.connection.cursor().copy_from(text, "outbox", columns=COLUMNS, null="\\N")


def _for_sqlite(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value for value in row)


def main() -> None:
    """Read a job, do it, print its figure."""
    job = Job(**json.load(sys.stdin))
    migrate(job.url)
    print(json.dumps({"submit": submit, "delivery": delivery}[job.measure](job)))


if __name__ == "__main__":
    main()
