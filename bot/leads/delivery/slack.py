"""A Slack incoming webhook."""

import json

from bot.leads.delivery import words
from bot.leads.delivery.http import Poster
from bot.leads.delivery.sending import Message
from bot.leads.delivery.targets import SlackTarget


class SlackSender:
    """Posts messages to a channel of Slack, one after another, since Slack takes about one a second."""

    at_once = 1

    def __init__(self, target: SlackTarget, poster: Poster, console: str) -> None:
        self.target = target
        self._console = console
        self._poster = poster

    async def send(self, message: Message) -> str:
        """What came back, like HTTP 200; raises DeliveryFailed."""
        text = _escaped(words.body(message.payload, self._console))
        return await self._poster.post(self.target.url, json.dumps({"text": text}).encode(), {}, message.at)


def _escaped(text: str) -> str:
    """Without Slack's own marks, so that no visitor's word becomes a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
