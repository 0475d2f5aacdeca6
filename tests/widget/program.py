"""Strand itself in a process of its own, on one port and one database however often it is killed and started."""

import asyncio
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE, Popen

from bot.settings import PROJECT

START_SECONDS = 90.0
# A visit is quick here: the usual limits would take it for a machine's.
LIMITS = {"web_messages_a_minute": 1000, "address_messages_a_minute": 1000}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class Program:
    """The roles of a model's program with a state directory and settings of their own."""

    def __init__(self, model: Path, folder: Path, **settings: object) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        given = {"state_dir": folder / "var", "env": "development", "port": port, **LIMITS, **settings}
        self._environment: Mapping[str, str] = {
            **{name: value for name, value in os.environ.items() if not name.startswith("STRAND_")},
            **{f"STRAND_{name.upper()}": str(value) for name, value in given.items()},
            "FAKE_WORLD": str(folder),
        }
        self._errors = folder / "errors.txt"
        self._words = (sys.executable, "-m", "tests.fakes.serving", str(model), "chat")
        self._process: Popen[bytes] | None = None

    async def start(self) -> None:
        """Resolves when a message can be answered."""
        # Not asyncio's own way: training a model in this process exchanges the policy that it would need.
        with self._errors.open("ab") as errors:
            self._process = Popen(self._words, cwd=PROJECT, stdout=PIPE, stderr=errors, env=self._environment)
        assert self._process.stdout
        line = await asyncio.wait_for(asyncio.to_thread(self._process.stdout.readline), START_SECONDS)
        assert line.decode().strip() == f"Ready on {self.address}", self._errors.read_text(encoding="utf-8")

    async def kill(self) -> None:
        """End it at once, in whatever it does."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None
