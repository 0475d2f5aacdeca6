"""Strand itself in a process of its own, the chat and the console on one database that has staff in it."""

import asyncio
import os
import socket
import sys
from pathlib import Path
from subprocess import PIPE, Popen

from bot.settings import PROJECT

START_SECONDS = 110.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class Program:
    """Both roles on the real model, at ports of their own."""

    def __init__(self, model: Path, state_dir: Path) -> None:
        ports = {"port": free_port(), "staff_port": free_port()}
        self.chat, self.console = (f"http://127.0.0.1:{port}" for port in ports.values())
        given = {"state_dir": state_dir, "env": "development", "leads_file": "off", **ports}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STRAND_")}
        self._environment = {**kept, **{f"STRAND_{name.upper()}": str(value) for name, value in given.items()}}
        self._errors = state_dir / "errors.txt"
        self._words = (sys.executable, "-m", "tests.fakes.serving", str(model), "chat", "staff")
        self._process: Popen[bytes] | None = None

    async def start(self) -> None:
        """Resolves when a message can be answered."""
        with self._errors.open("ab") as errors:
            self._process = Popen(self._words, cwd=PROJECT, stdout=PIPE, stderr=errors, env=self._environment)
        assert self._process.stdout
        line = await asyncio.wait_for(asyncio.to_thread(self._process.stdout.readline), START_SECONDS)
        assert line.decode().startswith("Ready on "), self._errors.read_text(encoding="utf-8")

    def stop(self) -> None:
        """End it at once."""
        if self._process:
            self._process.kill()
            self._process.communicate()
