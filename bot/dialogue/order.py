"""The order of a conversation's messages: first come, first served, and within a process nobody polls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.custom_action import install
from bot.transcripts.tracker_store import BoundedTrackerStore


class ConversationOrder(LockStore):  # type: ignore[misc]  # Rasa has no types
    """A lock for each conversation that is being talked in; it is freed when nobody holds it or waits for it.

    It holds within this process, and, after `span`, against others on the same PostgreSQL. Rasa makes one before every
    agent, also for plain `rasa run` and `rasa shell`, and offers no other hook there: so this is where actions learn to
    run in this process.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._store: BoundedTrackerStore | None = None
        install()

    def span(self, store: TrackerStore) -> None:
        """Hold conversations from other processes too, where `store` keeps them in a database that those may use."""
        self._store = store if isinstance(store, BoundedTrackerStore) else None

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation within the block; raises DatabaseUnavailable where another process might hold it and
        the database does not say. The two times are Rasa's, for its polling, and mean nothing here."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock, self._from_others(conversation_id):
            yield TicketLock(conversation_id)

    def _from_others(self, conversation: str) -> AbstractAsyncContextManager[None]:
        locks = self._store.database.locks if self._store else None
        return locks.hold(conversation) if locks else nullcontext()

    def is_someone_waiting(self, conversation_id: str) -> bool:
        """Whether the conversation is held."""
        return conversation_id in self._locks
