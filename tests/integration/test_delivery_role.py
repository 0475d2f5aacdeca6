"""The delivery role in a process of its own: it delivers, stops cleanly, is taken over, and says what is missing."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.leads.delivery.role import DAY_SECONDS, HOUR_SECONDS, retain_daily
from bot.settings import PROJECT, Settings, settings
from bot.storage.database import Database
from tests.conftest import Configure
from tests.unit.delivery.office import Office
from tests.unit.delivery.receiver import SECRET, Receiver

START_SECONDS = 20.0


async def start(*words: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "bot.cli", "serve", *words)
    return await asyncio.create_subprocess_exec(*command, cwd=PROJECT, stdout=pipe, stderr=pipe, env=dict(os.environ))


async def start_ready() -> tuple[asyncio.subprocess.Process, str]:
    process = await start("--roles", "delivery")
    assert process.stdout
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    assert line.startswith(b"Ready: deliveries to "), await process.communicate()
    return process, line.decode()


async def end(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), START_SECONDS)
    assert process.returncode == 0, errors


async def until_delivered(office: Office) -> None:
    for _ in range(200):
        if all(row.delivered_at for row in await asyncio.to_thread(office.rows)):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("not delivered in time")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as made:
        yield made


@pytest.fixture
def office(database: str, receiver: Receiver, configure: Configure) -> Office:
    return Office(database, configure(webhooks=f"{receiver.url} {SECRET}", webhook_private="yes"))


async def test_it_delivers_what_waits_and_what_comes_and_stops_cleanly(office: Office, receiver: Receiver) -> None:
    office.tell_many(20)
    process, line = await start_ready()
    assert "file, webhook:127.0.0.1:" in line
    await until_delivered(office)
    office.tell()
    await until_delivered(office)
    loaded = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
    assert "tensorflow" not in loaded  # nor the rest of Rasa's weight
    await end(process)
    lines = (settings().state_dir / "leads.jsonl").read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == len(lines) == len(receiver.taken) == 21
    office.database.close()
    assert not list(settings().state_dir.glob("*-wal"))


async def test_told_to_stop_it_waits_for_the_message_that_is_on_its_way(office: Office, receiver: Receiver) -> None:
    receiver.plan = ["wait"]
    office.tell()
    process, _ = await start_ready()
    while not receiver.requests:
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.1)
    assert process.returncode is None
    receiver.go_on.set()
    await asyncio.wait_for(process.communicate(), START_SECONDS)
    assert process.returncode == 0
    assert all(row.delivered_at and not row.locked_by for row in office.rows())


async def test_what_a_killed_process_held_is_free_after_its_lease(office: Office, receiver: Receiver) -> None:
    receiver.plan = ["hang"]
    office.tell()
    process, _ = await start_ready()
    while not receiver.requests:
        await asyncio.sleep(0.01)
    process.kill()
    await process.wait()
    (held,) = [row for row in office.rows() if row.target != "file"]
    assert held.locked_by
    assert (held.locked_until - held.available_at).total_seconds() > 0
    office.now = held.locked_until
    assert office.do(lambda session: office.due(session, held.target))


async def test_what_cannot_be_used_is_one_line(configure: Configure) -> None:
    for values, word in (
        ({"webhooks": "https://clinic.example/leads"}, b"STRAND_WEBHOOKS"),
        ({"webhooks": "", "env": "production"}, b"./strand db migrate"),
        ({"env": "development", "database_url": "postgresql://nobody@127.0.0.1:1/nothing"}, b"the database"),
    ):
        configure(**{name: value or " " for name, value in values.items()})
        process = await start("--roles", "delivery")
        _, errors = await asyncio.wait_for(process.communicate(), START_SECONDS)
        assert process.returncode == 1
        assert word in errors
        assert len(errors.splitlines()) == 1


async def test_the_retention_runs_daily_and_an_hour_after_it_failed() -> None:
    outcomes: list[Exception | None] = [None, RuntimeError("Sam Quillfeather"), None]
    waits: list[float] = []

    async def retain(*_: object) -> object:
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome
        return "nothing"

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if not outcomes:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await retain_daily(Database("sqlite:///never", 1), Settings(), retain, sleep)
    assert waits == [DAY_SECONDS, HOUR_SECONDS, DAY_SECONDS]


def test_a_role_that_nobody_plays_is_refused() -> None:
    from bot.serve import _require_roles

    with pytest.raises(SettingError, match="chat, staff, delivery"):
        _require_roles(["astronaut"])
