"""The webhooks: who sent a request is verified, its messages are stored, and only then it is answered.

A provider sends a request again that was refused with a 503; what was stored already is known by its id.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone

from aiohttp import web

from bot.chat.answers import error, retry_after
from bot.chat.channels.asides import Asides
from bot.chat.channels.channel import Answer, Channel, Event, Request, Unread, Wish
from bot.chat.limits import Limiter
from bot.dialogue.intake import Intake
from bot.errors import MessageRefused, StorageError
from bot.metrics import failures, refusals
from bot.settings import Settings
from bot.transcripts.inbox import Inbound

MOST_BYTES = 256 * 1024
RETRY_SECONDS = 5.0

logger = logging.getLogger(__name__)


def add_routes(app: web.Application, settings: Settings, intake: Intake, channels: Sequence[Channel]) -> None:
    """Give each channel its place, /webhooks/<name>."""
    limiter, asides = Limiter(settings.web_messages_a_minute), Asides(settings, intake)
    for channel in channels:
        webhook = Webhook(channel, settings, Door(channel, intake, limiter, asides))
        app.router.add_get(f"/webhooks/{channel.name}", webhook.receive, allow_head=False)
        app.router.add_post(f"/webhooks/{channel.name}", webhook.receive)
        app.cleanup_ctx.append(webhook.ended)


class Door:
    """Where the events of a channel are let in, one after the other."""

    def __init__(self, channel: Channel, intake: Intake, limiter: Limiter, asides: Asides) -> None:
        self._channel, self._intake, self._limiter, self._asides = channel, intake, limiter, asides

    async def take(self, event: Event) -> None:
        """Store what an event says, or say that it cannot be read; raises StorageError, and then it may come again."""
        if isinstance(event, Wish):
            await self._grant(event)
        elif not await self._is_deaf_to(event.address):
            await self._take_counted(event)

    async def _grant(self, wish: Wish) -> None:
        """Do what a word of the law on texts wants, whatever the limits."""
        stopped = await self._asides.has_stopped(wish.asked)
        if wish.kind == "stop":
            await self._asides.stop(wish)
        elif wish.kind == "start" and stopped:
            await self._asides.start(wish)
        elif stopped:
            refusals.labels(self._channel.name, "opted_out").inc()
        elif wish.kind == "help":
            await self._asides.help(wish)
        else:
            await self._take_counted(_as_greeting(wish.asked))

    async def _is_deaf_to(self, address: str) -> bool:
        if not (self._channel.stops and await self._asides.has_stopped(Inbound(self._channel.name, address, "", ""))):
            return False
        refusals.labels(self._channel.name, "opted_out").inc()
        return True

    async def _take_counted(self, event: Inbound | Unread) -> None:
        key = f"{self._channel.name} {event.address}"
        if self._limiter.take(key):
            refusals.labels(self._channel.name, "slow").inc()
            if not (isinstance(event, Unread) and event.kind == "group"):  # a group talks with itself
                await self._asides.too_much(self._channel.name, event.address)
            return
        try:
            if isinstance(event, Unread):
                await self._asides.unread(self._channel.name, event)
            else:
                await self._intake.accept(event)
        except StorageError:
            self._limiter.give_back(key)
            raise


def _as_greeting(asked: Inbound) -> Inbound:
    """START from somebody who has not stopped is how one begins on SMS: a greeting, and not the wish for the check."""
    return replace(asked, text="hello") if asked.text.strip(" .!").casefold() in ("start", "unstop") else asked


class Webhook:
    """A channel's place."""

    def __init__(self, channel: Channel, settings: Settings, door: Door) -> None:
        self._channel, self._door = channel, door
        self._public = settings.public_url.rstrip("/")
        self._afterwards: set[asyncio.Task[None]] = set()

    async def receive(self, request: web.Request) -> web.Response:
        """The provider's answer, once all messages of the request are stored."""
        asked = await self._read(request)
        if not self._channel.verify(asked, datetime.now(timezone.utc)):
            refusals.labels(self._channel.name, "signature").inc()
            return error(403, "the signature is missing, wrong or too old")
        answer = self._channel.answer(asked)
        if answer is not None:
            return _response(answer)
        if asked.method == "GET":
            return error(405, "messages come by POST")
        return await self._store(asked)

    async def _read(self, request: web.Request) -> Request:
        body = await request.read()
        if len(body) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(max_size=MOST_BYTES, actual_size=len(body))
        here = self._public or f"{request.scheme}://{request.host}"
        return Request(request.method, f"{here}{request.raw_path}", request.headers, request.query, body)

    async def _store(self, asked: Request) -> web.Response:
        try:
            for event in self._channel.read(asked):
                await self._door.take(event)
        except MessageRefused as refused:
            refusals.labels(self._channel.name, "unreadable").inc()
            return error(refused.status, str(refused))
        except StorageError as missing:
            refusals.labels(self._channel.name, "busy").inc()
            logger.warning("%s has to send a message again: %s", self._channel.name, missing)
            busy = error(503, "not stored: please send it again")
            busy.headers.update(retry_after(RETRY_SECONDS))
            return busy
        task = asyncio.create_task(self._finish(asked))
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)
        return _response(self._channel.stored())

    async def _finish(self, asked: Request) -> None:
        try:
            await self._channel.arrived(asked)
        except Exception as unexpected:  # the task's edge: what was asked is stored, so nobody needs to know
            failures.labels(where="request").inc()
            logger.warning("%s: %s after a request", self._channel.name, type(unexpected).__name__)

    async def ended(self, _app: web.Application) -> AsyncIterator[None]:
        """At the end, drop what is still done for requests that were answered."""
        yield
        tasks = list(self._afterwards)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)
