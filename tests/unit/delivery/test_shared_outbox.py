"""Several workers on one outbox, with a receiver that fails at random: nothing is lost or sent twice at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import and_, update

from bot.leads import outbox as outbox_module
from bot.leads.delivery.senders import open_senders
from bot.leads.delivery.targets import read_targets
from bot.leads.delivery.worker import Worker
from bot.leads.tables import outbox
from bot.storage.database import Database
from bot.storage.types import utc_now
from tests.conftest import Configure
from tests.unit.delivery.office import Office
from tests.unit.delivery.receiver import SECRET, Receiver

LEADS = 40


@pytest.fixture
def busy(office: Office, receiver: Receiver, configure: Configure) -> Office:
    office.settings = configure(webhooks=f"{receiver.url} {SECRET}", webhook_private="yes", leads_file="off")
    office.now = utc_now()
    office.tell_many(LEADS)
    return office


@asynccontextmanager
async def working(office: Office) -> AsyncIterator[Worker]:
    """A worker as a process of its own would have it."""
    database = Database(office.url, 10)
    async with open_senders(read_targets(office.settings), office.settings) as senders:
        worker = Worker(database, office.settings, senders)
        running = asyncio.create_task(worker.run())
        yield worker
        worker.stop()
        await asyncio.wait({running})
    database.close()


def hurry(office: Office, killed: str = "") -> None:
    """Let the waits of the schedule be over, and the lease of a worker that was killed."""
    now = utc_now() - timedelta(seconds=1)
    waits = and_(outbox.c.delivered_at.is_(None), outbox.c.dead_at.is_(None))

    def work(session: outbox_module.Session) -> None:
        outbox_module.replay(session, None, now)
        session.execute(update(outbox).where(waits, outbox.c.locked_by.is_(None)).values(available_at=now))
        session.execute(update(outbox).where(waits, outbox.c.locked_by == killed).values(locked_until=now))

    office.do(work)


async def all_delivered(office: Office, workers: list[Worker], killed: str = "") -> None:
    for _ in range(300):
        for worker in workers:
            worker._wake.set()
        await asyncio.sleep(0.02)
        rows = await asyncio.to_thread(office.rows)
        if all(row.delivered_at for row in rows):
            return
        await asyncio.to_thread(hurry, office, killed)
    raise AssertionError("not delivered in time")


async def test_workers_that_share_an_outbox_deliver_each_message_and_never_send_it_at_the_same_time(
    busy: Office, receiver: Receiver
) -> None:
    receiver.fail_by_chance(7)
    async with working(busy) as ann, working(busy) as bob:
        await all_delivered(busy, [ann, bob])
    assert len(receiver.taken) == LEADS
    assert {message["data"]["reference"] for message in receiver.taken.values()} == {f"S-{n}" for n in range(LEADS)}
    assert set(receiver.times_taken.values()) == {1}
    assert receiver.twice_at_once == []
    assert receiver.forged == 0


async def test_of_a_worker_that_is_killed_while_it_sends_nothing_is_lost(busy: Office, receiver: Receiver) -> None:
    receiver.plan = ["hang"] * 16
    async with working(busy) as killed:
        while len(receiver.requests) < 16:
            await asyncio.sleep(0.01)
        killed._database.run = None  # type: ignore[method-assign,assignment]  # it will never write again
        for task in list(killed._sending):
            task.cancel()
        async with working(busy) as heir:
            await all_delivered(busy, [heir], killed.name)
    assert len(receiver.taken) == LEADS
    assert set(receiver.times_taken.values()) == {1}


async def test_what_arrived_but_could_not_be_noted_comes_again_under_the_same_id(
    busy: Office, receiver: Receiver
) -> None:
    async with working(busy) as killed:
        while not killed._sending:
            await asyncio.sleep(0.005)
        killed._database.run = None  # type: ignore[method-assign,assignment]
        await killed.idle()
        before = len(receiver.taken)
        assert before
        async with working(busy) as heir:
            await all_delivered(busy, [heir], killed.name)
    assert len(receiver.taken) == LEADS
    assert sum(times == 2 for times in receiver.times_taken.values()) <= before
    assert receiver.twice_at_once == []
