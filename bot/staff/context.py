"""What every page of the console finds in its application."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.settings import Settings
from bot.storage.database import Database

Vectors = Sequence[Sequence[float]]


@dataclass(frozen=True)
class ChatLink:
    """How the console reaches the conversations.

    `hold(conversation)` keeps turns from being taken in it within the block. `tell(conversation, typing)` has the chat
    in this process, if there is one, look at what is new there, or show that somebody types. `encode(texts)` gives a
    vector of length 1 for each text; equal meanings point in the same direction. It takes milliseconds a text.
    """

    hold: Callable[[str], AbstractAsyncContextManager[Any]]
    tell: Callable[[str, bool], None]
    encode: Callable[[Sequence[str]], Vectors]


def no_chat(database: Database, encode: Callable[[Sequence[str]], Vectors]) -> ChatLink:
    """The link of a process that plays no chat: others are held off and told by the database."""
    hold = database.locks.hold if database.locks else (lambda _conversation: nullcontext())
    return ChatLink(hold, lambda _conversation, _typing: None, encode)


SETTINGS = web.AppKey("settings", Settings)
DATABASE = web.AppKey("database", Database)
CHAT = web.AppKey("chat", ChatLink)
CLOCK: web.AppKey[Callable[[], datetime]] = web.AppKey("clock")  # the time in UTC
