"""The suite's web chats: a browser's side of the protocol, and what it finds wrong with a server that is not honest."""

import asyncio
import json
import os
import resource
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bench import door
from bench.door import Chats
from bench.figures import Row
from bench.plan import QUICK
from bench.processes import free_port, raise_file_limit, resident_megabytes
from bench.systems import Running
from bench.web_chat import faults, strange
from bench.web_client import PLACE, WARM_UP, Job, work
from bot.errors import StrandError

EVEN = ("message-0000", "message-0002")
ASKED = ("so did the fda ok it", "how much does it cost")


def visitor(identifier: str, cursor: int = 0) -> dict[str, Any]:
    return {"cursor": cursor, "from": "visitor", "id": identifier, "text": "hello"}


def assistant(cursor: int = 0, kind: str = "answer") -> dict[str, Any]:
    return {"cursor": cursor, "from": "assistant", "texts": ["so"], "buttons": [], "payload": {"kind": kind}}


def test_a_conversation_in_which_each_message_is_answered_once_has_no_faults() -> None:
    assert faults(["a", "b"], [visitor("a"), assistant(), visitor("b"), assistant()]) == []
    assert faults([], []) == []


def test_what_is_lost_doubled_or_out_of_order_is_a_fault() -> None:
    a, b, answer = visitor("a"), visitor("b"), assistant()
    assert faults(["a", "b"], [a, answer]) == ["1 messages are missing, 0 doubled"]
    assert faults(["a"], [a, answer, a, answer]) == ["0 messages are missing, 1 doubled"]
    assert faults(["a", "b"], [b, answer, a, answer]) == ["messages are out of order"]
    assert faults(["a", "b"], [a, b, answer, answer]) == ["2 messages have 2 answers, or these do not follow them"]
    assert faults(["a"], [a]) == ["1 messages have 0 answers, or these do not follow them"]
    assert faults(["a"], [a, answer, answer]) == ["1 messages have 2 answers, or these do not follow them"]


def test_a_message_that_was_put_off_may_stand_elsewhere_but_must_be_there() -> None:
    talk = [visitor("b"), assistant(), visitor("a"), assistant()]
    assert faults(["a", "b"], talk, put_off=["a"]) == []
    assert faults(["a", "b"], talk[:2], put_off=["a"]) == ["1 messages are missing, 0 doubled"]
    assert faults(["a", "b", "c"], [visitor("c"), assistant(), *talk], put_off=["a"]) == ["messages are out of order"]


def test_an_answer_of_another_kind_is_strange() -> None:
    assert strange([visitor("a"), assistant(kind="error"), visitor("b"), assistant()], "answer") == 1


