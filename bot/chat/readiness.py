"""The two answers for whoever watches the process: it lives, and a message could be answered and stored now."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone

from aiohttp import web

from bot.errors import StrandError
from bot.leads import outbox
from bot.storage.database import Database

Check = Callable[[], Awaitable[None]]

LATE = timedelta(minutes=15)


async def health(_request: web.Request) -> web.Response:
    """The process lives."""
    return web.json_response({"status": "ok"})


class Readiness:
    """Says whether a message could be answered and stored now; `check` raises StrandError where not."""

    def __init__(self, check: Check, database: Database | None) -> None:
        self._check = check
        self._database = database

    async def ready(self, _request: web.Request) -> web.Response:
        """200 where it could, 503 with the reason where not; deliveries that are late are a reason beside the 200,
        since whoever answers visitors can go on."""
        try:
            await self._check()
            late = await self._late()
        except StrandError as error:
            return web.json_response({"status": "not ready", "reason": str(error)}, status=503)
        return web.json_response({"status": "ready", **({"reason": late} if late else {})})

    async def _late(self) -> str | None:
        if self._database is None:
            return None
        now = datetime.now(timezone.utc)
        lag = await self._database.run(lambda session: outbox.lag(session, now), read_only=True)
        if lag.oldest < LATE:
            return None
        return f"deliveries are {lag.oldest.total_seconds() // 60:.0f} minutes late, {lag.waiting} wait"
