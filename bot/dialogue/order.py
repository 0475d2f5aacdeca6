"""The order of a conversation's messages: first come, first served, and nobody polls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.custom_action import install


class ConversationOrder(LockStore):  # type: ignore[misc]  # Rasa has no types
    """A lock for each conversation that is being talked in; it is freed when nobody holds it or waits for it.

    Rasa makes one before every agent, also for plain `rasa run` and `rasa shell`, and offers no other hook there: so
    this is where actions learn to run in this process.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        install()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation within the block. The two times are Rasa's, for its polling, and mean nothing here."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            yield TicketLock(conversation_id)

    def is_someone_waiting(self, conversation_id: str) -> bool:
        """Whether the conversation is held."""
        return conversation_id in self._locks
