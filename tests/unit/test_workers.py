"""A call that hangs in a worker thread holds up nothing else."""

import asyncio
import subprocess
import sys
import threading
import time
from contextvars import ContextVar

import pytest

from bot.errors import WorkersBusy
from bot.settings import PROJECT
from bot.workers import Workers

name: ContextVar[str] = ContextVar("name", default="nobody")

HANGS_AT_EXIT = """
import asyncio, time
from bot.workers import Workers
async def main():
    task = asyncio.ensure_future(Workers(1, "test").run(lambda: time.sleep(60)))
    await asyncio.sleep(0.1)
    task.cancel()
asyncio.run(main())
"""


async def test_a_hanging_call_leaves_the_other_threads_free() -> None:
    workers, gate = Workers(2, "test"), threading.Event()
    hanging = asyncio.ensure_future(workers.run(lambda: gate.wait(5)))
    await asyncio.sleep(0)
    for number in range(5):
        assert await workers.run(lambda number=number: number) == number
    gate.set()
    assert await hanging


async def test_when_every_thread_is_taken_a_call_fails_at_once_and_later_ones_work_again() -> None:
    workers, gate = Workers(1, "test"), threading.Event()
    hanging = asyncio.ensure_future(workers.run(lambda: gate.wait(5)))
    await asyncio.sleep(0)
    with pytest.raises(WorkersBusy, match="all 1 test threads"):
        await workers.run(lambda: None)
    gate.set()
    await hanging
    assert await workers.run(lambda: "free") == "free"


async def test_a_call_that_was_given_up_gives_its_thread_back() -> None:
    workers, gate = Workers(1, "test"), threading.Event()
    given_up = asyncio.ensure_future(workers.run(lambda: gate.wait(5)))
    await asyncio.sleep(0.05)
    given_up.cancel()
    gate.set()
    await asyncio.sleep(0.05)
    assert await workers.run(lambda: "free") == "free"


async def test_what_the_call_raises_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        await Workers(1, "test").run(lambda: 1 / 0)


async def test_the_call_knows_the_callers_context() -> None:
    mark = name.set("ann")
    assert await Workers(1, "test").run(name.get) == "ann"
    name.reset(mark)


def test_a_hanging_call_does_not_hold_up_the_end_of_the_program() -> None:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", HANGS_AT_EXIT], cwd=PROJECT, check=True, timeout=30)
    assert time.monotonic() - began < 20
