"""Takes messages in: each is stored before it is worked on, answered in order, once, and whoever listens hears of it.

A message is in the inbox until the commit of the turn that answers it. What a process leaves behind when it ends is
found by the next one, or by another that runs beside it.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.dialogue import notices
from bot.dialogue.counting import count_error
from bot.dialogue.notices import Messages
from bot.dialogue.patience import Patience
from bot.dialogue.turns import Message, Turns
from bot.errors import StorageError, StrandError, TurnTimedOut
from bot.metrics import failures, messages
from bot.settings import settings
from bot.storage.database import Database
from bot.storage.signals import Listener as OtherProcesses
from bot.storage.types import utc_now
from bot.transcripts import inbox, settling, telling
from bot.transcripts.inbox import WEB, Accepted, Inbound, Open, Waiting
from bot.transcripts.reading import Item, items_of_turn
from bot.transcripts.telling import Told
from bot.transcripts.turn import Saved, Turn

AT_ONCE = 24
SWEEP_SECONDS = 5.0
CANCEL_SECONDS = 0.1
PAUSES = (0.5, 1.0, 2.0, 5.0)
# A message is left behind by a process that ended if it waits for longer than any turn takes.
SLACK_SECONDS = 10.0
MOST_ATTEMPTS = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class News:
    """What is new in a conversation: `items` that were said, `open` messages as they are now, a message that takes its
    time (`moment`), somebody of the staff who is `typing`, or the conversation's end. With nothing of it, something was
    written there: look yourself. Without a conversation, something may have been missed in any of them.

    The items are all that was said behind event number `after` and up to event number `until`. News may come twice.
    """

    conversation: str
    items: Sequence[Item] = ()
    open: Sequence[Open] | None = None
    moment: str | None = None
    ended: bool = False
    after: int = 0
    until: int = 0
    typing: bool = False


Listener = Callable[[News], None]


class Intake:
    """The inbox of `turns` on a database: `accept` stores, the rest happens by itself until `close`."""

    def __init__(self, turns: Turns, database: Database) -> None:
        self.database = database
        self._turns = turns
        self._listeners: list[Listener] = []
        self._wanted: set[str] = set()
        self._failed: set[str] = set()
        self._next: dict[str, Waiting] = {}
        self._working: dict[str, asyncio.Task[None]] = {}
        self._in_turn: set[str] = set()
        self._accepting = asyncio.Semaphore(AT_ONCE)
        self._answering = asyncio.Semaphore(AT_ONCE)
        self._closed = False
        self._beside: set[asyncio.Task[None]] = set()
        self._patience = Patience(self._say_moment)
        self._others = OtherProcesses(database, self._hear)

    def listen(self, listener: Listener) -> None:
        """Have `listener` called, in the event loop, whenever there is something new."""
        self._listeners.append(listener)

    def tell(self, news: News) -> None:
        """Tell all who listen."""
        for listener in self._listeners:
            try:
                listener(news)
            except Exception as error:  # the edge of whoever listens: no turn may fail because somebody cannot hear
                failures.labels(where="news").inc()
                logger.error("news were not heard: %s", type(error).__name__)

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
            messages.labels(channel=inbound.channel).inc()
        if accepted.next:
            self._next[accepted.conversation] = accepted.next
        if accepted.waits:
            self._work_on(accepted.conversation)
        return accepted

    def start(self) -> None:
        """Take up what earlier processes left behind, now and from time to time, and hear of what others write."""
        self._do_beside(self._sweep())
        self._others.start()

    async def close(self) -> None:
        """Begin no more turns; those in progress are for `Turns.finish` to wait for."""
        self._closed = True
        await self._others.close()
        idle = {task for conversation, task in self._working.items() if conversation not in self._in_turn}
        left = idle | self._beside
        while left:  # more than once: a transaction that is being committed lets a cancellation pass
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=CANCEL_SECONDS)

    def _do_beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _sweep(self) -> None:
        before = utc_now()
        while not self._closed:
            try:
                await self._find_left_behind(before)
            except Exception as error:  # the loop's edge: whatever it was, the next round tries again
                failures.labels(where="inbox").inc()
                logger.warning("the inbox was not looked through: %s", type(error).__name__)
            if self._closed:  # a cancellation that met a commit is lost
                return
            await asyncio.sleep(SWEEP_SECONDS)
            before = utc_now() - timedelta(seconds=settings().turn_seconds + SLACK_SECONDS)

    async def _find_left_behind(self, before: datetime) -> None:
        found = await self.database.run(lambda session: inbox.waiting_conversations(session, before), read_only=True)
        for conversation in found:
            if conversation not in self._working:
                self._failed.add(conversation)
                self._work_on(conversation)

    def _work_on(self, conversation: str) -> None:
        self._wanted.add(conversation)
        if conversation not in self._working and not self._closed:
            task = self._turns.begin(self._work_off(conversation))
            self._working[conversation] = task
            task.add_done_callback(lambda done: self._leave(conversation, done))

    def _leave(self, conversation: str, worker: "asyncio.Task[None] | None") -> None:
        # At once, by the worker itself: a message that comes in from now on needs another one.
        if self._working.get(conversation) is worker:
            del self._working[conversation]

    async def _work_off(self, conversation: str) -> None:
        """Answer what waits in a conversation, for as long as something does; a database that is gone is waited for."""
        tries = 0
        try:
            while conversation in self._wanted and not self._closed:
                self._wanted.discard(conversation)
                if await self._answered_next(conversation):
                    if tries:  # whether the last try was stored is not known: whoever listens may see for himself
                        self.tell(News(conversation))
                    tries = 0
                else:
                    self._wanted.add(conversation)
                    self._failed.add(conversation)
                    await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
                    tries += 1
        finally:
            self._patience.end(conversation)
            self._failed.discard(conversation)
            self._leave(conversation, asyncio.current_task())

    async def _answered_next(self, conversation: str) -> bool:
        """Answer the oldest message of a conversation, if one waits; whether nothing stood in the way."""
        try:
            await self._answer_next(conversation)
        except StorageError as error:
            logger.warning("a message waits: %s", error)
            return False
        except Exception as error:  # the edge of a message: whatever it was, it is tried again, and then given up
            failures.labels(where="message").inc()
            logger.error("a message waits: %s", error if isinstance(error, StrandError) else type(error).__name__)
            return False
        return True

    async def _answer_next(self, conversation: str) -> None:
        async with self._turns.hold(conversation), self._answering:
            message = self._next.pop(conversation, None) or await self._find_next(conversation)
            if message is None or self._closed:
                return
            self._in_turn.add(conversation)
            try:
                self._patience.begin(message)
                await self._answer(message)
                self._patience.end(conversation)
            finally:
                self._in_turn.discard(conversation)
            self._failed.discard(conversation)
            if message.more:
                self._wanted.add(conversation)

    async def _find_next(self, conversation: str) -> Waiting | None:
        return await self.database.run(lambda session: inbox.next_waiting(session, conversation), read_only=True)

    async def _answer(self, message: Waiting) -> None:
        if message.conversation in self._failed:
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
            count_error(turn, message.channel)
            failures.labels(where="turn").inc()
            logger.error("a turn failed: %s", error if isinstance(error, StrandError) else type(error).__name__)
            late = isinstance(error, TurnTimedOut)
            if turn.saved is None:
                await self._give_notice(message, "failed", (notices.timed_out if late else notices.failed)(""))
        if turn.saved:
            self._tell_of(turn.saved, message)

    def _tell_of(self, saved: Saved, message: Waiting) -> None:
        items = items_of_turn(saved.said, saved.sequence)
        ended = saved.forgotten
        self.tell(News(message.conversation, items, ended=ended, after=saved.before, until=saved.sequence))
        if saved.forgotten:
            self._next.pop(message.conversation, None)
        if saved.follows:  # what came in behind it
            self._work_on(saved.follows)

    async def _give_notice(self, message: Waiting, state: Literal["failed", "done"], said: Messages) -> None:
        """Say something that is no turn, and be done with the message."""
        notice = notices.said_of(said)
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
        if message.channel != WEB or self.database.shared:
            self._do_beside(self._put_moment(message))

    async def _put_moment(self, message: Waiting) -> None:
        said = {"texts": [notices.phrases().one_moment], "buttons": [], "payload": {}}
        try:
            put = await self.database.run(lambda session: settling.ask_for_patience(session, message, said))
        except StorageError as error:
            logger.info("nobody was asked for a moment's patience: %s", error)
        else:
            if put and message.channel != WEB:
                self.tell(News(message.conversation))

    def _hear(self, words: str | None) -> None:
        """Pass on what another process told; None where something may have been missed."""
        try:
            told = telling.understand(words) if words else Told("")
        except (StrandError, ValueError, TypeError, KeyError) as error:
            failures.labels(where="news").inc()
            logger.warning("news of another process make no sense: %s", type(error).__name__)
        else:
            beside = (told.moment, told.ended, told.after, told.until, told.typing)
            self.tell(News(told.conversation, told.items, None, *beside))
