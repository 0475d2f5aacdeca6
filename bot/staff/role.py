"""The staff role: the console, served at its own address."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.settings import Settings
from bot.staff.app import make_app
from bot.staff.context import ChatLink
from bot.staff.takeover.watch import watching
from bot.storage.database import Database


@asynccontextmanager
async def open_console(
    settings: Settings, database: Database, chat: ChatLink, listener: socket.socket
) -> AsyncIterator[None]:
    """Serve the console at `listener`'s address until the end of the block. Raises OSError where that cannot be."""
    # Nothing is logged of a request: its address may be a person's.
    runner = web.AppRunner(make_app(settings, database, chat), access_log=None, shutdown_timeout=settings.stop_seconds)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        async with watching(settings, database, chat):
            yield
    finally:
        await runner.cleanup()
