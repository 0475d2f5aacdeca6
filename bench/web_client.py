"""The web chats' load client, a process of its own: `python -m bench.web_client` reads a job, prints its result.

It talks to loopback only; each chat claims an address of its own, as behind a proxy, since a place is given few chats.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import aiohttp

from bench.client import LOOPBACK, Client
from bench.client import Job as RestJob
from bench.processes import raise_file_limit, resident_megabytes
from bench.web_chat import WebChat, faults, strange
from bot.errors import StrandError

WARM_UP = 5
AT_ONCE = 50
PLACE = "/webhooks/rest/webhook"


@dataclass(frozen=True)
class Job:
    """What to measure at `url`: `door`, `idle` or `crowd`, with so many `turns` a conversation and so many `chats`.

    `pid` is the process whose memory is read; idle chats stay for `seconds`.
    """

    measure: str
    url: str
    texts: Sequence[str]
    kind: str
    token: str
    turns: int
    chats: int = 1
    seconds: float = 0.0
    pid: int = 0


@dataclass
class Result:
    """Figures by name, how many answers were not as expected, how many messages were put off, and what was wrong."""

    figures: dict[str, float | None] = field(default_factory=dict)
    strange: int = 0
    put_off: int = 0
    wrong: list[str] = field(default_factory=list)


class Visitors:
    """Makes web chats at the address of a job, and hears what they have to say in the end."""

    def __init__(self, job: Job, session: aiohttp.ClientSession) -> None:
        self.job, self.session = job, session
        self.result = Result()
        self._made = 0

    def text(self, turn: int) -> str:
        """What is said in a turn."""
        return self.job.texts[turn % len(self.job.texts)]

    async def chat(self) -> WebChat:
        """A new chat, from an address that nobody else has, connected."""
        self._made += 1
        chat = WebChat(self.session, self.job.url, f"10.{self._made >> 16}.{self._made >> 8 & 255}.{self._made & 255}")
        await chat.open()
        return chat

    async def chats(self, count: int) -> list[WebChat]:
        """Many new chats."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one() -> WebChat:
            async with gate:
                return await self.chat()

        return list(await asyncio.gather(*(one() for _ in range(count))))

    def look_at(self, chat: WebChat, sent: Sequence[str]) -> None:
        """Note what is wrong with what a chat has heard."""
        self.result.wrong += faults(sent, chat.items, chat.put_off)
        self.result.strange += strange(chat.items, self.job.kind)
        self.result.put_off += sum(chat.put_off.values())


def message_id(turn: int) -> str:
    """The id of a conversation's message."""
    return f"message-{turn:04}"


async def door(visitors: Visitors) -> None:
    """The same messages through the REST reference channel and through a socket, in turns, in two conversations."""
    job = visitors.job
    chat, took = await visitors.chat(), []
    turns = range(WARM_UP + job.turns)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {job.token}"}) as caller:
        rest = Client(caller, RestJob(job.url + PLACE, job.texts, "door", job.turns, kind=job.kind))
        for turn in turns:
            await rest.send("door", turn)
            took.append(await chat.ask(message_id(turn), visitors.text(turn)))
    await chat.close()
    visitors.look_at(chat, [message_id(turn) for turn in turns])
    visitors.result.strange += rest.result.strange
    pairs = list(zip(rest.result.milliseconds, took, strict=True))[WARM_UP:]
    visitors.result.figures = {
        "rest": statistics.median(through_rest for through_rest, _ in pairs),
        "socket": statistics.median(through_socket for _, through_socket in pairs),
        "added": statistics.median(through_socket - through_rest for through_rest, through_socket in pairs),
    }


async def _reply_times(visitors: Visitors) -> list[float]:
    """The milliseconds of the job's turns in a new conversation."""
    chat = await visitors.chat()
    turns = range(WARM_UP + visitors.job.turns)
    took = [await chat.ask(message_id(turn), visitors.text(turn)) for turn in turns]
    await chat.close()
    visitors.look_at(chat, [message_id(turn) for turn in turns])
    return took[WARM_UP:]


async def idle(visitors: Visitors) -> None:
    """What chats that say nothing cost in memory, and what they do to somebody who talks."""
    job = visitors.job
    without = await _reply_times(visitors)
    before = resident_megabytes(job.pid)
    quiet = await visitors.chats(job.chats)
    await asyncio.sleep(job.seconds)
    held = resident_megabytes(job.pid)
    beside = await _reply_times(visitors)
    gone = sum(not chat.alive for chat in quiet)
    await asyncio.gather(*(chat.close() for chat in quiet))
    without += await _reply_times(visitors)
    visitors.result.wrong += [f"{gone} of {job.chats} idle sockets were closed"] if gone else []
    visitors.result.figures = {
        "memory": held - before if held is not None and before is not None else None,
        "without": statistics.median(without),
        "beside": statistics.median(beside),
    }


async def crowd(visitors: Visitors) -> None:
    """Many conversations at once, two messages at a time, some of them sent twice; then looked at anew."""
    job = visitors.job
    chats = await visitors.chats(job.chats)
    begun = time.perf_counter()
    await asyncio.gather(*(_talk(visitors, chat) for chat in chats))
    seconds = time.perf_counter() - begun
    sent = [message_id(turn) for turn in range(job.turns)]
    wrong = 0
    for chat in chats:
        known = len(visitors.result.wrong)
        visitors.look_at(chat, sent)
        visitors.result.wrong += faults(sent, await chat.anew(), chat.put_off)
        await chat.close()
        wrong += len(visitors.result.wrong) > known
    visitors.result.figures = {"rate": job.chats * job.turns / seconds, "faults": wrong}


async def _talk(visitors: Visitors, chat: WebChat) -> None:
    for first in range(0, visitors.job.turns, 2):
        pair = range(first, min(first + 2, visitors.job.turns))
        for turn in pair:
            await chat.say(message_id(turn), visitors.text(turn))
        await chat.say(message_id(first), visitors.text(first))  # as a browser that is not sure does
        for turn in pair:
            await chat.answer_to(message_id(turn))


async def work(job: Job) -> Result:
    """Do the job; raises ValueError for an address beyond this machine, StrandError where there is no web chat."""
    if not job.url.startswith(LOOPBACK):
        raise ValueError(f"{job.url} is not on this machine")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        visitors = Visitors(job, session)
        try:
            await {"door": door, "idle": idle, "crowd": crowd}[job.measure](visitors)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise StrandError(f"a chat broke: {type(error).__name__}: {error}") from error
        return visitors.result


def main() -> None:
    """Read a job, do it, print its result."""
    job = Job(**json.load(sys.stdin))
    raise_file_limit(job.chats)
    print(json.dumps(asdict(asyncio.run(work(job)))))


if __name__ == "__main__":
    main()
