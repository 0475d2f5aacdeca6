"""A web chat as a browser holds it: a session, a socket, messages under ids of its own, and what was heard."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import aiohttp

from bot.errors import StrandError

ANSWER_SECONDS = 60.0
LATER = ("busy", "slow")

Frame = dict[str, Any]


class WebChat:
    """One conversation over one socket at a time; `address` is the one that it claims to come from, behind a proxy.

    `items` is what was heard, `put_off` how often the server asked for a message to be sent again later, by its id.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, address: str) -> None:
        self._session, self._url = session, url
        self._headers = {"X-Forwarded-For": address}
        self._token = ""
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._welcomed = asyncio.Event()
        self._answered: dict[str, asyncio.Future[float]] = {}
        self._stored: dict[str, asyncio.Event] = {}
        self._texts: dict[str, str] = {}
        self._again: set[asyncio.Future[None]] = set()
        self.items: list[Frame] = []
        self.put_off = Counter[str]()

    @property
    def alive(self) -> bool:
        """Whether the socket is open."""
        return self._socket is not None and not self._socket.closed

    async def open(self) -> None:
        """Connect, with a session that is begun where there is none, and hear what was said; raises StrandError."""
        if not self._token:
            async with self._session.post(f"{self._url}/chat/session", headers=self._headers) as response:
                if response.status != 200:
                    raise StrandError(f"no session was given: HTTP {response.status}")
                self._token = (await response.json())["token"]
        self._welcomed.clear()
        self._socket = await self._session.ws_connect(f"{self._url}/chat/socket", headers=self._headers)
        self._reading = asyncio.create_task(self._read(self._socket))
        await self._send({"type": "hello", "token": self._token, "after": 0})
        await asyncio.wait_for(self._welcomed.wait(), ANSWER_SECONDS)

    async def say(self, identifier: str, text: str) -> None:
        """Send a message, perhaps not for the first time."""
        if identifier not in self._answered:
            self._answered[identifier] = asyncio.get_running_loop().create_future()
            self._stored[identifier] = asyncio.Event()
        self._texts[identifier] = text
        await self._send({"type": "message", "id": identifier, "text": text})

    async def answer_to(self, identifier: str) -> float:
        """When the answer to a message was heard, as time.perf_counter has it, once it is also acknowledged; raises
        asyncio.TimeoutError."""
        await asyncio.wait_for(self._stored[identifier].wait(), ANSWER_SECONDS)
        return await asyncio.wait_for(asyncio.shield(self._answered[identifier]), ANSWER_SECONDS)

    async def ask(self, identifier: str, text: str) -> float:
        """Send a message, and return the milliseconds until its answer was heard."""
        begun = time.perf_counter()
        await self.say(identifier, text)
        return 1000 * (await self.answer_to(identifier) - begun)

    async def close(self) -> None:
        """Disconnect; the session stays good."""
        if self._socket:
            await self._socket.close()
        if self._reading:
            await self._reading

    async def anew(self) -> Sequence[Frame]:
        """Disconnect, connect again, and return what was said, as it is stored."""
        await self.close()
        self.items = []
        await self.open()
        return self.items

    async def _send(self, frame: Frame) -> None:
        if self._socket:
            await self._socket.send_str(json.dumps(frame))

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                await self._hear(json.loads(message.data))

    async def _hear(self, frame: Frame) -> None:
        self._token = frame.get("token", self._token)
        for item in frame.get("items", ()):
            self._take(item)
        if frame["type"] == "welcome":
            self._welcomed.set()
        if frame["type"] == "stored":
            self._stored[frame["id"]].set()
        if frame["type"] == "refused" and frame["reason"] in LATER and frame["id"] in self._texts:
            self.put_off[frame["id"]] += 1
            asyncio.get_running_loop().call_later(frame["retry_in"] or 1.0, self._say_again, frame["id"])

    def _say_again(self, identifier: str) -> None:
        if self.alive:
            task = asyncio.ensure_future(self.say(identifier, self._texts[identifier]))
            self._again.add(task)
            task.add_done_callback(self._again.discard)

    def _take(self, item: Frame) -> None:
        """Keep what is new; the assistant's words after a message are the answer to it."""
        before: Frame = self.items[-1] if self.items else {"cursor": 0, "from": "nobody"}
        if item["cursor"] <= before["cursor"]:
            return
        self.items.append(item)
        waiting = self._answered.get(before.get("id") or "")
        if item["from"] == "assistant" and waiting and not waiting.done():
            waiting.set_result(time.perf_counter())


def faults(sent: Sequence[str], items: Sequence[Frame], put_off: Collection[str] = ()) -> list[str]:
    """What is wrong with a conversation in which the messages of the ids `sent` were said, in this order; pure.

    One that was `put_off` may stand behind those that were sent after it, or before them: where the database gave no
    answer in time, it is unknown whether it was stored.
    """
    wrong = []
    heard = [item["id"] for item in items if item["from"] == "visitor"]
    if sorted(heard) != sorted(sent):
        wrong.append(f"{len(set(sent) - set(heard))} messages are missing, {len(heard) - len(set(heard))} doubled")
    elif [each for each in heard if each not in put_off] != [each for each in sent if each not in put_off]:
        wrong.append("messages are out of order")
    authors = [item["from"] for item in items]
    if authors != ["visitor", "assistant"] * len(heard):
        answers = authors.count("assistant")
        wrong.append(f"{len(heard)} messages have {answers} answers, or these do not follow them")
    return wrong


def strange(items: Sequence[Frame], kind: str) -> int:
    """How many answers are not of the wanted kind."""
    return sum(item["from"] == "assistant" and item["payload"].get("kind") != kind for item in items)
