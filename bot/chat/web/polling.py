"""A web chat by requests, where a WebSocket cannot open: the same messages, and questions that wait for news."""

import asyncio
import zlib
from typing import Any

from aiohttp import web

from bot.addresses import client_address
from bot.chat.answers import retry_after
from bot.chat.web import frames, view
from bot.chat.web.chats import BUSY_SECONDS, Chats, refuse
from bot.chat.web.frames import Frame, Reason, Refusal, Unreadable
from bot.chat.web.hub import Ended, Listener
from bot.chat.web.view import View
from bot.dialogue.intake import News
from bot.errors import SessionRefused, StorageError

WAIT_SECONDS = 25.0
BODY_SECONDS = 10.0
STATUS: dict[Reason, int] = {"slow": 429, "busy": 503, "long": 413, "unreadable": 400, "session": 401}


class Waiter(Listener):
    """A request that waits for something new."""

    def __init__(self, address: str, conversation: str | None) -> None:
        super().__init__()
        self.address, self.conversation = address, conversation
        self.moments: list[str] = []
        self.ended: Ended | None = None
        self._called = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when there is something new, or after a time."""
        try:
            await asyncio.wait_for(self._called.wait(), seconds)
        except asyncio.TimeoutError:
            return

    def hear(self, news: News) -> None:
        """Wake up; that somebody types is for those who hear it at once."""
        if news.typing:
            return
        if news.moment:
            self.moments.append(news.moment)
        self._called.set()

    def look(self) -> None:
        """Wake up."""
        self._called.set()

    def end(self, ended: Ended) -> None:
        """Wake up for the last time."""
        self.ended = ended
        self._called.set()

    async def leave(self) -> None:
        """Wake up; the browser asks again, another process or later."""
        self._called.set()


class Polling:
    """The requests of the web chat."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    async def session(self, request: web.Request) -> web.Response:
        """A token: a renewed one for who has one, else a new session's."""
        token = _token(request)
        try:
            found = (await self._chats.enter(token)).token if token else self._chats.begin(self._place(request))
        except (SessionRefused, StorageError) as error:
            return _refused(_refusal(error))
        if isinstance(found, Refusal):
            return _refused(found)
        settings = self._chats.settings
        about = {"characters": settings.web_characters, "clinic": settings.clinic}
        return web.json_response({"token": found.text, "expires_in": found.seconds, **about})

    async def say(self, request: web.Request) -> web.Response:
        """202 once the message is stored; its answer is among the news."""
        said = frames.read_message(await _body(request))
        if isinstance(said, Unreadable):
            return _refused(refuse("unreadable"), said.id)
        try:
            address, _ = await self._chats.find(_token(request) or "")
        except (SessionRefused, StorageError) as error:
            return _refused(_refusal(error), said.id)
        stored = await self._chats.say(address, self._place(request), said)
        if isinstance(stored, Refusal):
            return _refused(stored, said.id)
        return web.json_response({"stored": said.id}, status=202)

    async def news(self, request: web.Request) -> web.Response:
        """What was said behind a cursor, as soon as there is something; or at once, what was said before one."""
        try:
            address, conversation = await self._chats.find(_token(request) or "")
            refusal = self._chats.allow(address)
            if refusal:
                return _refused(refusal)
            before, after = _cursor(request, "before"), _cursor(request, "after")
            if before is not None:
                return web.json_response(await self._earlier(conversation, before))
            if after is None:
                return _refused(refuse("unreadable"))
            return await self._news(request, Waiter(address, conversation), after)
        except (SessionRefused, StorageError) as error:
            return _refused(_refusal(error))

    async def _earlier(self, conversation: str | None, before: int) -> Frame:
        if conversation is None:
            return frames.earlier_frame((), more=False)
        page = await view.look_back(self._chats.database, conversation, before)
        return frames.earlier_frame(page.items, page.more)

    async def _news(self, request: web.Request, waiter: Waiter, after: int) -> web.Response:
        place = self._place(request)
        if not self._chats.places.take(place):
            return _refused(refuse("slow", BUSY_SECONDS))
        self._chats.hub.join(waiter)
        try:
            found = await self._look(waiter, after)
            if not found.items and request.query.get("mark", _mark(found)) == _mark(found):
                await waiter.wait(0 if self._chats.hub.closed else WAIT_SECONDS)
                found = View() if waiter.ended else await self._look(waiter, after)
        finally:
            self._chats.hub.part(waiter)
            self._chats.places.leave(place)
        if waiter.ended:
            return _over(waiter.ended)
        beside = {"moment": waiter.moments, "more": found.more, "mark": _mark(found)}
        return web.json_response({**found.frame(), **beside})

    async def _look(self, waiter: Waiter, after: int) -> View:
        found = View()
        if waiter.conversation:
            found = await view.look(self._chats.database, waiter.conversation, after)
        if found.gone or after > found.cursor:
            raise SessionRefused("what was seen is not there any more")
        return found

    async def end(self, request: web.Request) -> web.Response:
        """Delete the chat; its receipt."""
        try:
            _, conversation = await self._chats.find(_token(request) or "")
            receipt = await self._chats.end(conversation)
        except (SessionRefused, StorageError) as error:
            return _refused(_refusal(error))
        return web.json_response({"receipt": receipt})

    def _place(self, request: web.Request) -> str:
        return client_address(request, self._chats.settings.proxies)


def _token(request: web.Request) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _cursor(request: web.Request, name: str) -> int | None:
    text = request.query.get(name, "")
    return frames.read_cursor(int(text)) if text.isascii() and text.isdigit() and len(text) < 17 else None


async def _body(request: web.Request) -> Any:
    try:
        body = await asyncio.wait_for(request.read(), BODY_SECONDS)
    except asyncio.TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    return frames.read_object(body) if len(body) <= frames.MOST_BYTES else {}


def _mark(found: View) -> str:
    """A short word for how the unanswered messages stand: a browser that says it back hears when it is another."""
    states = "\n".join(f"{message.message_id} {message.state}" for message in found.open)
    return f"{zlib.crc32(states.encode()):08x}"


def _refusal(error: SessionRefused | StorageError) -> Refusal:
    return refuse("session") if isinstance(error, SessionRefused) else refuse("busy", BUSY_SECONDS)


def _over(ended: Ended) -> web.Response:
    """The session is refused from now on; with it come the last words, which stand nowhere else."""
    frame = {**frames.ended_frame(ended.receipt, ended.texts, goes_on=False), "reason": "session"}
    return web.json_response(frame, status=STATUS["session"])


def _refused(refusal: Refusal, message_id: str | None = None) -> web.Response:
    status, headers = STATUS[refusal.reason], retry_after(refusal.retry_in)
    return web.json_response(refusal.frame(message_id), status=status, headers=headers)
