"""Sends the replies that wait for a channel: in order for each address, part after part, and tries again what failed.

A reply is claimed under a lease that no send outlasts, so at most one process sends it at a time. Each part that a
provider took is noted before the next one is sent, so whoever takes over after a crash goes on behind it. Only a crash
between the provider's answer and that note, or a database that is gone for longer than the lease, has the one part sent
again: providers know no key that would tell them.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.chat.channels.channel import Channel, Said
from bot.chat.channels.rendering import render
from bot.dialogue.intake import News
from bot.errors import DeliveryFailed, StorageError
from bot.knowledge.library import open_library
from bot.metrics import failures, sent
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.rounds import Rounds
from bot.storage.types import utc_now
from bot.transcripts import replies
from bot.transcripts.replies import Claimed, Settlement, State

SECONDS = 15.0
LEASE = timedelta(seconds=60)
AT_ONCE = 8
# What is waited before each try but the first; there is none after the last.
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 1800))
TRIES = len(DELAYS) + 1
JITTER = 0.25
LONGEST_PAUSE = timedelta(hours=1)
RESULTS: dict[State, str] = {"sent": "sent", "retry": "failed", "given_up": "given_up"}
STOPPED = "the program was stopped"
ENDED = "the program ended in each try"
OTHER_KEYS = "the keys are not those that sealed it: see STRAND_KEYS"

logger = logging.getLogger(__name__)


class Telling(Protocol):
    """What tells of news in conversations, such as the intake."""

    def listen(self, listener: Callable[[News], None]) -> None:
        """Have `listener` called, in the event loop, whenever there is something new."""


class Outgoing(Rounds[Claimed]):
    """Sends by `channels`, to each at most `AT_ONCE` replies at a time, so one that hangs holds up no other.

    A channel whose provider asks for patience is left alone for that long, up to an hour. Whoever has opted out gets
    nothing but the confirmation of it. `clock` gives the time in UTC, `jitter` 0…1; a part is given up after `seconds`.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        channels: Sequence[Channel],
        intake: Telling,
        clock: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = random.random,
        seconds: float = SECONDS,
    ) -> None:
        super().__init__("replies")
        self._database, self._settings = database, settings
        self._channels = {channel.name: channel for channel in channels}
        self._clock, self._jitter, self._seconds = clock, jitter, seconds
        self._progress: dict[int, int] = {}
        self._finished: list[Settlement] = []
        self._paused: dict[str, datetime] = {}
        self._out_of_time = False
        intake.listen(self._hear)

    def _hear(self, _news: News) -> None:
        self._wake.set()

    async def _exchange(self) -> None:
        room, finished, now = self._room(), list(self._finished), self._clock()
        # A read first, so that a worker with nothing to do keeps no writer waiting.
        if not finished and not await self._any_due(list(room), now):
            return
        settled, claimed = await self._database.run(
            lambda session: self._settle_and_claim(session, finished, room, now)
        )
        del self._finished[: len(finished)]
        for settlement in settled:
            self._tell(settlement)
        for reply in claimed:
            self._begin(reply)

    async def _any_due(self, channels: Sequence[str], now: datetime) -> bool:
        if not channels:
            return False
        return await self._database.run(lambda session: replies.any_due(session, channels, now), read_only=True)

    def _settle_and_claim(
        self, session: Any, finished: Sequence[Settlement], room: Mapping[str, int], now: datetime
    ) -> tuple[list[Settlement], list[Claimed]]:
        settled = replies.settle(session, self.name, finished, now)
        return settled, replies.claim(session, self.name, room, now, LEASE)

    def _room(self) -> dict[str, int]:
        """How many more replies each channel can be sent now."""
        if self._stopping:
            return {}
        busy = [reply.channel for reply in self._sending.values()]
        free = {name: AT_ONCE - busy.count(name) for name in self._channels if not self._pause(name)}
        return {name: most for name, most in free.items() if most > 0}

    def _pause(self, channel: str) -> datetime | None:
        """Until when a channel is left alone; None where it is not."""
        until = self._paused.get(channel)
        return until if until and until > self._clock() else None

    def _tell(self, settlement: Settlement) -> None:
        reply = settlement.reply
        if settlement.state in RESULTS:
            sent.labels(channel=reply.channel, result=RESULTS[settlement.state]).inc()
        if settlement.state == "given_up":
            logger.error("reply %d to %s was given up: %s", reply.row, reply.channel, settlement.error)

    async def _send(self, reply: Claimed) -> None:
        self._progress[reply.row] = reply.part
        settlement = await self._tried(reply)
        if settlement:
            self._finished.append(settlement)
        self._progress.pop(reply.row, None)
        self._wake.set()

    async def _tried(self, reply: Claimed) -> Settlement | None:
        """What came of a reply; None where it was taken away meanwhile, by someone who opted out or was forgotten."""
        if reply.opted_out and not _confirms(reply):
            return self._settled(reply, "unwanted")
        if reply.attempts > TRIES:
            return self._settled(reply, "given_up", error=ENDED)
        try:
            return await self._send_parts(reply)
        except DeliveryFailed as error:
            return self._failed(reply, error)
        except StorageError as error:
            return self._settled(reply, "unsent", error=str(error))
        except Exception as error:  # the edge of one reply: it fails by itself, and holds up no other
            failures.labels(where="sending").inc()
            return self._failed(reply, DeliveryFailed(type(error).__name__))

    async def _send_parts(self, reply: Claimed) -> Settlement | None:
        if reply.address is None or reply.said is None:
            raise DeliveryFailed(OTHER_KEYS)
        channel = self._channels[reply.channel]
        parts = render(reply.said, channel.limits, open_library(self._settings.knowledge_dir).current)
        for number, part in enumerate(parts[reply.part :], start=reply.part + 1):
            until = self._pause(reply.channel)
            # A task that is cancelled while a part is noted goes on behind that, so time is asked for here as well.
            if until or self._out_of_time or self._clock() + timedelta(seconds=self._seconds) > reply.until:
                return self._settled(reply, "unsent", due=until)
            await self._send_part(channel, reply.address, part)
            self._progress[reply.row] = number
            if number < len(parts) and not await self._noted(reply, number):
                return None
        return self._settled(reply, "sent")

    async def _send_part(self, channel: Channel, address: str, part: Said) -> None:
        try:
            await asyncio.wait_for(channel.send(address, part), self._seconds)
        except asyncio.TimeoutError as error:
            raise DeliveryFailed(f"no answer within {self._seconds:g} s") from error

    async def _noted(self, reply: Claimed, part: int) -> bool:
        return await self._database.run(lambda session: replies.sent_part(session, self.name, reply, part))

    def _failed(self, reply: Claimed, error: DeliveryFailed) -> Settlement:
        logger.warning("reply %d to %s failed in try %d: %s", reply.row, reply.channel, reply.attempts, error)
        now = self._clock()
        if error.wish:
            self._paused[reply.channel] = max(self._pause(reply.channel) or now, now + min(error.wish, LONGEST_PAUSE))
        if error.gone or reply.attempts >= TRIES:
            return self._settled(reply, "given_up", error=str(error))
        delay = DELAYS[reply.attempts - 1] * (1 + JITTER * self._jitter())
        return self._settled(reply, "retry", due=now + max(delay, error.wish or timedelta(0)), error=str(error))

    def _settled(
        self, reply: Claimed, state: State, due: datetime | None = None, error: str | None = None
    ) -> Settlement:
        part = self._progress.get(reply.row, reply.part)
        return Settlement(reply, state, part, due or self._clock(), error)

    async def _finish(self) -> None:
        if self._sending:
            await asyncio.wait(list(self._sending), timeout=self._settings.stop_seconds)
        self._out_of_time = True
        late = dict(self._sending)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        self._finished += [
            self._settled(reply, "unsent", error=STOPPED) for task, reply in late.items() if task.cancelled()
        ]
        await self.round()
        if self._finished:
            logger.warning("%d replies are not settled: their leases run out", len(self._finished))


def _confirms(reply: Claimed) -> bool:
    """Whether a reply confirms that its address has opted out."""
    payload = (reply.said or {}).get("payload", {})
    return bool(payload.get("kind") == "account" and payload.get("action") == "opted_out")
