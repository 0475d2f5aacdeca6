"""A web chat over a WebSocket: its frames are worked off in order, and what is new is sent as it comes."""

import asyncio
import logging
from collections.abc import Callable

from aiohttp import WSMsgType, web

from bot.chat.web import frames, view
from bot.chat.web.chats import Chats, Entered, refuse
from bot.chat.web.frames import ClientFrame, Earlier, End, Frame, Hello, Renew, Say
from bot.chat.web.hub import Ended, Listener
from bot.chat.web.line import Line
from bot.dialogue.intake import News
from bot.errors import SessionRefused, StorageError, StrandError
from bot.metrics import failures, sockets

HEARTBEAT_SECONDS = 25.0
HELLO_SECONDS = 10.0
# Often enough for a conversation's address to be renewed before its last but one is forgotten.
RENEW_SECONDS = 600.0
CLOSE_SECONDS = 2.0
FINISH_SECONDS = 10.0
BUSY_SECONDS = 2.0
PAUSES = (0.5, 1.0, 2.0, 5.0)
MOST_UNSENT = 64
MOST_UNREAD = 32

GOING_AWAY = 1001
FAILED = 1011
TRY_LATER = 1013
NO_SESSION = 4401
NO_HELLO = 4408

logger = logging.getLogger(__name__)


