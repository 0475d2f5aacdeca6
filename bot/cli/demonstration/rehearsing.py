"""Lets invented visitors talk with the real assistant, in memory: what it understands and says is its own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.cli.demonstration.talks import Step, Talk
from bot.cli.replies import fold
from bot.dialogue.assistant import Assistant, load
from bot.leads.desk import throwaway_desk
from bot.leads.records import Consent, Lead
from bot.settings import settings
from bot.transcripts.tail import ORDER, StoredTracker, read_event
from bot.transcripts.throwaway import ThrowawayTrackerStore

READS_SECONDS = (5.0, 45.0)


@dataclass(frozen=True)
class Rehearsed:
    """A conversation as it was led: its events, the lead as it was handed over after so many of them, every consent."""

    events: Sequence[Event]
    lead: Lead | None
    sent_after: int
    consents: Sequence[Consent]


class RecordingStore(ThrowawayTrackerStore):
    """A throw-away store that also keeps every event of its conversations, until they are taken."""

    def __init__(self, domain: Domain, history: int) -> None:
        super().__init__(domain, history)
        self.events: dict[str, list[Event]] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's last turns, which are known to be kept."""
        tracker = await super().retrieve(sender_id)
        if isinstance(tracker, StoredTracker):
            tracker.mark_stored(0)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is new; raises TurnAbandoned where the turn has failed."""
        fresh = tracker.fresh_events() if isinstance(tracker, StoredTracker) else list(tracker.events)
        await super().save(tracker)
        if tracker.get_slot(ORDER) == "all":
            self.events.pop(tracker.sender_id, None)
        else:
            self.events.setdefault(tracker.sender_id, []).extend(fresh)


class Rehearsals:
    """The real assistant, which keeps nothing of what it hears."""

    def __init__(self, assistant: Assistant) -> None:
        self._turns = assistant.turns
        self._store = RecordingStore(assistant.agent.domain, settings().history_events)
        assistant.agent.tracker_store = assistant.agent.processor.tracker_store = self._store

    @classmethod
    async def open(cls, model: Path) -> "Rehearsals":
        """Load a trained model; raises ModelMissing."""
        return cls(await load(model, throwaway=True))

    async def lead(self, conversation: str, channel: str, talk: Talk) -> Rehearsed | None:
        """What comes of a talk; None where nothing stays of it."""
        desk, lead, sent_after = throwaway_desk(), None, 0
        for step in talk:
            await self._take(conversation, channel, step)
            if lead is None:
                lead = await desk.find(conversation)
                sent_after = len(self._store.events[conversation]) if lead else 0
        events = self._store.events.pop(conversation, [])
        return Rehearsed(events, lead, sent_after, await desk.consents(conversation)) if events else None

    async def _take(self, conversation: str, channel: str, step: Step) -> None:
        left = dict(step.answers)
        reply = fold(step.says, await self._turns.answer(conversation, step.says, channel))
        while reply.get("field") in left and reply["field"] != step.until:
            text = left.pop(reply["field"])
            reply = fold(text, await self._turns.answer(conversation, text, channel))


def moved(events: Sequence[Event], began: datetime, chance: Random) -> list[Event]:
    """The events as if the conversation had begun at a time, with the pauses in which people read and type."""
    at, spoken = began, False
    copies = []
    start = events[0].timestamp
    for event in events:
        copy = read_event(event.as_dict())
        if isinstance(event, UserUttered):
            at = at + timedelta(seconds=chance.uniform(*READS_SECONDS)) if spoken else at
            start, spoken = event.timestamp, True
        copy.timestamp = at.timestamp() + event.timestamp - start if spoken else at.timestamp()
        copies.append(copy)
    return copies


def renamed(events: Sequence[Event], old: str, new: str) -> list[Event]:
    """The events with another reference wherever one was said."""
    texts = (json.dumps(event.as_dict()).replace(old, new) for event in events)
    return [read_event(json.loads(text)) for text in texts]
