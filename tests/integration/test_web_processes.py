"""Web chats of the program itself: two of it on one PostgreSQL, told to stop, killed and started again."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from replies import eventually
from test_process_faults import Program, start_ready
from web_client import Browser, new_id

from bot.settings import settings
from bot.storage.schema import migrate
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.fakes.world import World


@asynccontextmanager
async def running(model: Path) -> AsyncIterator[Program]:
    program = await start_ready(model)
    try:
        yield program
    finally:
        if program.process.returncode is None:
            program.process.kill()
        await program.process.wait()


@asynccontextmanager
async def visiting(program: Program, token: str = "", after: int = 0) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        if not token:
            async with session.post(f"{program.address}/chat/session") as response:
                token = (await response.json())["token"]
        async with session.ws_connect(f"{program.address}/chat/socket") as socket:
            opened = Browser(socket, token)
            await opened.send(type="hello", token=token, after=after)
            opened.welcome = await opened.hear("welcome")
            opened.token = opened.welcome["token"]
            yield opened


async def test_two_programs_serve_one_conversation(
    small_model: Path, postgres: Cluster, configure: Configure, world: World
) -> None:
    configure(port=0, database_url=postgres.make_database(), moment_seconds=0.2)
    migrate(settings().database)
    async with running(small_model) as one, running(small_model) as other, visiting(one) as ann:
        assert await ann.ask("hello") == ["message 1"]
        async with visiting(other, ann.token) as tab:
            assert len(tab.welcome["items"]) == 2
            assert await tab.ask("from the other one") == ["message 2"]
            assert await ann.answer() == ["message 2"]
            for number in range(10):
                await (ann if number % 2 else tab).say(f"number {number}")
            for each in (ann, tab):
                answers: list[str] = []
                while len(answers) < 10:
                    items = (await each.hear("news"))["items"]
                    answers += [item["texts"][0] for item in items if item["from"] == "assistant"]
                assert answers == [f"message {number}" for number in range(3, 13)]
            said = await tab.say("please hang")
            assert (await ann.hear("moment"))["id"] == said
            world.open_gate()
            assert await ann.answer() == ["waited as message 13"]
            await tab.send(type="end")
            assert (await ann.hear("ended"))["type"] == "ended"
            assert (await tab.hear("ended"))["receipt"].startswith("E-")


async def test_a_program_that_is_told_to_stop_sends_browsers_away_and_finishes_its_turn(
    small_model: Path, configure: Configure, database: str, world: World
) -> None:
    configure(port=0)
    async with running(small_model) as program, visiting(program) as ann:
        said = await ann.say("please hang")
        await eventually(lambda: world.has("began"))
        program.process.send_signal(signal.SIGTERM)
        assert await ann.closed() == 1001
        assert program.process.returncode is None
        world.open_gate()
        assert await asyncio.wait_for(program.process.wait(), 10) == 0
    async with running(small_model) as program, visiting(program, ann.token) as ann:
        assert [item.get("id") or item["texts"] for item in ann.welcome["items"]] == [said, ["waited as message 1"]]


async def test_a_program_that_is_killed_answers_once_when_it_is_back(
    small_model: Path, configure: Configure, database: str, world: World
) -> None:
    configure(port=0)
    said = new_id()
    async with running(small_model) as program, visiting(program) as ann:
        await ann.say("please hang", said)
        await ann.hear("stored")
        await eventually(lambda: world.has("began"))
        program.process.kill()
        await program.process.wait()
    world.open_gate()
    async with running(small_model) as program, visiting(program, ann.token) as ann:
        await ann.say("please hang", said)
        while not any(item["from"] == "assistant" for item in ann.welcome["items"]):
            ann.welcome["items"] += (await ann.hear("news"))["items"]
        assert await ann.ask("hello") == ["message 2"]