class Socket(Listener):
    """One WebSocket, from an internet address, its `place`."""

    def __init__(self, chats: Chats, place: str) -> None:
        super().__init__()
        self._chats = chats
        self._place = place
        self._response = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, timeout=CLOSE_SECONDS, max_msg_size=frames.MOST_BYTES, compress=False
        )
        self._transport: asyncio.Transport | None = None
        self._cursor = 0
        self._welcomed = False
        self._missed = False
        self._closing = False
        self._gone = asyncio.Event()
        self._incoming: Line[ClientFrame] = Line(self._handle, MOST_UNREAD)
        self._outgoing: Line[Frame | int] = Line(self._send, MOST_UNSENT)
        self._looking: Line[int] = Line(self._catch_up, 1)
        self._timer: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None
        self._over_for_good = False

    async def run(self, request: web.Request) -> web.WebSocketResponse:
        """Serve the socket until it is closed."""
        await self._response.prepare(request)
        self._transport = request.transport
        self._set_timer(HELLO_SECONDS, self._say_too_late)
        sockets.inc()
        self._chats.hub.join(self)
        try:
            await self._read()
        finally:
            sockets.dec()
            await self._part()
        return self._response

    async def _read(self) -> None:
        async for message in self._response:
            if message.type is WSMsgType.ERROR:
                return
            await self._incoming.put_in_time(frames.read_frame(message.data))

    async def _part(self) -> None:
        """Store what was said last, then let go of everything."""
        if self._timer:
            self._timer.cancel()
        await self._incoming.finish(FINISH_SECONDS)
        self._closing = True
        self._chats.hub.part(self)
        await self._looking.drop()
        await self._outgoing.finish(CLOSE_SECONDS)  # a close of ours is under way when the reading ends
        self._gone.set()

    def _set_timer(self, seconds: float, call: Callable[[], None]) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, call)

    def _say_too_late(self) -> None:
        self._close(NO_HELLO)

    def _renew_soon(self) -> None:
        self._incoming.put(Renew())
        self._set_timer(RENEW_SECONDS, self._renew_soon)

    # What is sent.

    def _put(self, frame: Frame) -> None:
        # A browser that reads nothing is let go of, rather than remembered for ever what it would have to hear.
        if not self._closing and not self._outgoing.put(frame):
            self._abort()

    def _close(self, code: int) -> None:
        if not self._closing and not self._outgoing.put(code):
            self._abort()
        self._closing = True

    def _abort(self) -> None:
        self._closing = True
        if self._transport:
            self._transport.abort()

    async def _send(self, frame: Frame | int) -> None:
        try:
            if isinstance(frame, int):
                await self._response.close(code=frame)
            else:
                await self._response.send_json(frame)
        except (ConnectionError, RuntimeError):  # gone; the end of reading says so as well
            self._closing = True

    # What comes in.

    async def _handle(self, frame: ClientFrame) -> None:
        # What was said before the connection broke is said; behind the end of a chat, nothing is.
        if self._over_for_good or (self._closing and not isinstance(frame, Say)):
            return
        try:
            await self._answer(frame)
        except SessionRefused:
            self._put(refuse("session").frame())
            self._close(NO_SESSION)
        except StorageError as error:
            logger.warning("a web chat was not served: %s", error)
            self._put(refuse("busy", BUSY_SECONDS).frame())
            if not self._welcomed:
                self._close(TRY_LATER)
        except Exception as error:  # the edge of a socket: whatever it was, the others go on
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        failures.labels(where="socket").inc()
        logger.error("a web chat failed: %s", type(error).__name__)  # its text may quote a visitor
        self._close(FAILED)

    async def _answer(self, frame: ClientFrame) -> None:
        if not self._welcomed:
            if not isinstance(frame, Hello):
                raise SessionRefused("no hello")
            await self._welcome(frame)
            return
        refusal = self._chats.allow(self.address)
        if refusal:
            self._put(refusal.frame(getattr(frame, "id", None)))
        elif isinstance(frame, Say):
            await self._take(frame)
        elif isinstance(frame, Earlier):
            await self._look_back(frame.before)
        elif isinstance(frame, Renew):
            await self._renew()
        elif isinstance(frame, End):
            await self._end()
        else:
            self._put(refuse("unreadable").frame(getattr(frame, "id", None)))

    async def _welcome(self, hello: Hello) -> None:
        entered = await self._chats.enter(hello.token)
        self._move(entered)
        found = view.View()
        if self.conversation:
            found = await view.look(self._chats.database, self.conversation, hello.after)
        if found.gone or hello.after > found.cursor:
            raise SessionRefused("what was seen is not there any more")
        self._cursor = found.cursor
        self._put(frames.welcome(entered.token, found.frame(), found.more))
        self._welcomed = True
        self._set_timer(RENEW_SECONDS, self._renew_soon)
        if self._missed:
            self.look()

    async def _take(self, said: Say) -> None:
        before = self.conversation
        stored = await self._chats.say(self.address, self._place, said, by=self)
        if isinstance(stored, frames.Refusal):
            self._put(stored.frame(said.id))
        elif before and stored != before:  # the chat was deleted by somebody who could not tell this process
            self._over(Ended(), goes_on=True)
        else:
            self._put({"type": "stored", "id": said.id})

    async def _look_back(self, before: int) -> None:
        if self.conversation:
            page = await view.look_back(self._chats.database, self.conversation, before)
            self._put(frames.earlier_frame(page.items, page.more))
        else:
            self._put(frames.earlier_frame((), more=False))

    async def _renew(self) -> None:
        entered = await self._chats.renew(self.address)
        if self.conversation and entered.conversation != self.conversation:
            raise SessionRefused("the session is over")
        unknown = self.conversation is None
        self._move(entered)
        self._put(frames.token_frame(entered.token))
        if unknown and self.conversation:  # begun in another tab, by way of another process
            self.look()

    def _move(self, entered: Entered) -> None:
        self._chats.hub.part(self)
        self.address, self.conversation = entered.address, entered.conversation
        self._chats.hub.join(self)

    async def _end(self) -> None:
        receipt = await self._chats.end(self.conversation)
        self._over(Ended(receipt), goes_on=False)  # where nothing was said yet, nobody tells this socket

    # What others did.

    def hear(self, news: News) -> None:
        """Send what is new, unless something before it is missing here."""
        if news.moment and self._welcomed:
            self._put({"type": "moment", "id": news.moment})
        elif news.typing:
            self._show_typing()
        elif self._looking.busy or not self._welcomed or not self._tell(news):
            self.look()

    def _show_typing(self) -> None:
        if self._welcomed:
            self._put(frames.typing_frame())

    def _tell(self, news: News) -> bool:
        """Send it, where it follows on what was sent; what was sent already is not sent again."""
        if news.items and news.until <= self._cursor:
            return True
        if news.items and news.after == self._cursor:
            self._cursor = news.until
        elif news.items or news.open is None:
            return False
        self._put(frames.news_frame(news.items, self._cursor, news.open))
        return True

    def look(self) -> None:
        """Send what is new in the database."""
        if self._welcomed:
            self._looking.put(0)
        else:
            self._missed = True

    async def _catch_up(self, attempt: int) -> None:
        try:
            if self.conversation and not self._closing:
                await self._look_up(self.conversation)
        except StorageError:
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            self._looking.put(attempt + 1)
        except Exception as error:  # the edge of a socket, as in `_handle`
            self._fail(error)

    async def _look_up(self, conversation: str) -> None:
        found = await view.look(self._chats.database, conversation, self._cursor)
        if found.gone:
            self._chats.hub.end(conversation, Ended())
        else:
            self._cursor = found.cursor
            self._put(found.frame())

    def end(self, ended: Ended) -> None:
        """Say that the chat is over, and whether it goes on as a new one."""
        self._ending = asyncio.create_task(self._end_kindly(ended))

    async def _end_kindly(self, ended: Ended) -> None:
        try:
            goes_on = ended.receipt is None and await self._chats.known(self.address) is not None
        except StrandError:  # nobody can say, and a new chat can be begun in any case
            goes_on = False
        self._over(ended, goes_on)

    def _over(self, ended: Ended, goes_on: bool) -> None:
        self._over_for_good = True
        self._put(frames.ended_frame(ended.receipt, ended.texts, goes_on))
        self._close(NO_SESSION)

    async def leave(self) -> None:
        """The program stops: the browser comes back by itself."""
        self._close(GOING_AWAY)
        try:
            await asyncio.wait_for(self._gone.wait(), CLOSE_SECONDS)
        except asyncio.TimeoutError:
            self._abort()
