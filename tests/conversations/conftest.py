"""The real assistant on its trained model, kept in memory only."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest


class Visitors:
    """Lets visitors talk with the assistant, from tests that are not asynchronous."""

    def __init__(self, loop: asyncio.AbstractEventLoop, assistant: Any) -> None:
        self._loop = loop
        self._assistant = assistant

    def say(self, conversation: str, text: str) -> list[dict[str, Any]]:
        """The messages that answer `text`."""
        messages: list[dict[str, Any]] = self._loop.run_until_complete(self._assistant.turns.answer(conversation, text))
        return messages


@pytest.fixture(scope="module")
def visitors() -> Iterator[Visitors]:
    """Whoever talks with the assistant; it is trained first where its inputs have changed."""
    from bot.cli.train import ready_model
    from bot.dialogue.assistant import load
    from bot.dialogue.executor import in_process

    loop = asyncio.new_event_loop()
    assistant = loop.run_until_complete(load(ready_model(), throwaway=True))
    yield Visitors(loop, assistant)
    loop.run_until_complete(assistant.close(1.0))
    loop.close()
    in_process.cache_clear()  # it knows the real actions only; later tests bring their own
