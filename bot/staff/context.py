"""What every page of the console finds in its application."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import web

from bot.settings import Settings
from bot.storage.database import Database

T = TypeVar("T")
Vectors = Sequence[Sequence[float]]


@dataclass(frozen=True)
class ChatLink:
    """How the console reaches the conversations.

    `hold(conversation)` keeps turns from being taken in it within the block. `tell(conversation, typing)` has the chat
    in this process, if there is one, look at what is new there, or show that somebody types. `end(conversation)` has it
    end what is open of one that was deleted. `encode(texts)` gives a vector of length 1 for each text; equal meanings
    point in the same direction. It takes milliseconds a text.
    """

    hold: Callable[[str], AbstractAsyncContextManager[Any]]
    tell: Callable[[str, bool], None]
    encode: Callable[[Sequence[str]], Vectors]
    end: Callable[[str], None] = lambda _conversation: None


def no_chat(database: Database, encode: Callable[[Sequence[str]], Vectors]) -> ChatLink:
    """The link of a process that plays no chat: others are held off and told by the database."""
    hold = database.locks.hold if database.locks else (lambda _conversation: nullcontext())
    return ChatLink(hold, lambda _conversation, _typing: None, encode)


SETTINGS = web.AppKey("settings", Settings)
DATABASE = web.AppKey("database", Database)
CHAT = web.AppKey("chat", ChatLink)
HASHING = web.AppKey("hashing", asyncio.Semaphore)
CLOCK: web.AppKey[Callable[[], datetime]] = web.AppKey("clock")  # the time in UTC


async def aside(request: web.Request, work: Callable[[], T]) -> T:
    """What `work` returns, done in a thread; for passwords, which take much memory each, so that few are at once."""
    async with request.app[HASHING]:
        return await asyncio.to_thread(work)
