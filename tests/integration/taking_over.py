"""A member of the staff who takes conversations of the real assistant over, and the visitor who talks there."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from inbox_desk import Desk, now, opened
from sqlalchemy import select

from bot.dialogue.assistant import Assistant
from bot.settings import settings
from bot.staff.context import ChatLink
from bot.staff.takeover import words
from bot.staff.takeover.watch import Watch
from bot.transcripts import reading, takeover
from bot.transcripts.inbox import WEB
from bot.transcripts.reading import Item
from bot.transcripts.tables import takeovers
from bot.transcripts.takeover import Takeover
from tests.conversations.conversation import PLAIN_ANSWERS

DANA = "dana"


def no_link(told: list[str] | None = None) -> ChatLink:
    """A console beside nobody's chat; what it tells the chat is put into a list."""
    return ChatLink(lambda _: nullcontext(), lambda where, _: (told or []).append(where), lambda texts: [])


@dataclass
class Room:
    """A visitor on a channel, and the staff's side of the same conversation."""

    desk: Desk
    address: str = "ann"
    channel: str = WEB
    count: int = 0
    seen: int = 0
    told: list[str] = field(default_factory=list)

    async def says(self, *texts: str) -> list[Item]:
        """What is said to the visitor after some messages, by whoever."""
        await self.new()
        for text in texts:
            self.count += 1
            await self.desk.say(text, f"{self.count:04}", self.address, self.channel)
            await self.desk.settled()
        return [item for item in await self.new() if item.author != "visitor"]

    async def new(self) -> Sequence[Item]:
        """What was said since the last look."""
        where, seen = await self.conversation(), self.seen
        page = await self.inside(lambda session: reading.after(session, where, seen))
        self.seen = max([seen, *(item.cursor for item in page.items)])
        return page.items

    async def is_asked(self, field: str) -> list[Item]:
        """A check up to the question of a field."""
        said = await self.says("start the suitability check")
        while said[-1].payload["field"] != field:
            said = await self.says(PLAIN_ANSWERS[said[-1].payload["field"]])
        return said

    async def conversation(self) -> str:
        return await self.desk.conversation(self.address, self.channel) or ""

    async def inside(self, work: Callable[[Any], Any]) -> Any:
        return await self.desk.database.run(work)

    async def joins(self, name: str = DANA) -> None:
        where, said = await self.conversation(), await words.joined(settings())
        await self.inside(lambda session: takeover.join(session, where, name, said, now()))

    async def writes(self, text: str, name: str = DANA) -> None:
        where = await self.conversation()
        await self.inside(lambda session: takeover.say(session, where, name, text, now()))

    async def leaves(self, name: str = DANA) -> None:
        where, said = await self.conversation(), await words.left(settings())
        await self.inside(lambda session: takeover.leave(session, where, name, said, now()))

    async def taken(self) -> Takeover | None:
        where = await self.conversation()
        return await self.inside(lambda session: takeover.present(session, where))

    async def looks_late(self, **later: float) -> None:
        """A look for visitors who wait, at a later time."""

        def clock() -> datetime:
            return now() + timedelta(**later)

        await Watch(settings(), self.desk.database, no_link(self.told), clock).look()

    async def ended(self) -> list[tuple[str, str]]:
        """Who was in, and who ended it."""
        query = select(takeovers.c.staff, takeovers.c.ended_by).order_by(takeovers.c.id)
        return [tuple(row) for row in await self.inside(lambda session: session.execute(query).all())]


@asynccontextmanager
async def room(assistant: Assistant) -> AsyncIterator[Room]:
    async with opened(assistant) as desk:
        yield Room(desk)


def states(items: Sequence[Item]) -> list[str]:
    """Who said something: the staff's state, or the assistant's kind."""
    return [str(item.payload.get("state" if item.author == "staff" else "kind")) for item in items]
