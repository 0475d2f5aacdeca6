"""A turn: one message in, its replies out once they are stored, in order within the conversation, within the time."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.constants import REQUESTED_SLOT

from bot.dialogue import notices
from bot.dialogue.counting import count_answer, count_error, count_failure, timed
from bot.dialogue.notices import Messages
from bot.dialogue.numbered import BELOW, as_chosen, is_old_button, may_be_number
from bot.dialogue.typed import clean
from bot.errors import SettingError, StorageError, StrandError, TurnAbandoned, TurnError, TurnTimedOut
from bot.settings import settings
from bot.transcripts.tail import StoredTracker
from bot.transcripts.takeover import is_taken_over
from bot.transcripts.throwaway import ThrowawayTrackerStore
from bot.transcripts.tracker_store import BoundedTrackerStore
from bot.transcripts.turn import Turn, current_turn

T = TypeVar("T")

LAST_WORD_SECONDS = 0.2

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """What somebody wrote; `sender` is a conversation's id, or, with `at_door`, an address of the channel.

    `id` is what the message is called in its events; one is made where there is none.
    """

    sender: str
    text: str
    channel: str
    metadata: dict[str, Any] | None
    at_door: bool = False
    id: str | None = None


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
        return await self._answer(Message(conversation, text, channel, metadata))

    async def answer_from(
        self, channel: str, sender: str, text: str, metadata: dict[str, Any] | None = None
    ) -> Messages:
        """The same for a message from an address of a channel, which the replies go to.

        Its conversation has an id of ours, made at the first message; where nothing is kept, the address is the id.
        """
        return await self._answer(Message(sender, text, channel, metadata, at_door=True))

    async def _answer(self, message: Message) -> Messages:
        notice = await self.unreadable(message)
        if notice:
            return notice
        if self._closed:
            return notices.failed(message.sender)
        return await asyncio.shield(self.begin(self._answer_in_time(message)))

    async def unreadable(self, message: Message) -> Messages | None:
        """The reply to a message that no turn can answer, since it is too long or says nothing; else None."""
        if BELOW in (message.metadata or {}) and await self._is_old_button(message):
            return notices.old_button(message.sender)
        if not notices.may_be_unreadable(message.text):
            return None
        tracker = await self._known(message)
        open_field = tracker.get_slot(REQUESTED_SLOT) if tracker and tracker.active_loop_name else None
        to_staff = tracker is not None and is_taken_over(tracker)
        return notices.unreadable(message.sender, message.text, open_field, to_staff)

    async def _is_old_button(self, message: Message) -> bool:
        tracker = await self.agent.tracker_store.retrieve(message.sender)
        answered = tracker is not None and not is_taken_over(tracker)
        return answered and is_old_button(message.metadata, tracker.events)

    async def _known(self, message: Message) -> StoredTracker | None:
        """The conversation of a message; None where there is none, or the database cannot say."""
        store = self.agent.tracker_store
        try:
            conversation: str | None = message.sender
            if message.at_door and isinstance(store, BoundedTrackerStore):
                conversation = await store.known_conversation(message.channel, message.sender)
            return await store.retrieve(conversation) if conversation else None
        except (StorageError, SettingError):
            return None

    async def take(self, turn: Turn, message: Message) -> Messages:
        """The replies of a turn in a conversation that the caller holds; raises StrandError where there are none.

        The turn has `turn_seconds`; what is not done by then is undone, and TurnTimedOut is raised.
        """
        work = await self._in_time(turn, self._handle(turn, message, message.sender))
        if not work.done() or work.cancelled():
            raise turn.failure or TurnError("the turn was cancelled")
        error = work.exception()
        if isinstance(error, TurnAbandoned) and turn.failure:
            raise turn.failure from error
        return work.result()

    def hold(self, conversation: str) -> AbstractAsyncContextManager[Any]:
        """Keep all others from taking a turn in a conversation, within the block."""
        held: AbstractAsyncContextManager[Any] = self.agent.lock_store.lock(conversation)
        return held

    async def finish(self, seconds: float) -> None:
        """Begin no more turns, and wait for those in progress; what is left after `seconds` is undone."""
        self._closed = True
        running = set(self._running)
        if running:
            _, late = await asyncio.wait(running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin what `finish` waits for."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _answer_in_time(self, message: Message) -> Messages:
        turn = Turn(kept=not isinstance(self.agent.tracker_store, ThrowawayTrackerStore))
        work = await self._in_time(turn, self._take(turn, message))
        return _outcome(turn, work, message)

    async def _in_time(self, turn: Turn, handling: Coroutine[Any, Any, Messages]) -> "asyncio.Task[Messages]":
        """The turn's work, over within `turn_seconds`, or else cancelled and of no effect."""
        work = self.begin(handling)
        await asyncio.wait({work}, timeout=settings().turn_seconds)
        if not work.done():
            turn.fail(TurnTimedOut(f"not done within {settings().turn_seconds:g} s"))
            work.cancel()
            # A commit that is already under way is waited for a little: the visitor then gets the answer after all.
            await asyncio.wait({work}, timeout=LAST_WORD_SECONDS)
        return work

    async def _take(self, turn: Turn, message: Message) -> Messages:
        store = self.agent.tracker_store
        if not (message.at_door and isinstance(store, BoundedTrackerStore)):
            return await self._take_in(turn, message, message.sender)
        # The order is that of the address: a message that waits for one which has all forgotten begins anew.
        async with self.agent.lock_store.lock(f"{message.channel} {message.sender}"):
            conversation = await store.conversation_of(message.channel, message.sender)
            return await self._take_in(turn, message, conversation)

    async def _take_in(self, turn: Turn, message: Message, conversation: str) -> Messages:
        async with self.hold(conversation):
            return await self._handle(turn, message, conversation)

    async def _handle(self, turn: Turn, message: Message, conversation: str) -> Messages:
        asked = UserMessage(
            await self._meant(message, conversation),
            CollectingOutputChannel(),
            conversation,
            input_channel=message.channel,
            message_id=message.id,
            metadata=message.metadata,
        )
        current_turn.set(turn)
        with timed(turn, message.channel):
            messages: Messages = await self.agent.processor.handle_message(asked)
            replies = _addressed(messages, message.sender) if messages else await self._silence(conversation)
        count_answer(turn, message.channel, replies)
        return replies

    async def _meant(self, message: Message, conversation: str) -> str:
        """What a message says, with the title in the place of a choice's number."""
        text = clean(message.text)
        if not may_be_number(text):
            return text
        tracker = await self.agent.tracker_store.retrieve(conversation)
        return as_chosen(text, tracker.events) if tracker and not is_taken_over(tracker) else text

    async def _silence(self, conversation: str) -> Messages:
        """No replies where the assistant only listens: staff answer, or it is paused; else raises TurnError."""
        tracker = await self.agent.tracker_store.retrieve(conversation)
        if tracker and (tracker.is_paused() or is_taken_over(tracker)):
            return []
        raise TurnError("no action said anything")


def _addressed(messages: Messages, sender: str) -> Messages:
    return notices.with_one_payload(sender, [{**each, "recipient_id": sender} for each in messages])


def _outcome(turn: Turn, work: asyncio.Task[Messages], message: Message) -> Messages:
    """What the visitor hears of a turn that is over, or was given up."""
    given_up = not work.done() or work.cancelled()
    error = None if given_up else work.exception()
    if given_up or error:
        count_error(turn, message.channel)
        count_failure(turn, "turn")
    if given_up:
        logger.error("a turn was given up: %s", turn.failure)
        return notices.timed_out(message.sender)
    if error:
        # An error of ours says all there is; anybody else's may quote the row, and with it the visitor.
        ours = isinstance(error, StrandError)
        logger.error("a turn failed: %s", error if ours else type(error).__name__, exc_info=None if ours else error)
        return notices.failed(message.sender)
    return work.result()
