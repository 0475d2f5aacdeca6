"""The reference REST channel for plain `rasa run`: the same turns and the same replies as those of `strand serve`."""

from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dialogue.assistant import take_off_fail_safe
from bot.dialogue.order import ConversationOrder
from bot.dialogue.rest_message import read_message
from bot.dialogue.turns import Turns
from bot.errors import MessageRefused
from bot.settings import settings


class RestChannel(InputChannel):  # type: ignore[misc]  # Rasa has no types
    """Takes a message in a POST request and answers it with the turn's replies; a typed slash is text."""

    def __init__(self) -> None:
        self._turns: Turns | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place below /webhooks/."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes; they take turns with the server's agent instead of calling `on_new_message`."""
        routes = Blueprint("strand_rest", url_prefix=None)

        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request)

        routes.add_route(_health, "/", methods=["GET"])
        # A function, since Sanic writes a name into what it calls, and a method takes none.
        routes.add_route(receive, "/webhook", methods=["POST"])
        routes.listener("before_server_stop")(self._finish)
        return routes

    async def _receive(self, request: Request) -> HTTPResponse:
        try:
            message = read_message(request.body)
        except MessageRefused as error:
            return response.json({"error": str(error)}, status=error.status)
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or agent.processor is None:
            return response.json({"error": "no model is loaded"}, status=503)
        turns = self._turns_of(agent)
        replies = await turns.answer_from(self.name(), message.sender, message.message, message.metadata)
        return response.json(replies)

    def _turns_of(self, agent: Agent) -> Turns:
        """The turns of the server's agent, which Rasa's HTTP API may have replaced by another."""
        if self._turns is None or self._turns.agent is not agent:
            take_off_fail_safe(agent)
            if not isinstance(agent.lock_store, ConversationOrder):
                agent.lock_store = agent.processor.lock_store = ConversationOrder()
            agent.lock_store.span(agent.tracker_store)
            self._turns = Turns(agent)
        return self._turns

    async def _finish(self, _app: Sanic, _loop: AbstractEventLoop) -> None:
        if self._turns:
            await self._turns.finish(settings().stop_seconds)


async def _health(_request: Request) -> HTTPResponse:
    return response.json({"status": "ok"})
