"""A browser's part of the web chat, and the application that it talks with."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient, TestServer

from bot.chat.app import make_app
from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import Intake
from bot.settings import settings
from bot.storage.database import Database, open_database

SECONDS = 10.0
Frame = dict[str, Any]

_numbers = itertools.count(1)


def open_store() -> Database:
    """The database of the program."""
    return open_database(settings().database, settings().database_seconds)


class Visiting(TestClient):
    """A client of the chat role, with the inbox behind it."""

    intake: Intake


@asynccontextmanager
async def web_chat(assistant: Assistant) -> AsyncIterator[Visiting]:
    """The chat role with its web chat, as it runs in a process."""
    intake = Intake(assistant.turns, open_store())
    app = make_app(settings(), assistant.turns, assistant.check, intake)
    client = Visiting(TestServer(app))
    client.intake = intake
    await client.start_server()
    intake.start()
    try:
        yield client
    finally:
        await client.close()
        await intake.close()


def new_id() -> str:
    """An id for a message, as a browser makes one."""
    return f"message-{next(_numbers):04}"


async def begin(client: TestClient) -> str:
    """The token of a new session."""
    response = await client.post("/chat/session")
    assert response.status == 200, await response.text()
    token: str = (await response.json())["token"]
    return token


def bearer(token: str) -> dict[str, str]:
    """The header that a token travels in."""
    return {"Authorization": f"Bearer {token}"}


class Browser:
    """A WebSocket of a session; `welcome` is what it was greeted with, `frames` all that it heard."""

    def __init__(self, socket: ClientWebSocketResponse, token: str) -> None:
        self.socket = socket
        self.token = token
        self.welcome: Frame = {}
        self.frames: list[Frame] = []

    async def hear(self, *kinds: str) -> Frame:
        """The next frame, of one of the kinds where any are given; others are passed over."""
        while True:
            frame: Frame = await asyncio.wait_for(self.socket.receive_json(), SECONDS)
            self.frames.append(frame)
            if not kinds or frame["type"] in kinds:
                return frame

    async def send(self, **frame: object) -> None:
        await self.socket.send_json(frame)

    async def say(self, text: str, message_id: str | None = None) -> str:
        """Send a message; its id."""
        identifier = message_id or new_id()
        await self.send(type="message", id=identifier, text=text)
        return identifier

    async def answer(self) -> list[str]:
        """The texts of the next turn."""
        while True:
            said = [item for item in (await self.hear("news"))["items"] if item["from"] == "assistant"]
            if said:
                texts: list[str] = said[-1]["texts"]
                return texts

    async def ask(self, text: str) -> list[str]:
        """Send a message and wait for its answer."""
        await self.say(text)
        return await self.answer()

    @property
    def cursor(self) -> int:
        """The last cursor that was seen."""
        return max(frame["cursor"] for frame in [self.welcome, *self.frames] if "cursor" in frame)

    async def closed(self) -> int:
        """The code that the socket is closed with; what comes before it is kept."""
        while True:
            message = await asyncio.wait_for(self.socket.receive(), SECONDS)
            if message.type is not WSMsgType.TEXT:
                # Not the socket's own code: it says 1006 where the other side is gone before it could say goodbye too.
                return int(message.data or 1006)
            self.frames.append(message.json())


@asynccontextmanager
async def browser(client: TestClient, token: str = "", after: int = 0) -> AsyncIterator[Browser]:
    """A browser that was welcomed; with a new session unless there is a token."""
    opened = await knock(client, token or await begin(client), after)
    opened.welcome = await opened.hear()
    assert opened.welcome["type"] == "welcome", opened.welcome
    opened.token = opened.welcome["token"]
    yield opened
    await opened.socket.close()


async def knock(client: TestClient, token: str, after: int = 0) -> Browser:
    """A browser that has said hello."""
    opened = Browser(await client.ws_connect("/chat/socket"), token)
    await opened.send(type="hello", token=token, after=after)
    return opened
