"""A worker on a table of things to send: round after round it settles what is finished, and begins what is due."""

import asyncio
import logging
import os
import secrets
import socket
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from bot.errors import DatabaseUnavailable
from bot.metrics import failures

POLL_SECONDS = 1.0

Row = TypeVar("Row")

logger = logging.getLogger(__name__)


class Rounds(ABC, Generic[Row]):
    """Sends rows, each in a task of its own; `what` is what the log calls them. Its `name` claims them."""

    def __init__(self, what: str) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._what = what
        self._sending: dict[asyncio.Task[None], Row] = {}
        self._wake = asyncio.Event()
        self._stopping = False
        self._reachable = True

    async def run(self) -> None:
        """Send until `stop` is called; then finish what is being sent, within `stop_seconds`, and hold nothing."""
        while not self._stopping:
            await self.round()
            await self._rest()
        await self._finish()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._wake.set()

    async def round(self) -> None:
        """Settle what is finished, claim what is due, begin to send it; no failure gets out of here."""
        self._wake.clear()
        try:
            await self._exchange()
        except DatabaseUnavailable as error:
            # What is finished stays in memory, to be settled in a later round.
            self._say_reachable(False, str(error))
        except Exception as error:  # the loop's edge: whatever it was, the next round tries again; its text may quote
            failures.labels(where="sending").inc()
            logger.error("a round of %s failed: %s", self._what, type(error).__name__)
        else:
            self._say_reachable(True)

    async def idle(self) -> None:
        """Returns once nothing is being sent."""
        while self._sending:
            await asyncio.wait(list(self._sending))

    @abstractmethod
    async def _exchange(self) -> None:
        """Settle, claim and begin; raises DatabaseUnavailable, and then nothing was done."""

    @abstractmethod
    async def _send(self, row: Row) -> None:
        """Send one row, and note what came of it."""

    @abstractmethod
    async def _finish(self) -> None:
        """End what is being sent, within `stop_seconds`."""

    def _begin(self, row: Row) -> None:
        task = asyncio.create_task(self._send(row))
        self._sending[task] = row
        task.add_done_callback(self._sending.pop)

    async def _rest(self) -> None:
        if not self._wake.is_set():
            waker = asyncio.ensure_future(self._wake.wait())
            await asyncio.wait({waker}, timeout=POLL_SECONDS)
            waker.cancel()

    def _say_reachable(self, reachable: bool, reason: str = "") -> None:
        if reachable != self._reachable:
            self._reachable = reachable
            logger.warning("%s %s", self._what, "go on" if reachable else f"wait: {reason}")
