"""The real assistant on its trained model, kept in memory only."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings import settings

if TYPE_CHECKING:
    from bot.leads.records import Lead


class Visitors:
    """Lets visitors talk with the assistant, from tests that are not asynchronous."""

    def __init__(self, loop: asyncio.AbstractEventLoop, assistant: Any) -> None:
        self._loop = loop
        self._assistant = assistant

    def say(self, conversation: str, text: str) -> list[dict[str, Any]]:
        """The messages that answer `text`."""
        messages: list[dict[str, Any]] = self._loop.run_until_complete(self._assistant.turns.answer(conversation, text))
        return messages

    def lead(self, conversation: str) -> "Lead | None":
        """What was handed over from a conversation."""
        from bot.leads.desk import throwaway_desk

        return self._loop.run_until_complete(throwaway_desk().find(conversation))


@pytest.fixture(scope="module")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A state directory of the tests' own, since keys are made in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRAND_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(scope="module")
def visitors(own_state: None) -> Iterator[Visitors]:
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
