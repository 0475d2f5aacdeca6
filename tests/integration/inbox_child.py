"""Another program beside the test's own, on the same database: what it is told to do, and what it says."""

import asyncio
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inbox_desk import long_id

from bot.settings import PROJECT

SECONDS = 60.0
Line = dict[str, Any]


class Nursery:
    """A process that begins programs, one at a time."""

    def __init__(self, model: Path) -> None:
        self._lines: queue.Queue[Line] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.taking_in", str(model)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.next("nursery")

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("{"):
                self._lines.put(json.loads(line))

    def tell(self, **what: Any) -> None:
        assert self._process.stdin
        print(json.dumps(what), file=self._process.stdin, flush=True)

    def next(self, key: str, fits: Callable[[Line], bool] = lambda _: True) -> Line:
        """The next line that has a key and fits; those before it are passed over."""
        while True:
            line = self._lines.get(timeout=SECONDS)
            if key in line and fits(line):
                return line

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


class Child:
    """One program."""

    def __init__(self, nursery: Nursery) -> None:
        self._nursery = nursery
        self.ended = False

    def accept(self, *messages: Sequence[str]) -> None:
        """Let messages come in there, each a channel, an address, a number and what it says."""
        told = [[channel, address, long_id(number), words] for channel, address, number, words in messages]
        self._nursery.tell(accept=told)

    def die(self, place: str, at: int = 1) -> None:
        self._nursery.tell(kill=place, at=at)

    async def hears(self, fits: Callable[[Line], bool]) -> Line:
        """The news that fits, once listeners there hear it."""
        return await asyncio.to_thread(self._nursery.next, "news", fits)

    async def accepted(self) -> Line:
        return await asyncio.to_thread(self._nursery.next, "accepted")

    async def end(self) -> int:
        """How it ended; it is let go on until then."""
        found = await asyncio.to_thread(self._nursery.next, "ended", lambda line: "news" not in line)
        self.ended = True
        return int(found["ended"])

    async def stop(self) -> int:
        self._nursery.tell(stop=True)
        return await self.end()


@contextmanager
def child_of(nursery: Nursery) -> Iterator[Child]:
    """A program with the settings of the test, until the end of the block."""
    nursery.tell(environment={name: value for name, value in os.environ.items() if name.startswith(("STRAND", "FAKE"))})
    nursery.next("ready")
    child = Child(nursery)
    yield child
    if not child.ended:
        nursery.tell(stop=True)
        nursery.next("ended", lambda line: "news" not in line)
