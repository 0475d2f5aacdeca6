"""The chat role on a loaded assistant: its web application, its inbox, and the worker that answers on the channels."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from aiohttp import web

from bot.chat import metrics_page
from bot.chat.app import make_app
from bot.chat.channels import webhooks
from bot.chat.channels.opened import make_http, open_channels
from bot.chat.channels.outgoing import Outgoing
from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import Intake
from bot.settings import Settings
from bot.storage.database import Database


@asynccontextmanager
async def answering(
    settings: Settings, database: Database, assistant: Assistant, listener: socket.socket
) -> AsyncIterator[Intake]:
    """Answer at `listener`'s address until the end of the block, and finish what was begun, within `stop_seconds`.

    Yields the inbox.

    Raises SettingError for settings that cannot be used, OSError for an address that cannot be served.
    """
    intake = Intake(assistant.turns, database)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(make_http())
        channels = open_channels(settings, http)
        others = [
            partial(webhooks.add_routes, settings=settings, intake=intake, channels=channels),
            partial(metrics_page.add_route, settings=settings, database=database),
        ]
        app = make_app(settings, assistant.turns, assistant.check, intake, others)
        if channels:
            await stack.enter_async_context(_sending(Outgoing(database, settings, channels, intake)))
        stack.push_async_callback(assistant.turns.finish, settings.stop_seconds)
        stack.push_async_callback(intake.close)
        intake.start()
        await stack.enter_async_context(_served(app, listener, settings.stop_seconds))
        yield intake


@asynccontextmanager
async def _sending(outgoing: Outgoing) -> AsyncIterator[None]:
    """Send replies until the end of the block, where all turns have ended."""
    task = asyncio.create_task(outgoing.run())
    try:
        yield
    finally:
        outgoing.stop()
        await task


@asynccontextmanager
async def _served(app: web.Application, listener: socket.socket, seconds: float) -> AsyncIterator[None]:
    # Nothing is logged of a request: its address may be a person's.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=seconds)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()
