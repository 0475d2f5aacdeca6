"""Rasa's tracker store, bounded: a turn is one commit, and reading a conversation costs the same however long it is."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session

from bot.errors import TurnError
from bot.metrics import failures
from bot.settings import settings
from bot.storage.database import Database, open_database
from bot.storage.schema import prepare, require_current
from bot.storage.sealing import Sealer, sealer
from bot.transcripts import addresses, archive, counted_turns, settling, takeover
from bot.transcripts.inbox import Waiting
from bot.transcripts.redaction import asks_for_redaction, redact_events, redact_snapshot
from bot.transcripts.tail import StoredTracker, ordered, rebuild, take_snapshot
from bot.transcripts.turn import Saved, current_turn

logger = logging.getLogger(__name__)


class BoundedTrackerStore(TrackerStore):  # type: ignore[misc]  # Rasa has no types
    """Keeps events in SQL. Every method raises DatabaseUnavailable; at the first use SchemaOutdated, and SettingError
    where the keys are not those that sealed the database.

    Making one connects to nothing and cannot fail: Rasa would take a failure for the wish to keep all in memory.
    """

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **_options: Any) -> None:
        super().__init__(domain, event_broker)
        self._prepared_for: Sealer | None = None

    @property
    def database(self) -> Database:
        """The database of the settings."""
        return open_database(settings().database, settings().database_seconds)

    async def _prepare(self) -> None:
        """Create the tables in a new SQLite file, or see that they and the keys are right; once, and for other keys."""
        present = sealer()
        if self._prepared_for is not present:
            await self.database.run(lambda session: prepare(session.connection()))
            self._prepared_for = present

    async def _read(self, conversation: str, most: int | None) -> StoredTracker | None:
        await self._prepare()
        found = await self.database.run(lambda session: archive.read(session, conversation, most), read_only=True)
        if found is None:
            return None
        tracker = rebuild(conversation, self.domain.slots, found.events, found.before)
        tracker.mark_stored(found.last_sequence)
        return tracker

    async def retrieve(self, sender_id: str) -> StoredTracker | None:
        """The conversation's last turns with its slots, form and pause; None for one that does not exist."""
        return await self._read(sender_id, settings().history_events)

    async def retrieve_full_tracker(self, conversation_id: str) -> StoredTracker | None:
        """The conversation with all of its events; None for one that does not exist."""
        return await self._read(conversation_id, None)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> StoredTracker:
        """A new conversation, of which nothing is stored before its first turn is."""
        tracker = StoredTracker(sender_id, self.domain.slots)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new in one commit, then stream it; raises TurnAbandoned where the current turn has failed."""
        turn = current_turn.get()
        if turn:
            turn.require_sound()
        await self._prepare()
        saved = await self.database.run(lambda session: _write(session, tracker, turn.message if turn else None))
        if turn:
            turn.saved = saved
        if isinstance(tracker, StoredTracker):
            tracker.mark_stored(0 if saved.forgotten else saved.sequence)
        await self._stream(saved.stored, tracker.sender_id)

    async def _stream(self, events: Sequence[Event], conversation: str) -> None:
        if self.event_broker is None or not events:
            return
        try:
            await self._stream_new_events(self.event_broker, list(events), conversation)
        except Exception:  # the turn is stored: whatever a broker does must not make it look failed
            failures.labels(where="broker").inc()
            logger.exception("the event broker took nothing of a stored turn")

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything of the conversation is stored."""
        await self._prepare()
        return await self.database.run(lambda session: archive.exists(session, conversation_id), read_only=True)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        await self._prepare()
        return await self.database.run(archive.conversation_ids, read_only=True)

    async def conversation_of(self, channel: str, address: str) -> str:
        """The conversation of a channel's address, made at its first message."""
        found = await self.known_conversation(channel, address)
        if found is None:
            now = datetime.now(timezone.utc)
            found = await self.database.run(lambda session: addresses.find_or_make(session, channel, address, now))
        return found

    async def known_conversation(self, channel: str, address: str) -> str | None:
        """The conversation of a channel's address; None where it never sent a message."""
        await self._prepare()
        return await self.database.run(lambda session: addresses.find(session, channel, address), read_only=True)

    async def check(self) -> None:
        """Raises DatabaseUnavailable, SchemaOutdated or SettingError where a turn could not be stored now."""
        # As a writer, since a database that is locked can still be read.
        await self.database.run(lambda session: require_current(session.connection()))


def _write(session: Session, tracker: DialogueStateTracker, message: Waiting | None) -> Saved:
    """Store what is new, or forget as its events order; with it the replies, and that `message` is answered."""
    if isinstance(tracker, StoredTracker):
        events, sequence = tracker.fresh_events(), tracker.sequence
    else:  # made by Rasa's HTTP API out of all events of a conversation
        sequence = archive.last_sequence(session, tracker.sender_id)
        events = list(tracker.events)[sequence:]
    saved = Saved(events, [], sequence + len(events), forgotten=ordered(events) == "all")
    if message:
        _require_words(tracker, events)
    if saved.forgotten:
        return replace(saved, follows=_forget(session, tracker.sender_id, message, saved))
    saved = replace(saved, stored=_keep(session, tracker, events, sequence))
    if takeover.is_taken_over(tracker):
        takeover.wait(session, tracker.sender_id, datetime.now(timezone.utc))
    if message:
        settling.answer(session, message, saved)
    settling.tell(session, tracker.sender_id, message, saved)
    return saved


def _require_words(tracker: DialogueStateTracker, events: Sequence[Event]) -> None:
    """Raises TurnError where a turn says nothing, unless the assistant only listens: it may not pass for an answer."""
    listens = tracker.is_paused() or takeover.is_taken_over(tracker)
    if not listens and not any(isinstance(event, BotUttered) for event in events):
        raise TurnError("no action said anything")


def _forget(session: Session, conversation: str, message: Waiting | None, saved: Saved) -> str | None:
    if message:
        return settling.answer_and_forget(session, message, saved)
    archive.erase(session, conversation)
    return None


def _keep(session: Session, tracker: DialogueStateTracker, events: list[Event], sequence: int) -> list[Event]:
    """Store events with what they add up to, without what may not be kept; returns them as they were stored."""
    said, snapshot = events, take_snapshot(tracker)
    minor = asks_for_redaction(events)
    if minor or ordered(events) == "contact":
        events, snapshot = archive.take_out_contact(session, tracker.sender_id, events, snapshot)
    if minor:
        archive.redact_check(session, tracker.sender_id)
        events, snapshot = redact_events(events), redact_snapshot(snapshot)
    flagged = counted_turns.raises_flag(said)
    archive.append(session, tracker.sender_id, events, snapshot, sequence, flagged=flagged)
    counted_turns.note(session, counted_turns.rows_of(tracker.sender_id, said, sequence))
    return events
