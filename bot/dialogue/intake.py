"""Takes messages in: each is stored before it is worked on, answered in order, once, and whoever listens hears of it.

A message is in the inbox until the commit of the turn that answers it. What a process leaves behind when it ends is
found by the next one, or by another that runs beside it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.dialogue import notices
from bot.dialogue.notices import Messages
from bot.dialogue.turns import Message, Turns
from bot.errors import StorageError, StrandError, TurnTimedOut
from bot.metrics import failures
from bot.settings import settings
from bot.storage.database import Database
from bot.transcripts import inbox, settling
from bot.transcripts.inbox import WEB, Accepted, Inbound, Open, Waiting
from bot.transcripts.reading import Item, items_of_turn
from bot.transcripts.turn import Turn

AT_ONCE = 24
SWEEP_SECONDS = 5.0
PAUSES = (0.5, 1.0, 2.0, 5.0)
# A message is left behind by a process that ended if it waits for longer than any turn takes.
SLACK_SECONDS = 10.0
MOST_ATTEMPTS = 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class News:
    """What is new in a conversation: `items` that were said, `open` messages as they are now, a message that takes its
    time (`moment`), or the conversation's end. With nothing of it, another process has written there: look yourself."""

    conversation: str
    items: Sequence[Item] = ()
    open: Sequence[Open] | None = None
    moment: str | None = None
    ended: bool = False


Listener = Callable[[News], None]


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(timezone.utc)


