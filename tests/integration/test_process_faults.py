"""The process is killed, told to stop, or cannot start: nothing is half done, and one line says why."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from replies import eventually, texts

from bot.settings import PROJECT, settings
from bot.storage.keys import new_key
from bot.transcripts import addresses
from bot.transcripts.tracker_store import BoundedTrackerStore
from tests.conftest import Configure
from tests.fakes.world import World

START_SECONDS = 60.0


class Program:
    """A running program and its address."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self.process = process
        self.address = address

    async def ask(self, message: str, sender: str = "ann") -> list[str]:
        async with aiohttp.ClientSession() as session:
            url = f"{self.address}/webhooks/rest/webhook"
            async with session.post(url, json={"sender": sender, "message": message}) as response:
                return texts(await response.json())


async def start(model: Path, *roles: str) -> asyncio.subprocess.Process:
    words = (sys.executable, "-m", "tests.fakes.serving", str(model), *roles)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*words, cwd=PROJECT, stdout=pipe, stderr=pipe, env=dict(os.environ))


async def start_ready(model: Path) -> Program:
    process = await start(model)
    assert process.stdout
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    assert line.startswith(b"Ready on http://127.0.0.1:"), await process.communicate()
    return Program(process, line.decode().removeprefix("Ready on ").strip())


@pytest.fixture
async def program(small_model: Path, configure: Configure, database: str, world: World) -> AsyncIterator[Program]:
    configure(port=0, turn_seconds=10)
    running = await start_ready(small_model)
    yield running
    if running.process.returncode is None:
        running.process.kill()
    await running.process.wait()


async def stored_senders() -> list[str]:
    """Whose conversations are stored, by the address that they wrote from."""
    store = BoundedTrackerStore()
    ids = list(await store.keys())
    found = [await store.database.run(lambda session, of=each: addresses.address_of(session, of)) for each in ids]
    return [address for channel, address in filter(None, found) if channel == "rest"]


async def test_a_process_that_is_killed_in_a_turn_leaves_nothing_of_it(program: Program, world: World) -> None:
    assert await program.ask("hello", "bob") == ["message 1"]
    turn = asyncio.ensure_future(program.ask("please hang"))
    await eventually(lambda: world.has("began"))
    program.process.kill()
    await program.process.wait()
    with pytest.raises(aiohttp.ClientError):
        await turn
    assert await stored_senders() == ["bob"]


async def test_a_process_that_is_told_to_stop_finishes_its_turn_and_leaves_nothing_behind(
    program: Program, world: World
) -> None:
    turn = asyncio.ensure_future(program.ask("please hang"))
    await eventually(lambda: world.has("began"))
    program.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.3)
    assert program.process.returncode is None
    world.open_gate()
    assert await turn == ["waited as message 1"]
    _, errors = await asyncio.wait_for(program.process.communicate(), 10)
    assert program.process.returncode == 0, errors
    assert not list(settings().state_dir.glob("*-wal"))
    assert await stored_senders() == ["ann"]


async def refused(model: Path, *roles: str) -> str:
    """What a program that does not start says."""
    process = await start(model, *roles)
    _, errors = await asyncio.wait_for(process.communicate(), START_SECONDS)
    assert process.returncode == 1
    lines = [line.partition("strand: ")[2] for line in errors.decode().splitlines() if "strand: " in line]
    assert len(lines) == 1, errors.decode()
    assert "Traceback" not in errors.decode()
    return lines[0]


async def test_a_port_in_use_is_one_line(small_model: Path, configure: Configure) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        configure(port=port)
        line = await refused(small_model)
    assert f"port {port}" in line
    assert "STRAND_PORT" in line


async def test_a_role_that_does_not_exist_is_one_line(small_model: Path, configure: Configure) -> None:
    assert "astronaut" in await refused(small_model, "chat", "astronaut")


async def test_a_missing_model_is_one_line(configure: Configure, tmp_path: Path) -> None:
    configure(port=0)
    assert "./strand train" in await refused(tmp_path / "none.tar.gz")


async def test_a_damaged_model_is_one_line(configure: Configure, tmp_path: Path) -> None:
    configure(port=0)
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(b"no archive")
    assert "./strand train" in await refused(damaged)


async def test_a_missing_schema_in_production_is_one_line(small_model: Path, configure: Configure) -> None:
    configure(port=0, env="production")
    assert "./strand db migrate" in await refused(small_model)


async def test_keys_that_are_not_the_databases_are_one_line(
    small_model: Path, configure: Configure, database: str
) -> None:
    configure(port=0, keys=new_key(), index_key=new_key())
    assert "STRAND_KEYS" in await refused(small_model)


async def test_production_without_keys_is_one_line(small_model: Path, configure: Configure, database: str) -> None:
    configure(port=0, env="production")
    assert "STRAND_KEYS" in await refused(small_model)


async def test_a_database_that_is_down_is_one_line(small_model: Path, configure: Configure) -> None:
    configure(port=0, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    assert "database" in await refused(small_model)
