"""A file of JSON lines on this machine, readable for its owner alone."""

import asyncio
import errno
import fcntl
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.errors import DeliveryFailed
from bot.leads.delivery.sending import Message, explain
from bot.leads.delivery.targets import FileTarget


class FileSender:
    """Appends messages to a file; whoever reads it knows by `id` a message that was written twice."""

    at_once = 16

    def __init__(self, target: FileTarget) -> None:
        self.target = target
        # A thread of its own: threads that wait for a slow name server hold up no file.
        self._thread = ThreadPoolExecutor(1, "leads-file")

    async def send(self, message: Message) -> str:
        """Says that it is written, once it is on the disk; raises DeliveryFailed."""
        line = json.dumps({"id": message.id, **json.loads(message.payload)}, ensure_ascii=False) + "\n"
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, append, self.target.path, line.encode())
        except OSError as error:
            raise DeliveryFailed(f"the file cannot be written: {explain(error)}") from error
        return "written"

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False)


def append(path: Path, line: bytes) -> None:
    """Append a line in one write and bring it to the disk; raises OSError, and then the file is as it was."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.fchmod(handle, 0o600)
        _write(handle, line)
    finally:
        os.close(handle)


def _write(handle: int, line: bytes) -> None:
    size = os.fstat(handle).st_size
    # A machine that went down in the middle of a line leaves a piece of it.
    torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
    whole = b"\n" + line if torn else line
    try:
        if os.write(handle, whole) < len(whole):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, size)
        raise
