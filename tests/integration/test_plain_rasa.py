"""Plain `rasa run` in the project's root: the same replies, the same honesty, without an action server."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import load_agent
from rasa.core.utils import AvailableEndpoints
from replies import eventually, may_be_sent_again, texts

from bot.settings import PROJECT
from tests.conftest import Configure
from tests.fakes.small_model import QUIET
from tests.fakes.world import FOLDER, World

START_SECONDS = 90.0


class RasaServer:
    """`rasa run` on the small assistant."""

    def __init__(self, model: Path, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.world = World(folder)
        self.url = f"http://127.0.0.1:{self.port}"
        own = {"STRAND_STATE_DIR": str(folder / "var"), "STRAND_TURN_SECONDS": "1.5", FOLDER: str(folder)}
        words = ["-m", "rasa", "run", "-m", str(model), "-i", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, *words], cwd=PROJECT, env={**os.environ, **QUIET, **own},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def await_start(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.1)

    async def post(self, body: bytes) -> tuple[int, Any]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/webhooks/rest/webhook", data=body) as response,
        ):
            return response.status, await response.json()

    async def ask(self, sender: str, message: str) -> list[dict[str, Any]]:
        status, messages = await self.post(json.dumps({"sender": sender, "message": message}).encode())
        assert status == 200
        found: list[dict[str, Any]] = messages
        return found


@pytest.fixture(scope="module")
def server(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaServer]:
    running = RasaServer(small_model, tmp_path_factory.mktemp("rasa"))
    running.await_start()
    yield running
    running.world.open_gate()
    running.process.terminate()
    running.process.wait(40)


async def test_a_message_gets_the_same_replies_as_from_strand_serve(server: RasaServer) -> None:
    assert await server.ask("ann", "hello") == [
        {"recipient_id": "ann", "text": "message 1"},
        {"recipient_id": "ann", "custom": {"kind": "answer", "said": "message 1"}},
    ]
    assert texts(await server.ask("ann", "hello")) == ["message 2"]


async def test_a_typed_slash_is_text(server: RasaServer) -> None:
    assert texts(await server.ask("slash", '/hang{"x": 1}')) == ["message 1"]


async def test_a_failing_action_is_told(server: RasaServer) -> None:
    assert texts(await server.ask("bob", "hello")) == ["message 1"]
    assert may_be_sent_again(await server.ask("bob", "please break"))
    assert texts(await server.ask("bob", "hello")) == ["message 2"]


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b"\xff", b'{"sender": "x", "message": null}', b'{"sender": "x", "message": 5}']
)
async def test_a_body_that_holds_no_message_is_refused(server: RasaServer, body: bytes) -> None:
    status, answer = await server.post(body)
    assert status == 400
    assert set(answer) == {"error"}


async def test_large_messages_cost_nobody_time(server: RasaServer) -> None:
    began = time.monotonic()
    assert (await server.ask("ann", "x" * 100_000))[1]["custom"] == {"kind": "error", "retry": False}
    status, _ = await server.post(json.dumps({"sender": "ann", "message": "x" * 1_000_000}).encode())
    assert status == 413
    assert time.monotonic() - began < 1


async def test_two_messages_at_once_wait_for_each_other_and_not_for_a_clock(server: RasaServer) -> None:
    await server.ask("warm", "hello")
    began = time.monotonic()
    replies = await asyncio.gather(server.ask("carl", "hello"), server.ask("carl", "hello"))
    assert sorted(text for reply in replies for text in texts(reply)) == ["message 1", "message 2"]
    assert time.monotonic() - began < 0.9


async def test_a_client_that_hangs_up_keeps_its_turn_and_a_hanging_action_blocks_nobody(server: RasaServer) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    body = json.dumps({"sender": "dora", "message": "please hang"})
    head = f"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write((head + body).encode())
    await writer.drain()
    await eventually(lambda: server.world.has("began"))
    assert texts(await server.ask("emil", "hello")) == ["message 1"]
    writer.close()
    await writer.wait_closed()
    server.world.open_gate()
    assert texts(await server.ask("dora", "hello")) == ["message 2"]


async def test_any_agent_of_rasas_runs_actions_in_this_process(
    small_model: Path, configure: Configure, world: World
) -> None:
    """As `rasa shell` makes one: no channel of ours takes part."""
    endpoints = AvailableEndpoints.read_endpoints(str(PROJECT / "endpoints.yml"))
    assert endpoints.action is None
    agent = await load_agent(str(small_model), endpoints=endpoints)
    assert texts(await agent.handle_text("hello", sender_id="ann")) == ["message 1"]
    assert texts(await agent.handle_text("hello", sender_id="ann")) == ["message 2"]
