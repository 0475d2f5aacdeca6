"""Gives conversations back in which nobody of the staff answers: the visitor is told, and offered a call."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.errors import DatabaseUnavailable
from bot.leads import audit
from bot.metrics import failures
from bot.settings import Settings
from bot.staff.context import ChatLink
from bot.staff.takeover import words
from bot.storage.database import Database
from bot.storage.types import utc_now
from bot.transcripts import takeover

LOOK_SECONDS = 5.0
SYSTEM = "system"

logger = logging.getLogger(__name__)


@contextmanager
def _failing_alone() -> Iterator[None]:
    """Let what fails in the block fail by itself: the next look tries again."""
    try:
        yield
    except DatabaseUnavailable as error:
        logger.info("a visitor who waits was not looked after: %s", error)
    except Exception as error:  # the loop's edge: its text may quote the visitor
        failures.labels(where="staff").inc()
        logger.error("a visitor who waits was not looked after: %s", type(error).__name__)


class Watch:
    """Looks for visitors who have waited for more than `takeover_minutes`; of several processes one gives each back."""

    def __init__(
        self, settings: Settings, database: Database, chat: ChatLink, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._settings, self._database, self._chat, self._clock = settings, database, chat, clock

    async def run(self) -> None:
        """Look from time to time, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Give back every conversation in which the visitor has waited too long; no failure gets out of here."""
        before = self._clock() - timedelta(minutes=self._settings.takeover_minutes)
        late: list[str] = []
        with _failing_alone():
            late = await self._database.run(lambda session: takeover.overdue(session, before), read_only=True)
        for conversation in late:
            with _failing_alone():
                await self._give_back(conversation, before)

    async def _give_back(self, conversation: str, before: datetime) -> None:
        now = self._clock()
        regret = await words.regret(self._settings, now)

        def work(session: Any) -> bool:
            taken = takeover.give_up(session, conversation, before, regret, now)
            if taken:
                after = {"by": takeover.NOBODY, "staff": taken.staff}
                audit.append(session, SYSTEM, "conversation.left", conversation, None, after, now)
            return taken is not None

        async with self._chat.hold(conversation):
            given_back = await self._database.run(work)
        if given_back:
            self._chat.tell(conversation, False)


@asynccontextmanager
async def watching(settings: Settings, database: Database, chat: ChatLink) -> AsyncIterator[None]:
    """Watch until the end of the block."""
    task = asyncio.create_task(Watch(settings, database, chat).run())
    try:
        yield
    finally:
        while not task.done():  # more than once: a transaction that is being committed lets a cancellation pass
            task.cancel()
            await asyncio.wait({task}, timeout=0.1)
