"""Takes messages out of the outbox, sends them, and writes down what became of them.

Messages are claimed under a lease that no send outlasts, so whatever happens to this process, another one takes over
and never sends the same message at the same time. What is settled and what is claimed next is one transaction.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.errors import DeliveryFailed
from bot.leads import outbox
from bot.leads.delivery.disabled import disable
from bot.leads.delivery.schedule import next_try
from bot.leads.delivery.sending import SECONDS, Message, Sender, attempt
from bot.leads.outbox import Claimed, Settlement
from bot.metrics import failures
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.rounds import Rounds
from bot.storage.types import utc_now

LEASE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(minutes=5)
STOPPED = "the program was stopped"

logger = logging.getLogger(__name__)


class Worker(Rounds[Claimed]):
    """Sends with `senders`; each has its own number of sends at once, so one that hangs holds up no other.

    `clock` gives the time in UTC, `jitter` 0…1; a send is given up after `seconds`.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        senders: Sequence[Sender],
        clock: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = random.random,
        seconds: float = SECONDS,
    ) -> None:
        super().__init__("deliveries")
        self._database, self._settings = database, settings
        self._senders = {sender.target.name: sender for sender in senders}
        self._clock, self._jitter, self._seconds = clock, jitter, seconds
        self._finished: list[Settlement] = []
        self._paused: dict[str, datetime] = {}

    async def _exchange(self) -> None:
        room, finished, now = self._room(), list(self._finished), self._clock()
        # A read first, so that a worker with nothing to do keeps no writer waiting.
        if not finished and not await self._database.run(
            lambda session: outbox.due(session, room, now), read_only=True
        ):
            return
        claimed = await self._database.run(lambda session: self._settle_and_claim(session, finished, room, now))
        del self._finished[: len(finished)]
        for row in claimed:
            self._begin(row)

    def _room(self) -> dict[str, int]:
        """How many more messages each target can be sent now."""
        if self._stopping:
            return {}
        now, busy = self._clock(), [row.target for row in self._sending.values()]
        free = {name: sender.at_once - busy.count(name) for name, sender in self._senders.items()}
        return {name: most for name, most in free.items() if most > 0 and self._paused.get(name, now) <= now}

    def _settle_and_claim(
        self, session: Session, finished: Sequence[Settlement], room: Mapping[str, int], now: datetime
    ) -> list[Claimed]:
        for settlement in outbox.settle(session, self.name, finished, now):
            self._tell(session, settlement, now)
        claimed: list[Claimed] = []
        for target, most in room.items():
            claimed += outbox.claim(session, self.name, now, LEASE, most, [target])
        return claimed

    def _tell(self, session: Session, settlement: Settlement, now: datetime) -> None:
        """Disable a target that is gone, and tell the others what nobody will send any more."""
        row, error = settlement.row, settlement.error or ""
        given_up = settlement.state == "dead"
        if settlement.state == "gone":
            given_up = disable(session, row.target, error, now)
        if given_up:
            told = outbox.alert(session, row, error, self._settings, now)
            logger.error("%s to %s: %s, %s; told %d others", row.id, row.target, settlement.state, error, told)

    async def _send(self, row: Claimed) -> None:
        self._finished.append(await self._tried(row))
        self._wake.set()

    async def _tried(self, row: Claimed) -> Settlement:
        now = self._clock()
        if now + timedelta(seconds=self._seconds) > row.until:
            return Settlement(row, "unsent", now)
        try:
            if row.payload is None:
                raise DeliveryFailed("the keys are not those that sealed it: see STRAND_KEYS")
            await attempt(self._senders[row.target], Message(row.id, row.payload, now), self._seconds)
        except DeliveryFailed as error:
            return self._failed(row, error)
        except Exception as error:  # the edge of one message: it fails by itself, and holds up no other
            failures.labels(where="sending").inc()
            return self._failed(row, DeliveryFailed(type(error).__name__))
        return Settlement(row, "delivered", now)

    def _failed(self, row: Claimed, error: DeliveryFailed) -> Settlement:
        logger.warning("%s to %s failed in try %d: %s", row.id, row.target, row.attempts, error)
        now = self._clock()
        if error.gone:
            return Settlement(row, "gone", now, str(error))
        if error.wish:
            self._paused[row.target] = now + min(error.wish, LONGEST_PAUSE)
        due = next_try(row.attempts, now, error.wish, self._jitter)
        return Settlement(row, "retry", due, str(error)) if due else Settlement(row, "dead", now, str(error))

    async def _finish(self) -> None:
        if self._sending:
            await asyncio.wait(list(self._sending), timeout=self._settings.stop_seconds)
        for task, row in list(self._sending.items()):
            task.cancel()
            self._finished.append(Settlement(row, "retry", self._clock(), STOPPED))
        await self.round()
        if self._finished:
            logger.warning("%d deliveries are not settled: their leases run out", len(self._finished))
