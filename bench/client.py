"""The load client, a process of its own: `python -m bench.client` reads a job from standard input, prints its result.

It talks to loopback only, and its work is bounded by a number of messages or of seconds.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

import aiohttp

ANSWER_SECONDS = 30.0
LOOPBACK = "http://127.0.0.1:"


@dataclass(frozen=True)
class Job:
    """Messages of `texts` in turn: one after the other in conversation `sender`, or with `seconds` from many at once.

    `kind` is the payload's kind that every reply must have; empty where any words will do.
    """

    url: str
    texts: Sequence[str]
    sender: str
    turns: int
    first_turn: int = 1
    conversations: int = 1
    seconds: float = 0.0
    kind: str = ""
    token: str = ""


@dataclass
class Result:
    """Every message's milliseconds as they end, the wall time, and how many replies were not as expected."""

    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    strange: int = 0


def as_expected(messages: Any, kind: str) -> bool:
    """Whether a reply says something, and is of the wanted kind."""
    if not isinstance(messages, list) or not any(message.get("text") for message in messages):
        return False
    return not kind or any((message.get("custom") or {}).get("kind") == kind for message in messages)


class Client:
    """Sends messages and keeps the time that their replies took."""

    def __init__(self, session: aiohttp.ClientSession, job: Job) -> None:
        self._session = session
        self._job = job
        self.result = Result()

    async def send(self, sender: str, turn: int) -> None:
        """One message and its reply; raises aiohttp.ClientError or asyncio.TimeoutError."""
        body = {"sender": sender, "message": self._job.texts[turn % len(self._job.texts)]}
        begun = time.perf_counter()
        async with self._session.post(self._job.url, json=body) as response:
            messages = await response.json() if response.status == 200 else None
        self.result.milliseconds.append(1000 * (time.perf_counter() - begun))
        self.result.strange += not as_expected(messages, self._job.kind)

    async def converse(self) -> None:
        """The job's turns, one after the other."""
        for turn in range(self._job.first_turn, self._job.first_turn + self._job.turns):
            await self.send(self._job.sender, turn)

    async def keep_busy(self, place: int, until: float) -> None:
        """Conversations of the job's length, one after the other, until the clock says `until`."""
        for conversation in count():
            for turn in range(1, self._job.turns + 1):
                if time.perf_counter() >= until:
                    return
                await self.send(f"{self._job.sender}-{place}-{conversation}", turn)


async def work(job: Job) -> Result:
    """Do the job; raises ValueError for an address beyond this machine."""
    if not job.url.startswith(LOOPBACK):
        raise ValueError(f"{job.url} is not on this machine")
    headers = {"Authorization": f"Bearer {job.token}"} if job.token else {}
    limits = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, headers=headers, timeout=limits) as session:
        client = Client(session, job)
        begun = time.perf_counter()
        if job.seconds:
            until = begun + job.seconds
            await asyncio.gather(*(client.keep_busy(place, until) for place in range(job.conversations)))
        else:
            await client.converse()
        client.result.seconds = time.perf_counter() - begun
        return client.result


def main() -> None:
    """Read a job, do it, print its result."""
    job = Job(**json.load(sys.stdin))
    print(json.dumps(asdict(asyncio.run(work(job)))))


if __name__ == "__main__":
    main()
