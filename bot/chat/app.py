"""The chat role's web application: the reference REST channel and the two answers for whoever watches the process."""

import json
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.chat.callers import refusal
from bot.dialogue.rest_message import MOST_BYTES, read_message
from bot.dialogue.turns import Turns
from bot.errors import MessageRefused, StrandError
from bot.settings import Settings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Check = Callable[[], Awaitable[None]]

CHANNEL = "rest"
PLACE = f"/webhooks/{CHANNEL}"

logger = logging.getLogger(__name__)


def make_app(settings: Settings, turns: Turns, check: Check) -> web.Application:
    """The application; `check` raises StrandError where a message could not be answered and stored now."""
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[_errors_as_json])
    channel = RestChannel(settings, turns)
    app.router.add_get("/health", health)
    app.router.add_get("/ready", Readiness(check).ready)
    app.router.add_get(f"{PLACE}/", channel.health)
    app.router.add_post(f"{PLACE}/webhook", channel.receive)
    return app


async def health(_request: web.Request) -> web.Response:
    """The process lives."""
    return web.json_response({"status": "ok"})


class Readiness:
    """Says whether a message could be answered and stored now."""

    def __init__(self, check: Check) -> None:
        self._check = check

    async def ready(self, _request: web.Request) -> web.Response:
        """200 where it could, 503 with the reason where not."""
        try:
            await self._check()
        except StrandError as error:
            return web.json_response({"status": "not ready", "reason": str(error)}, status=503)
        return web.json_response({"status": "ready"})


class RestChannel:
    """The REST channel of Rasa's shape, for callers on this machine or with the token."""

    def __init__(self, settings: Settings, turns: Turns) -> None:
        self._settings = settings
        self._turns = turns

    def _refuse(self, request: web.Request) -> web.Response | None:
        found = refusal(request, self._settings)
        return _error(*found) if found else None

    async def health(self, request: web.Request) -> web.Response:
        """The channel is open to this caller."""
        refused = self._refuse(request)
        return web.json_response({"status": "ok"}) if refused is None else refused

    async def receive(self, request: web.Request) -> web.Response:
        """The replies to a message, after they are stored."""
        refused = self._refuse(request)
        if refused is not None:  # a response with nothing in it yet counts as false
            return refused
        try:
            message = read_message(await request.read())
        except MessageRefused as error:
            return _error(error.status, str(error))
        replies = await self._turns.answer_from(CHANNEL, message.sender, message.message, message.metadata)
        return web.json_response(replies)


def _error(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        error.text = json.dumps({"error": error.reason})
        error.content_type = "application/json"
        raise
    except Exception:  # the edge of the process: the traceback is for the log, never for the caller
        logger.exception("a request failed")
        return _error(500, "something went wrong on this side")
