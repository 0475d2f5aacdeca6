"""Things are worked off one after the other, and no more wait than there is room for."""

import asyncio

from bot.chat.web.line import Line


class Desk:
    """Works things off when it is told to."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.open = asyncio.Event()

    async def work(self, thing: int) -> None:
        await self.open.wait()
        self.done.append(thing)


async def test_things_are_done_in_order_by_a_task_that_ends() -> None:
    desk = Desk()
    line = Line(desk.work, 10)
    assert not line.busy
    assert all(line.put(number) for number in range(5))
    assert line.busy
    desk.open.set()
    await line.finish(5)
    assert desk.done == [0, 1, 2, 3, 4]
    assert not line.busy
    line.put(5)
    await line.finish(5)
    assert desk.done[-1] == 5


async def test_a_full_line_takes_nothing_more() -> None:
    desk = Desk()
    line = Line(desk.work, 2)
    assert [line.put(number) for number in range(4)] == [True, True, False, False]
    await line.drop()
    assert desk.done == []
    assert not line.busy


async def test_whoever_can_wait_gets_in_when_there_is_room() -> None:
    desk = Desk()
    line = Line(desk.work, 1)

    async def fill() -> None:
        for number in range(20):
            await line.put_in_time(number)

    filling = asyncio.ensure_future(fill())
    desk.open.set()
    await filling
    await line.finish(5)
    assert desk.done == list(range(20))


async def test_what_is_not_done_in_time_is_dropped() -> None:
    desk = Desk()
    line = Line(desk.work, 5)
    line.put(1)
    line.put(2)
    await line.finish(0.01)
    desk.open.set()
    assert desk.done == []
    assert not line.busy
