"""The webhooks of a channel in this process, with the inbox behind them and the worker that sends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from bot.chat.answers import errors_as_json
from bot.chat.channels.channel import Channel
from bot.chat.channels.outgoing import Outgoing
from bot.chat.channels.webhooks import add_routes
from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import Intake
from bot.errors import DatabaseUnavailable
from bot.settings import settings
from bot.storage.database import Database
from bot.transcripts.tables import inbox, replies
from tests.fakes.providers import SECONDS

LOOK_SECONDS = 0.02


@dataclass
class Talk:
    """A channel that is open, and what stands behind it."""

    client: TestClient
    intake: Intake
    outgoing: Outgoing

    @property
    def database(self) -> Database:
        return self.intake.database

    async def settled(self) -> None:
        """Returns once nothing waits to be answered, and nothing to be sent."""
        await asyncio.wait_for(self._until_nothing_is_left(), SECONDS)

    async def _until_nothing_is_left(self) -> None:
        while await self._something_is_left():
            await asyncio.sleep(LOOK_SECONDS)

    async def _something_is_left(self) -> bool:
        try:
            return bool(await self.database.run(_left, read_only=True))
        except DatabaseUnavailable:  # a machine under load: the next look tells
            return True


def _left(session: Any) -> int:
    waiting = select(func.count()).select_from(inbox).where(inbox.c.state == "waiting")
    unsent = select(func.count()).select_from(replies).where(replies.c.dead_at.is_(None))
    return sum(session.execute(query).scalar_one() for query in (waiting, unsent))


@asynccontextmanager
async def talking(assistant: Assistant, kind: type[Channel]) -> AsyncIterator[Talk]:
    """A channel by the settings as they are, until the end of the block."""
    async with ClientSession() as http:
        channel = kind(settings(), http)
        intake = Intake(assistant.turns, assistant.agent.tracker_store.database)
        outgoing = Outgoing(intake.database, settings(), [channel], intake)
        app = web.Application(client_max_size=256 * 1024, middlewares=[errors_as_json])
        add_routes(app, settings(), intake, [channel])
        async with TestClient(TestServer(app)) as client:
            intake.start()
            running = asyncio.create_task(outgoing.run())
            yield Talk(client, intake, outgoing)
            outgoing.stop()
            await running
            await intake.close()
