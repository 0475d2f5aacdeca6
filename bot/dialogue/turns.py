"""A turn: one message in, its replies out once they are stored, in order within the conversation, within the time."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.constants import REQUESTED_SLOT

from bot.dialogue import notices
from bot.dialogue.notices import Messages
from bot.dialogue.typed import clean
from bot.errors import StorageError, StrandError, TurnError, TurnTimedOut
from bot.settings import settings
from bot.transcripts.turn import Turn, current_turn

T = TypeVar("T")

LAST_WORD_SECONDS = 0.2

logger = logging.getLogger(__name__)


class Turns:
    """Answers messages with Rasa's `agent`; what goes wrong inside is a reply of kind `error`, never an exception."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def answer(
        self, conversation: str, text: str, channel: str = "rest", metadata: dict[str, Any] | None = None
    ) -> Messages:
        """The replies as Rasa's REST channel shapes them, one of them with the turn's `custom` payload.

        They are stored when this returns. It returns within `turn_seconds` of the call, also behind a slow turn of the
        same conversation; what is not done by then is undone. A caller that is cancelled does not undo its turn.
        """
        if notices.may_be_unreadable(text):
            notice = notices.unreadable(conversation, text, await self._open_field(conversation))
            if notice:
                return notice
        if self._closed:
            return notices.failed(conversation)
        message = UserMessage(
            clean(text), CollectingOutputChannel(), conversation, input_channel=channel, metadata=metadata
        )
        return await asyncio.shield(self._start(self._answer_in_time(message)))

    async def _open_field(self, conversation: str) -> str | None:
        """The question that stands open in a conversation; None as well where the database cannot say."""
        try:
            tracker = await self.agent.tracker_store.retrieve(conversation)
        except StorageError:
            return None
        return tracker.get_slot(REQUESTED_SLOT) if tracker and tracker.active_loop_name else None

    async def finish(self, seconds: float) -> None:
        """Begin no more turns, and wait for those in progress; what is left after `seconds` is undone."""
        self._closed = True
        running = set(self._running)
        if running:
            _, late = await asyncio.wait(running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _answer_in_time(self, message: UserMessage) -> Messages:
        turn = Turn(message.sender_id)
        work = self._start(self._take(turn, message))
        await asyncio.wait({work}, timeout=settings().turn_seconds)
        if not work.done():
            turn.fail(TurnTimedOut(f"not done within {settings().turn_seconds:g} s"))
            work.cancel()
            # A commit that is already under way is waited for a little: the visitor then gets the answer after all.
            await asyncio.wait({work}, timeout=LAST_WORD_SECONDS)
        return _outcome(turn, work)

    async def _take(self, turn: Turn, message: UserMessage) -> Messages:
        async with self.agent.lock_store.lock(turn.conversation):
            current_turn.set(turn)
            messages: Messages = await self.agent.processor.handle_message(message)
            if messages:
                return notices.with_one_payload(turn.conversation, messages)
            return await self._silence(turn)

    async def _silence(self, turn: Turn) -> Messages:
        """No replies where a paused conversation is only listened to; raises TurnError where silence is a defect."""
        tracker = await self.agent.tracker_store.retrieve(turn.conversation)
        if tracker and tracker.is_paused():
            return []
        raise TurnError("no action said anything")


def _outcome(turn: Turn, work: asyncio.Task[Messages]) -> Messages:
    """What the visitor hears of a turn that is over, or was given up."""
    if not work.done() or work.cancelled():
        logger.error("a turn was given up: %s", turn.failure)
        return notices.timed_out(turn.conversation)
    error = work.exception()
    if error:
        # An error of ours says all there is; a driver's below it may quote the row, and with it the visitor.
        logger.error("a turn failed: %s", error, exc_info=None if isinstance(error, StrandError) else error)
        return notices.failed(turn.conversation)
    return work.result()
