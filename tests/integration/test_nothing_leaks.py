"""A person's details go through the whole program, and everything that it wrote is searched for them."""

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from everything_written import found_in, leaks, log_all_statements, stored
from handing_over import AGREES, HEALTHY, left_in, refusing, unsealed

from bot.cli.quiet import Discreet
from bot.cli.replies import fold
from bot.errors import DatabaseUnavailable
from bot.settings import PROJECT, settings
from bot.storage.database import Database
from tests.conftest import Configure
from tests.fakes.postgres import Cluster

START_SECONDS = 60.0
SENDER = "+12025550171"
STORY = "lupus, it began after my quokkafever"
DETAILS = (
    *("Quillfeather", "Zoë Quillfeather", "z.quillfeather@mail.example", "quokkafever", "zumbaclass"),
    *("5550143", "555-0143", "5550188", "555.0188", "5550199", "555.0199", "5550171"),
)
SEALED = (
    "zo\\\\u00eb quillfeather",
    "z.quillfeather@mail.example",
    "+12025550143",
    SENDER,
    "quokkafever",
    "zumbaclass",
)
SECRET = "whsec_" + "c3RyYW5kLXRlc3Qtc2VjcmV0LTEyMzQ1Njc4OTA="


class Program:
    """`strand serve` in a process of its own, and a person who writes to it."""

    def __init__(self, process: asyncio.subprocess.Process, address: str, began: float) -> None:
        self.process, self.address, self.began = process, address, began
        self.replies: list[dict[str, Any]] = []

    async def says(self, text: str) -> dict[str, Any]:
        answer = await self.posts(json.dumps({"sender": SENDER, "message": text}).encode())
        self.replies.append(fold(text, json.loads(answer)))
        return self.replies[-1]

    async def posts(self, body: bytes) -> bytes:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.address}/webhooks/rest/webhook", data=body) as response,
        ):
            return await response.read()

    async def sends_raw(self, request: bytes) -> None:
        host, port = self.address.removeprefix("http://").rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        await reader.read()
        writer.close()

    async def answers(self, reply: dict[str, Any], wanted: dict[str, str]) -> dict[str, Any]:
        left = dict(wanted)
        while reply.get("field") in left:
            reply = await self.says(left.pop(reply["field"]))
        return reply


@pytest.fixture
def folders(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Path]]:
    """Everywhere that the program, or its database, may write; the database's server logs all that it is told."""
    if not settings().database_url:
        yield [tmp_path]
        return
    cluster = request.getfixturevalue("postgres")
    yield [tmp_path, log_all_statements(cluster, wanted=True)]
    cluster.ensure_up()
    log_all_statements(cluster, wanted=False)


@pytest.fixture
async def program(
    model: Path, folders: list[Path], configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Program]:
    began = time.time()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    configure(port=0, staff_port=0, log_level="DEBUG", database_seconds=1)
    configure(webhooks=f"http://127.0.0.1:9/leads {SECRET}", webhook_private="yes", deliver_contact="webhook")
    out, errors = tmp_path / "stdout", tmp_path / "stderr"
    with out.open("wb") as to_out, errors.open("wb") as to_errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "serve"),
            cwd=PROJECT,
            stdout=to_out,
            stderr=to_errors,
            env=dict(os.environ),
        )
    for _ in range(round(START_SECONDS / 0.05)):
        if b"\n" in out.read_bytes():
            break
        assert process.returncode is None, errors.read_text(encoding="utf-8")
        await asyncio.sleep(0.05)
    yield Program(process, out.read_text(encoding="utf-8").splitlines()[0].removeprefix("Ready on "), began)
    if process.returncode is None:
        process.kill()
    await process.wait()