class Server:
    """The web chat's protocol on a list for each session; `fault` is what it does wrong."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.addresses: list[str] = []
        self.talks: dict[str, list[dict[str, Any]]] = {}
        self.stored: set[tuple[str, str]] = set()
        self.refused = Counter[tuple[str, str]]()

    async def rest(self, request: web.Request) -> web.Response:
        await request.read()
        return web.json_response([{"text": "so"}, {"custom": {"kind": "answer"}}])

    async def session(self, request: web.Request) -> web.Response:
        assert "Authorization" not in request.headers
        self.addresses.append(request.headers["X-Forwarded-For"])
        token = f"token {len(self.talks)}"
        self.talks[token] = []
        return web.json_response({"token": token, "expires_in": 60, "characters": 1000, "clinic": "a clinic"})

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = await socket.receive_json()
        talk = self.talks[hello["token"]]
        await socket.send_json({"type": "welcome", "token": hello["token"], "items": talk, "open": []})
        async for message in socket:
            await self.take(socket, hello["token"], json.loads(message.data)["id"])
        return socket

    async def take(self, socket: web.WebSocketResponse, token: str, identifier: str) -> None:
        if self.fault == "busy" and self.refused[token, identifier] < 2 and identifier in EVEN:
            self.refused[token, identifier] += 1
            await socket.send_json({"type": "refused", "id": identifier, "reason": "busy", "retry_in": 0.01})
            return
        talk = self.talks[token]
        said = any(item.get("id") == identifier for item in talk)
        self.stored.add((token, identifier))
        await socket.send_json({"type": "stored", "id": identifier})
        if not said or self.fault == "doubled":
            new = [visitor(identifier, len(talk) + 1), assistant(len(talk) + 2)]
            talk += new
            await socket.send_json({"type": "news", "items": new, "cursor": len(talk), "open": []})

    async def run(self) -> tuple[web.AppRunner, str]:
        app = web.Application()
        app.router.add_post(PLACE, self.rest)
        app.router.add_post("/chat/session", self.session)
        app.router.add_get("/chat/socket", self.socket)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner, f"http://127.0.0.1:{port}"


@pytest.fixture(params=[""])
async def serving(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Server, Job]]:
    server = Server(request.param)
    runner, url = await server.run()
    yield server, Job("", url, ASKED, "answer", "bench", turns=3, pid=os.getpid())
    await runner.cleanup()


async def test_the_door_is_measured_with_the_same_messages_both_ways(serving: tuple[Server, Job]) -> None:
    server, job = serving
    result = await work(replace(job, measure="door"))
    assert set(result.figures) == {"rest", "socket", "added"}
    assert (result.wrong, result.strange, result.put_off) == ([], 0, 0)
    assert len(server.stored) == WARM_UP + 3


async def test_idle_chats_come_from_places_of_their_own(serving: tuple[Server, Job]) -> None:
    server, job = serving
    result = await work(replace(job, measure="idle", chats=20))
    assert result.wrong == []
    assert result.figures["memory"] is not None
    assert len(set(server.addresses)) == len(server.addresses) == 20 + 3


async def test_a_crowd_is_answered_once_and_in_order(serving: tuple[Server, Job]) -> None:
    server, job = serving
    result = await work(replace(job, measure="crowd", chats=10))
    assert (result.wrong, result.figures["faults"]) == ([], 0)
    assert len(server.stored) == 30


@pytest.mark.parametrize("serving", ["busy"], indirect=True)
async def test_a_message_that_is_put_off_is_sent_again_and_comes_later(serving: tuple[Server, Job]) -> None:
    server, job = serving
    result = await work(replace(job, measure="crowd", chats=2))
    assert result.wrong == []
    assert result.put_off == 2 * 4
    talk = [item["id"] for item in server.talks["token 0"] if item["from"] == "visitor"]
    assert talk[:2] == ["message-0001", "message-0000"]


@pytest.mark.parametrize("serving", ["doubled"], indirect=True)
async def test_a_message_that_is_answered_twice_is_found(serving: tuple[Server, Job]) -> None:
    _, job = serving
    result = await work(replace(job, measure="crowd", chats=2))
    assert result.figures["faults"]
    assert "0 messages are missing, 2 doubled" in result.wrong


async def test_a_client_stays_on_this_machine(serving: tuple[Server, Job]) -> None:
    _, job = serving
    with pytest.raises(ValueError, match="not on this machine"):
        await work(replace(job, url="https://chat.example"))


async def test_a_server_without_a_web_chat_is_an_error(serving: tuple[Server, Job]) -> None:
    _, job = serving
    with pytest.raises(StrandError, match="HTTP 404"):
        await work(replace(job, measure="door", url=f"{job.url}/elsewhere"))


class OwnProcess:
    """The test's own process, in place of a program that is measured."""

    pid = os.getpid()


async def test_the_sections_give_rows_with_what_is_wanted(serving: tuple[Server, Job]) -> None:
    _, job = serving
    running = Running(job.url + PLACE, ASKED, "answer", "bench", OwnProcess())  # type: ignore[arg-type]
    plan = replace(QUICK, door_turns=2, idle_chats=3, idle_turns=2, idle_seconds=0.0, crowd_chats=2, crowd_turns=2)
    notes: list[str] = []
    chats = Chats("SQLite", running, plan, notes)
    rows: list[Row] = []
    for measured in door.SECTIONS.values():
        rows += await asyncio.to_thread(measured, chats)
    wanted = {row.name: row.wanted.words for row in rows if row.wanted}
    assert wanted == {
        "guard, inbox and socket add, SQLite": "≤ 3 ms",
        "memory of 3 idle sockets, SQLite": "≤ 100 MB",
        "turn beside them against without, SQLite": "≤ 1.1",
        "conversations not answered once, in order, SQLite": "none",
    }
    assert all(row.strand is not None for row in rows)
    assert notes == []


def test_the_limit_of_open_files_is_raised_or_said() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    raise_file_limit(0)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft, hard)
    if hard != resource.RLIM_INFINITY:
        with pytest.raises(StrandError, match="ulimit -n"):
            raise_file_limit(hard)


def test_the_memory_of_a_process_is_read_by_its_number() -> None:
    found = resident_megabytes(os.getpid())
    assert found is None or found > 1
