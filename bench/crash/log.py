"""What a child of the crash test did, line by line in a file, which outlives the child."""

import json
import os
from pathlib import Path


class Log:
    """JSON lines behind each other; a line that `write` has returned from is there, whatever happens next."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, *words: str) -> None:
        """Append a line, and bring it to the disk."""
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{json.dumps(words)}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def read(self) -> list[list[str]]:
        """Every line."""
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]

    def of(self, kind: str) -> list[list[str]]:
        """What stands behind the first word of the lines that begin with `kind`."""
        return [words[1:] for words in self.read() if words[0] == kind]
