"""A machine for the launcher: a house of its own, a home of its own, and a uv that remembers what it was told."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
BASE_PYTHON = Path(sys.base_prefix) / "bin" / "python3.10"
TOOLS = ("cat", "chmod", "cmp", "cp", "date", "dirname", "grep", "mkdir", "readlink", "rm", "sh", "sleep", "tail", "tr")
ECHO = "import json, os, sys; print(json.dumps([sys.argv[1:], os.getcwd(), sys.path[0]]))"
UV = """#!/bin/sh
# Remembers each call; makes real environments; `slow` and `broken` in HOME make an installation hang or fail.
[ "$1" = --version ] && exit 0
echo "$@" >>"$HOME/uv-calls"
case "$1" in
venv) shift $(($# - 1)); exec "{python}" -m venv --without-pip "$1" ;;
pip)
    if [ -e "$HOME/slow" ]; then sleep 30; fi
    if [ -e "$HOME/broken" ]; then echo "error: no such package"; exit 2; fi ;;
esac
"""


@dataclass
class Machine:
    """A house with spaces in its name, and the home, tools and programs of the person who runs it."""

    root: Path

    @property
    def house(self) -> Path:
        return self.root / "a house"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def programs(self) -> Path:
        return self.root / "programs"

    @property
    def log(self) -> Path:
        return self.house / "var" / "logs" / "setup.log"

    def give(self, name: str, script: str) -> None:
        """Put a program on this machine's PATH."""
        path = self.programs / name
        path.write_text(script)
        path.chmod(0o755)

    def give_uv(self) -> None:
        self.give("uv", UV.replace("{python}", str(BASE_PYTHON)))

    def environment(self, **more: str) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": str(self.programs), **more}

    def start(self, *words: str, **more: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [self.house / "strand", *words],
            env=self.environment(**more),
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        process = self.start(*words, **more)
        out, errors = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)

    def installations(self) -> int:
        calls = self.home / "uv-calls"
        return calls.read_text().count("pip install") if calls.exists() else 0


def make_machine(root: Path) -> Machine:
    machine = Machine(root)
    for folder in (machine.house / "bot" / "cli", machine.home, machine.programs):
        folder.mkdir(parents=True)
    shutil.copy(PROJECT / "strand", machine.house)
    (machine.house / "requirements.txt").write_text("# nothing is needed\n")
    for name in ("bot/__init__.py", "bot/cli/__init__.py"):
        (machine.house / name).touch()
    (machine.house / "bot" / "cli" / "__main__.py").write_text(ECHO)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (machine.programs / tool).symlink_to(found)
    return machine
