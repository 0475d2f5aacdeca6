"""What a visitor can do with a chat, whichever way it is connected: begin, go on, say something, look, end."""

import logging
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.chat.limits import Limiter, Places
from bot.chat.web.frames import Reason, Refusal, Say
from bot.chat.web.hub import Ended, Hub, Listener
from bot.dialogue.intake import Intake, News
from bot.dialogue.notices import phrases
from bot.errors import StrandError
from bot.leads.erasure import erase_conversation
from bot.metrics import refusals
from bot.settings import Settings
from bot.storage.types import utc_now
from bot.transcripts import sessions
from bot.transcripts.inbox import WEB, Inbound
from bot.transcripts.sessions import Token

BUSY_SECONDS = 2.0
WISHES_A_MINUTE = 240

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entered:
    """A session that goes on: its address, its conversation where there is one, and a token with a whole life."""

    address: str
    conversation: str | None
    token: Token


class Chats:
    """The web chats on an inbox; whoever listens to one is in `hub`."""

    def __init__(self, settings: Settings, intake: Intake, hub: Hub) -> None:
        self.settings = settings
        self.database = intake.database
        self.hub = hub
        self.places = Places(settings.address_connections)
        self._intake = intake
        self._life = timedelta(hours=settings.session_hours)
        self._said = Limiter(settings.web_messages_a_minute)
        self._said_from = Limiter(settings.address_messages_a_minute)
        self._begun_from = Limiter(settings.address_messages_a_minute)
        self._wishes = Limiter(WISHES_A_MINUTE)

    def begin(self, place: str) -> Token | Refusal:
        """A token for a new session, begun at an internet address."""
        wait = self._begun_from.take(place)
        if wait:
            return refuse("slow", wait)
        return sessions.sign(sessions.new_address(), utc_now(), self._life)

    async def enter(self, token: str) -> Entered:
        """Go on with a session; raises SessionRefused, DatabaseUnavailable."""
        return await self.renew(sessions.verify(token, utc_now()))

    async def renew(self, address: str) -> Entered:
        """The session of an address with a new token, and from time to time under a new address."""
        now = utc_now()

        def work(session: Any) -> tuple[str, str | None]:
            renewed = sessions.renew(session, address, now)
            return renewed, sessions.known(session, renewed)

        renewed, conversation = await self.database.run(work)
        return Entered(renewed, conversation, sessions.sign(renewed, now, self._life))

    async def find(self, token: str) -> tuple[str, str | None]:
        """The address of a token and its conversation; raises SessionRefused, DatabaseUnavailable."""
        address = sessions.verify(token, utc_now())
        return address, await self.known(address)

    async def known(self, address: str) -> str | None:
        """The conversation of an address; None where nothing was said, or the session is over."""
        return await self.database.run(lambda session: sessions.known(session, address), read_only=True)

    def allow(self, address: str) -> Refusal | None:
        """Whether a session may wish for something now: each wish is counted."""
        wait = self._wishes.take(address)
        return refuse("slow", wait) if wait else None

    async def say(self, address: str, place: str, said: Say, by: Listener | None = None) -> str | Refusal:
        """The conversation in which a message is stored now; it is answered by itself."""
        refusal = self._refuse(address, place, said)
        if refusal:
            return refusal
        try:
            accepted = await self._intake.accept(Inbound(WEB, address, said.id, said.text))
        except StrandError as error:
            logger.warning("a message was not taken: %s", error)
            return refuse("busy", BUSY_SECONDS)
        self.hub.bind(address, accepted.conversation)
        if accepted.fresh:
            self.hub.refresh(accepted.conversation, but=by)
        return accepted.conversation

    def _refuse(self, address: str, place: str, said: Say) -> Refusal | None:
        if len(said.text) > self.settings.web_characters:
            return refuse("long", characters=self.settings.web_characters)
        wait = self._said.take(address) or self._said_from.take(place)
        return refuse("slow", wait) if wait else None

    async def end(self, conversation: str | None) -> str | None:
        """Delete a conversation with its lead and tell all who listen; the receipt, None where there was nothing.

        A turn that is under way is over first. Raises DatabaseUnavailable, and then nothing was deleted.
        """
        if conversation is None:
            return None
        async with self._intake.hold(conversation):
            erased = await erase_conversation(self.database, conversation, "visitor", utc_now())
        self.hub.end(conversation, Ended(erased.receipt))
        self._intake.tell(News(conversation, ended=True))
        return erased.receipt


def refuse(reason: Reason, retry_in: float | None = None, characters: int = 0) -> Refusal:
    """A refusal in words, which is counted."""
    refusals.labels(channel=WEB, reason=reason).inc()
    return Refusal(reason, _words(reason, retry_in, characters), retry_in)


def _words(reason: Reason, retry_in: float | None, characters: int) -> str:
    words = phrases()
    texts: dict[Reason, str] = {
        "slow": words.too_fast,
        "busy": words.not_taken,
        "long": words.too_long,
        "unreadable": words.not_read,
        "session": words.chat_over,
    }
    return texts[reason].format(seconds=math.ceil(retry_in or 1), characters=characters)
