"""Notices messages whose answer takes its time, once for each, also where it is begun anew."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.settings import settings
from bot.transcripts.inbox import Waiting


@dataclass(frozen=True)
class _Running:
    """The time of a message that is being answered."""

    row: int
    timer: asyncio.TimerHandle


class Patience:
    """Calls `ask` in the event loop with a message that is not answered within `moment_seconds`."""

    def __init__(self, ask: Callable[[Waiting], None]) -> None:
        self._ask = ask
        self._running: dict[str, _Running] = {}

    def begin(self, message: Waiting) -> None:
        """Take the time of a message, unless that is done already."""
        known = self._running.get(message.conversation)
        if known is None or known.row != message.row:
            self.end(message.conversation)
            timer = asyncio.get_running_loop().call_later(settings().moment_seconds, self._ask, message)
            self._running[message.conversation] = _Running(message.row, timer)

    def end(self, conversation: str) -> None:
        """The message of a conversation that was being answered is."""
        known = self._running.pop(conversation, None)
        if known:
            known.timer.cancel()
