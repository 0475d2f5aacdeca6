"""Works things off one after the other, with a task that lives only while there is something to do.

A web chat that nobody uses at the moment, as most of them, costs no task.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    """At most `most` things wait in it for `work`, which must not raise."""

    def __init__(self, work: Callable[[T], Awaitable[None]], most: int) -> None:
        self._work = work
        self._most = most
        self._waiting: deque[T] = deque()
        self._task: asyncio.Task[None] | None = None
        self._room: asyncio.Future[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is worked on, or waits."""
        return self._task is not None

    def put(self, thing: T) -> bool:
        """Whether there was room for it."""
        if len(self._waiting) >= self._most:
            return False
        self._waiting.append(thing)
        if self._task is None:
            self._task = asyncio.create_task(self._work_off())
        return True

    async def put_in_time(self, thing: T) -> None:
        """Put it in as soon as there is room; for one caller at a time."""
        while not self.put(thing):
            self._room = asyncio.get_running_loop().create_future()
            await self._room

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                thing = self._waiting.popleft()
                if self._room and not self._room.done():
                    self._room.set_result(None)
                await self._work(thing)
        finally:
            self._task = None

    async def finish(self, seconds: float) -> None:
        """Wait for what is in the line, but no longer than `seconds`; what is left then is dropped."""
        task = self._task
        if task:
            await asyncio.wait({task}, timeout=seconds)
            await self.drop()

    async def drop(self) -> None:
        """Stop at once."""
        self._waiting.clear()
        task = self._task
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._task = None  # one that had not begun cannot say so itself
