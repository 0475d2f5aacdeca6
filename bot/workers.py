"""Threads for calls that may hang: a stuck one holds up no event loop, no other call and no end of the program."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from bot.errors import WorkersBusy

T = TypeVar("T")
Job = tuple[Future[Any], Callable[[], Any]]


class Workers:
    """At most `limit` daemon threads, started when they are needed; a call beyond them fails at once."""

    def __init__(self, limit: int, name: str) -> None:
        self._limit = limit
        self._name = name
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._count = threading.Lock()
        self._threads = 0
        self._busy = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises, in the caller's context; raises WorkersBusy. A caller that is cancelled leaves
        the call to itself."""
        return await asyncio.wrap_future(self._submit(work))

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        context = contextvars.copy_context()
        self._reserve()
        self._jobs.put((future, lambda: context.run(work)))
        return future

    def _reserve(self) -> None:
        with self._count:
            if self._busy >= self._limit:
                raise WorkersBusy(f"all {self._limit} {self._name} threads are busy")
            self._busy += 1
            if self._threads >= self._busy:
                return
            self._threads += 1
            number = self._threads
        threading.Thread(target=self._work, name=f"{self._name}-{number}", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._do(*self._jobs.get())

    def _do(self, future: Future[Any], work: Callable[[], Any]) -> None:
        try:
            if not future.set_running_or_notify_cancel():
                return
            result = work()
        except BaseException as error:  # the thread's edge: whatever it was belongs to the caller, who is told below
            failure: BaseException | None = error
        else:
            failure = None
        finally:
            with self._count:
                self._busy -= 1
        if failure is None:
            future.set_result(result)
        else:
            future.set_exception(failure)
