"""The REST channel of Rasa's shape, for callers on this machine or with the token."""

from aiohttp import web

from bot.chat.answers import error
from bot.chat.callers import refusal
from bot.dialogue.rest_message import read_message
from bot.dialogue.turns import Turns
from bot.errors import MessageRefused
from bot.settings import Settings

CHANNEL = "rest"
PLACE = f"/webhooks/{CHANNEL}"


class RestChannel:
    """Answers a message with its replies, once they are stored."""

    def __init__(self, settings: Settings, turns: Turns) -> None:
        self._settings = settings
        self._turns = turns

    def add_routes(self, app: web.Application) -> None:
        """Answer at the channel's place."""
        app.router.add_get(f"{PLACE}/", self.health)
        app.router.add_post(f"{PLACE}/webhook", self.receive)

    def _refuse(self, request: web.Request) -> web.Response | None:
        found = refusal(request, self._settings)
        return error(*found) if found else None

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
        except MessageRefused as problem:
            return error(problem.status, str(problem))
        replies = await self._turns.answer_from(CHANNEL, message.sender, message.message, message.metadata)
        return web.json_response(replies)