async def strand_leads(*words: str) -> str:
    """What `./strand leads …` prints, everything included."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "leads", *words), cwd=PROJECT, stdout=pipe, stderr=pipe, env=dict(os.environ)
    )
    printed, errors = await process.communicate()
    assert process.returncode == 0, errors
    return (printed + errors).decode()


async def hand_over(program: Program) -> str:
    checked = await program.answers(await program.says("start the suitability check"), {**HEALTHY, "conditions": STORY})
    assert checked["outcome"] == "clinician_review"
    opened = await program.says("yes")
    sent = await program.answers(opened, {**AGREES, "preferred_time": "after my zumbaclass on fridays"})
    assert sent["state"] == "submitted"
    return str(sent["reference"])


async def deliveries(database: Database, done: Callable[[list[Any]], object]) -> list[Any]:
    """The outbox, once it is as it should be."""
    for _ in range(100):
        with database.engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT target, delivered_at, last_error FROM outbox").all()
        if done(found):
            return list(found)
        await asyncio.sleep(0.05)
    raise AssertionError(found)


@contextlib.contextmanager
def other_keys() -> Iterator[None]:
    """Within the block the keys are not those of the database."""
    file, kept = settings().state_dir / "keys.json", settings().state_dir / "kept.json"
    shutil.copy2(file, kept)
    file.unlink()
    from bot.storage.keys import read_keys

    read_keys()
    yield
    kept.replace(file)


@contextlib.contextmanager
def outage(request: pytest.FixtureRequest) -> Iterator[None]:
    """Within the block nothing can be written."""
    if settings().database_url:
        cluster: Cluster = request.getfixturevalue("postgres")
        cluster.stop()
        yield
        cluster.ensure_up()
        return
    with contextlib.closing(sqlite3.connect(settings().state_dir / "strand.db", isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        yield


async def go_wrong(program: Program, database: Database, request: pytest.FixtureRequest) -> None:
    """Turns that fail in every way there is, each with the person in it."""
    message = "I am Zoë Quillfeather, z.quillfeather@mail.example, 202.555.0188, and I had quokkafever"
    with refusing(database, "tracker_events"):
        assert (await program.says(message))["kind"] == "error"
    with refusing(database, "contacts", "UPDATE"):
        reply = await program.says("change my number to (202)555.0199")
        assert reply["kind"] == "error", reply
    database.close()
    with outage(request):
        assert (await program.says(message))["kind"] == "error"
    with other_keys():
        assert (await program.says(message))["kind"] == "error"


async def be_unreadable(program: Program) -> None:
    """Requests that hold no message, or none that can be read, each with the person in it."""
    assert (await program.says("Zoë Quillfeather " * 400))["kind"] == "error"
    for body in (
        b'{"sender": "+12025550171", "message": "Quillfeather \\ud800 quokkafever"}',
        b'{"sender": "+12025550171", "message": ["Quillfeather"]}',
        b'{"sender": "z.quillfeather@mail.example"',
        b"Quillfeather \xff 5550143",
    ):
        await program.posts(body)
    await program.sends_raw(b"GET /z.quillfeather@mail.example quokkafever nonsense\r\n\r\n")
    await program.sends_raw(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Quill\x01feather: Zoe Quillfeather 555-0143\r\n\r\n"
    )
    await program.sends_raw(b"GET /Quillfeather?phone=5550143 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")


async def test_nothing_that_the_program_writes_holds_a_persons_details(
    program: Program, folders: list[Path], database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    looking = Database(database, 5)
    reference = await hand_over(program)
    tried = await deliveries(looking, lambda rows: rows and all(row.delivered_at or row.last_error for row in rows))
    assert sorted(bool(row.last_error) for row in tried) == [False, True]
    printed = await strand_leads("list") + await strand_leads("show", reference)
    assert reference in printed
    assert found_in(printed.encode(), DETAILS) == []
    await go_wrong(program, looking, request)
    await be_unreadable(program)
    changed = await program.says("change my number to 202.555.0188")
    assert (changed["kind"], changed["action"]) == ("account", "changed")
    # While the program runs, with all of the database's logs, and after it has ended.
    assert leaks(folders, DETAILS, since=program.began) == {}
    assert found_in(stored(looking), DETAILS) == []
    assert left_in(await unsealed(looking), SEALED) == list(SEALED), "it is there for whoever has the keys"
    looking.close()
    program.process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(program.process.wait(), 20)
    assert leaks([tmp_path], DETAILS, since=program.began) == {}
    log = (settings().state_dir / "logs" / "strand.log").read_text(encoding="utf-8")
    assert all(word in log for word in (" DEBUG ", "a turn failed", "Error handling request"))


def test_a_traceback_in_the_log_quotes_nobody() -> None:
    def fail() -> None:
        try:
            int("Quillfeather")
        except ValueError as error:
            raise DatabaseUnavailable("the database failed: refused") from error

    try:
        fail()
    except DatabaseUnavailable:
        record = logging.LogRecord("any", logging.ERROR, __file__, 1, "a turn failed", (), sys.exc_info())
    line = Discreet("%(message)s").format(record)
    assert "Quillfeather" not in line.replace('int("Quillfeather")', "")
    assert all(word in line for word in ("ValueError", "DatabaseUnavailable: the database failed: refused", "in fail"))
    forgotten = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, "never retrieved\nError('Ann')", (), None)
    assert Discreet("%(message)s").format(forgotten) == "never retrieved"