class Intake:
    """The inbox of `turns` on a database: `accept` stores, the rest happens by itself until `close`."""

    def __init__(self, turns: Turns, database: Database) -> None:
        self.database = database
        self._turns = turns
        self._listeners: list[Listener] = []
        self._wanted: set[str] = set()
        self._left_behind: set[str] = set()
        self._working: dict[str, asyncio.Task[None]] = {}
        self._accepting = asyncio.Semaphore(AT_ONCE)
        self._answering = asyncio.Semaphore(AT_ONCE)
        self._closed = False
        self._sweeping: asyncio.Task[None] | None = None

    def listen(self, listener: Listener) -> None:
        """Have `listener` called, in the event loop, whenever there is something new."""
        self._listeners.append(listener)

    def tell(self, news: News) -> None:
        """Tell all who listen."""
        for listener in self._listeners:
            listener(news)

    def hold(self, conversation: str) -> AbstractAsyncContextManager[Any]:
        """Keep turns from being taken in a conversation, within the block."""
        return self._turns.hold(conversation)

    async def accept(self, inbound: Inbound) -> Accepted:
        """Store a message and have it answered; one that is known is left alone. Raises DatabaseUnavailable where it
        could not be stored, or, rarely, where that is not known: it may be sent again."""
        now = utc_now()
        async with self._accepting:
            accepted = await self.database.run(lambda session: inbox.accept(session, inbound, now))
        if accepted.fresh:
            self._work_on(accepted.conversation)
        return accepted

    def start(self) -> None:
        """Take up what earlier processes left behind, now and from time to time."""
        self._sweeping = asyncio.create_task(self._sweep())

    async def close(self) -> None:
        """Begin no more turns; those in progress are for `Turns.finish` to wait for."""
        self._closed = True
        tasks = [task for task in (self._sweeping, *self._working.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _sweep(self) -> None:
        before = utc_now()
        while True:
            try:
                await self._find_left_behind(before)
            except Exception as error:  # the loop's edge: whatever it was, the next round tries again
                failures.labels(where="inbox").inc()
                logger.warning("the inbox was not looked through: %s", type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)
            before = utc_now() - timedelta(seconds=settings().turn_seconds + SLACK_SECONDS)

    async def _find_left_behind(self, before: datetime) -> None:
        found = await self.database.run(lambda session: inbox.waiting_conversations(session, before), read_only=True)
        for conversation in found:
            if conversation not in self._working:
                self._left_behind.add(conversation)
                self._work_on(conversation)

    def _work_on(self, conversation: str) -> None:
        self._wanted.add(conversation)
        if conversation not in self._working and not self._closed:
            task = asyncio.create_task(self._work_off(conversation))
            self._working[conversation] = task
            task.add_done_callback(lambda _: self._working.pop(conversation, None))

    async def _work_off(self, conversation: str) -> None:
        """Answer what waits in a conversation, for as long as something does; a database that is gone is waited for."""
        failed = 0
        while conversation in self._wanted:
            self._wanted.discard(conversation)
            try:
                while await self._answer_next(conversation):
                    failed = 0
            except StorageError as error:
                logger.warning("a message waits: %s", error)
                self._wanted.add(conversation)
                await asyncio.sleep(PAUSES[min(failed, len(PAUSES) - 1)])
                failed += 1
        self._left_behind.discard(conversation)

    async def _answer_next(self, conversation: str) -> bool:
        """Answer the oldest message of a conversation that waits; false where none does."""
        async with self._turns.hold(conversation), self._answering:
            message = await self.database.run(lambda session: inbox.next_waiting(session, conversation), read_only=True)
            if message is None:
                return False
            late = asyncio.get_running_loop().call_later(settings().moment_seconds, self._say_moment, message)
            try:
                await asyncio.shield(self._answer(message))
            finally:
                late.cancel()
            return True

    async def _answer(self, message: Waiting) -> None:
        if message.conversation in self._left_behind:
            await self.database.run(lambda session: inbox.take_up(session, message.row))
            if message.attempts >= MOST_ATTEMPTS:
                await self._give_notice(message, "failed", notices.failed(""))
                return
        asked = Message(
            message.conversation, message.text, message.channel, dict(message.metadata or {}), id=message.message_id
        )
        unreadable = await self._turns.unreadable(asked)
        if unreadable:
            await self._give_notice(message, "done", unreadable)
        else:
            await self._take_turn(message, asked)

    async def _take_turn(self, message: Waiting, asked: Message) -> None:
        turn = Turn(message=message)
        try:
            await self._turns.take(turn, asked)
        except StorageError:
            raise
        except Exception as error:  # the edge of a turn: whatever it was, the visitor is told; its text may quote them
            failures.labels(where="turn").inc()
            logger.error("a turn failed: %s", error if isinstance(error, StrandError) else type(error).__name__)
            late = isinstance(error, TurnTimedOut)
            await self._give_notice(message, "failed", (notices.timed_out if late else notices.failed)(""))
        else:
            self._tell_of(turn, message)

    def _tell_of(self, turn: Turn, message: Waiting) -> None:
        saved = turn.saved
        if saved is None:
            return
        self.tell(News(message.conversation, items_of_turn(saved.said, saved.sequence), ended=saved.forgotten))
        if saved.forgotten:  # what came in behind it goes on under another id
            self._sweep_soon()

    def _sweep_soon(self) -> None:
        task = asyncio.create_task(self._find_left_behind(utc_now()))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _give_notice(self, message: Waiting, state: Any, said: Messages) -> None:
        """Say something that is no turn, and be done with the message."""
        notice = said_of(said)
        await self.database.run(lambda session: settling.give_notice(session, message, state, notice))
        if message.channel == WEB:
            unanswered = await self.database.run(
                lambda session: inbox.open_messages(session, message.conversation), read_only=True
            )
            self.tell(News(message.conversation, open=unanswered))
        else:
            self.tell(News(message.conversation))

    def _say_moment(self, message: Waiting) -> None:
        if message.channel == WEB:
            self.tell(News(message.conversation, moment=message.message_id))
        else:
            task = asyncio.create_task(self._put_moment(message))
            self._working.setdefault(f"moment {message.row}", task)
            task.add_done_callback(lambda _: self._working.pop(f"moment {message.row}", None))

    async def _put_moment(self, message: Waiting) -> None:
        said = {"texts": [notices.phrases().one_moment], "buttons": [], "payload": {}}
        try:
            await self.database.run(lambda session: settling.say(session, message, said))
        except StorageError as error:
            logger.info("nobody was asked for a moment's patience: %s", error)
        else:
            self.tell(News(message.conversation))


def said_of(messages: Messages) -> dict[str, Any]:
    """Messages in the shape of Rasa's REST channel as one reply: its texts, its buttons' titles and its payload."""
    buttons = [button["title"] for message in messages for button in message.get("buttons", ())]
    payload: dict[str, Any] = next((message["custom"] for message in messages if "custom" in message), {})
    return {
        "texts": [message["text"] for message in messages if "text" in message],
        "buttons": buttons,
        "payload": payload,
    }
