"""The program is killed while messages are in its inbox: the next one answers each of them once, and in order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from inbox_child import Nursery, child_of
from inbox_desk import opened

from bot.dialogue.assistant import Assistant
from tests.fakes.world import World

KILLED = -9
TEXTS = ["hello", "please hang", "hello"]
ANSWERS = ["message 1", "waited as message 2", "message 3"]


@pytest.fixture(scope="module")
def nursery(small_model: Path) -> Iterator[Nursery]:
    made = Nursery(small_model)
    yield made
    made.end()


@pytest.mark.parametrize(
    ("place", "at"),
    [
        ("before storing", 2),
        ("after storing", 1),
        ("after storing", 3),
        ("in the action", 1),
        ("before answering", 1),
        ("before answering", 2),
        ("after answering", 1),
        ("after answering", 2),
    ],
)
async def test_a_killed_program_has_lost_nothing_and_doubled_nothing(
    nursery: Nursery, assistant: Assistant, world: World, place: str, at: int
) -> None:
    sent = [("web", "ann", str(number), words) for number, words in enumerate(TEXTS, start=1)]
    with child_of(nursery) as child:
        child.die(place, at)
        if place != "in the action":
            world.open_gate()
        child.accept(*sent)
        assert await child.end() == KILLED
    world.open_gate()
    async with opened(assistant, start=True) as desk:
        for _, address, number, words in sent:  # a browser sends what it has no word of, and what it has word of twice
            await desk.say(words, number, address)
        await desk.settled()
        transcript = await desk.transcript()
        assert transcript[::2] == [f"> {words}" for words in TEXTS]
        assert transcript[1::2] == ANSWERS
        assert await desk.open() == []


async def test_what_was_stored_is_answered_although_nobody_asks_again(
    nursery: Nursery, assistant: Assistant, world: World
) -> None:
    world.open_gate()
    with child_of(nursery) as child:
        child.die("after storing", 3)
        child.accept(*(("sms", "ann", str(number), words) for number, words in enumerate(TEXTS, start=1)))
        assert await child.end() == KILLED
    async with opened(assistant, start=True) as desk:
        await desk.settled()
        assert (await desk.transcript("ann", "sms"))[1::2] == ANSWERS
        assert len(await desk.replies()) == 3
