"""An inbox with visitors in front of it, who look at what became of what they said."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select

from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import Intake, News
from bot.storage.database import Database
from bot.transcripts import addresses, inbox, reading
from bot.transcripts.inbox import WEB, Accepted, Inbound, Open
from bot.transcripts.tables import inbox as rows
from bot.transcripts.tables import replies

SECONDS = 20.0
LOOK_SECONDS = 0.01


def long_id(name: str) -> str:
    """A message's id as a browser makes it."""
    return f"message-{name}"


@dataclass
class Desk:
    """An inbox, and all that was heard of it."""

    intake: Intake
    heard: list[News] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.intake.database

    async def inside(self, work: Callable[[Any], Any]) -> Any:
        return await self.database.run(work)

    async def say(self, text: str, name: str = "1", address: str = "ann", channel: str = WEB) -> Accepted:
        return await self.intake.accept(Inbound(channel, address, long_id(name), text))

    async def settled(self) -> None:
        """Returns once no message waits and nobody works."""
        await asyncio.wait_for(self._until_nobody_works(), SECONDS)

    async def _until_nobody_works(self) -> None:
        while self.intake._working or await self.states("waiting"):
            await asyncio.sleep(LOOK_SECONDS)

    async def states(self, state: str) -> list[int]:
        query = select(rows.c.id).where(rows.c.state == state)
        return await self.inside(lambda session: session.execute(query).scalars().all())

    async def conversation(self, address: str = "ann", channel: str = WEB) -> str | None:
        return await self.inside(lambda session: addresses.find(session, channel, address))

    async def transcript(self, address: str = "ann", channel: str = WEB) -> list[str]:
        """What was said in a conversation, as its visitor sees it: what they said themselves has a mark."""
        conversation = await self.conversation(address, channel)
        page = await self.inside(lambda session: reading.after(session, conversation or "", 0))
        return [
            f"> {' '.join(item.texts)}" if item.author == "visitor" else " ".join(item.texts) for item in page.items
        ]

    async def open(self, address: str = "ann") -> list[Open]:
        conversation = await self.conversation(address)
        return await self.inside(lambda session: inbox.open_messages(session, conversation or ""))

    async def replies(self) -> list[str]:
        """What waits to be sent to channels, in order."""
        query = select(replies.c.body).order_by(replies.c.id)
        return await self.inside(lambda session: session.execute(query).scalars().all())

    def live(self) -> list[str]:
        """What listeners heard said by the assistant, in order."""
        items = [item for news in self.heard for item in news.items]
        return [" ".join(item.texts) for item in items if item.author == "assistant"]


@asynccontextmanager
async def opened(assistant: Assistant, start: bool = False) -> AsyncIterator[Desk]:
    """An inbox on an assistant's database; what is left is not worked on after the block."""
    intake = Intake(assistant.turns, assistant.agent.tracker_store.database)
    desk = Desk(intake)
    intake.listen(desk.heard.append)
    if start:
        intake.start()
    try:
        yield desk
    finally:
        await intake.close()


def now() -> datetime:
    return datetime.now(timezone.utc)
