"""The delivery role: a worker of the outbox, the notices to the staff, and the daily retention."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.errors import DatabaseUnavailable
from bot.leads import notices, outbox
from bot.leads.delivery.senders import open_senders
from bot.leads.delivery.targets import read_targets
from bot.leads.delivery.worker import Worker
from bot.metrics import failures
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.types import utc_now

DAY_SECONDS = 24 * 3600.0
HOUR_SECONDS = 3600.0
NOTICE_SECONDS = 5.0
CANCEL_SECONDS = 0.1

Retain = Callable[[Database, Settings, datetime], Awaitable[object]]

logger = logging.getLogger(__name__)


async def deliver(settings: Settings, database: Database, stop: asyncio.Event) -> None:
    """Deliver, notify, and let go daily of what is kept no longer, until `stop`; then finish what is being sent.

    Raises SettingError where the targets cannot be used.
    """
    targets = read_targets(settings)
    await _warn_of_strangers(database, [target.name for target in targets])
    async with open_senders(targets, settings) as senders:
        worker = Worker(database, settings, senders)
        working = asyncio.create_task(worker.run())
        letting_go = asyncio.create_task(retain_daily(database, settings, _retain))
        notifying = asyncio.create_task(notify(database, settings))
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({working, letting_go, notifying, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            worker.stop()
            await _cancelled(notifying)
            await _cancelled(letting_go)
            await working


async def notify(
    database: Database,
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Tell staff what they have to look at, again and again; where that fails, the next round tries it."""
    while True:
        try:
            await notify_once(database, settings, clock())
        except DatabaseUnavailable:  # the worker says so
            pass
        except Exception as error:  # the role's edge: deliveries go on, whatever stands in the notices' way
            failures.labels(where="delivery").inc()
            logger.error("notices failed, and are tried again: %s", type(error).__name__)
        await sleep(NOTICE_SECONDS)


async def notify_once(database: Database, settings: Settings, now: datetime) -> int:
    """Put what staff were not told of yet into the outbox; returns how many messages that are."""
    # A read first, so that where nothing is due no writer is kept waiting.
    found = await database.run(lambda session: notices.due(session, settings, now), read_only=True)
    if not found:
        return 0
    return await database.run(lambda session: notices.tell(session, found, settings, now))


async def retain_daily(
    database: Database,
    settings: Settings,
    retain: Retain,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Let go of what is kept no longer, at once and then each day; where that fails, again after an hour."""
    while True:
        try:
            gone = await retain(database, settings, utc_now())
        except Exception as error:  # the role's edge: deliveries go on, whatever stands in the retention's way
            failures.labels(where="retention").inc()
            logger.error("the retention failed, and is tried again in an hour: %s", type(error).__name__)
            await sleep(HOUR_SECONDS)
        else:
            logger.info("the retention let go of %s", gone)
            await sleep(DAY_SECONDS)


async def _retain(database: Database, settings: Settings, now: datetime) -> object:
    # Imported here: it reads conversations, and reading these needs libraries that a delivery does not.
    from bot.leads.retention import retain

    return await retain(database, settings, now)


async def _cancelled(task: "asyncio.Task[None]") -> None:
    # More than once: a transaction that is being committed lets a cancellation pass.
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=CANCEL_SECONDS)


async def _warn_of_strangers(database: Database, configured: list[str]) -> None:
    try:
        waiting = await database.run(lambda session: outbox.unclaimed(session, configured), read_only=True)
    except DatabaseUnavailable:  # the worker says so, and waits
        return
    for name, count in waiting.items():
        logger.warning("%d messages wait for %s, which is not among the targets of the settings", count, name)
