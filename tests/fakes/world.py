"""What the small assistant's actions did and what holds them up: files in a folder, for other processes too."""

import os
import time
from pathlib import Path

FOLDER = "FAKE_WORLD"
HANG_SECONDS = 30.0
LOOK_SECONDS = 0.01


class World:
    """A folder that remembers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(self, name: str, line: str = "") -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def notes(self, name: str) -> list[str]:
        """The lines that were noted under a name, in order."""
        path = self.folder / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def has(self, name: str) -> bool:
        return bool(self.notes(name))

    def pass_gate(self) -> None:
        """Say that an action began, and hold it up until the test opens the gate."""
        self.note("began")
        end = time.monotonic() + HANG_SECONDS
        while not self.has("gate open") and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
        self.note("ended")

    def open_gate(self) -> None:
        self.note("gate open")


def world() -> World:
    """The world of the test that runs."""
    return World(Path(os.environ[FOLDER]))
