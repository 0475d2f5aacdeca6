"""Stores rehearsed conversations and their leads through the stores of the house, as if they had been led back then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from random import Random
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.cli.demonstration.rehearsing import Rehearsed, moved, renamed
from bot.cli.demonstration.visits import Visit
from bot.leads.changes import withdraw_consents
from bot.leads.records import Consent, Lead, NewLead
from bot.leads.submission import VISITOR, submit_lead
from bot.settings import PROJECT, Settings
from bot.transcripts import demonstration
from bot.transcripts.counted_turns import raises_flag
from bot.transcripts.inbox import WEB
from bot.transcripts.redaction import asks_for_redaction
from bot.transcripts.tracker_store import BoundedTrackerStore


def to_nobody(settings: Settings) -> Settings:
    """The settings without any place that leads are sent to."""
    return replace(settings, leads_file="off", webhooks="", slack_url="", email_to="")


class Keeper:
    """Stores conversations in the database of the settings; nothing of them is sent anywhere."""

    def __init__(self, settings: Settings) -> None:
        self._store = BoundedTrackerStore(Domain.load(str(PROJECT / "domain.yml")))
        self._settings = to_nobody(settings)

    async def keep(self, visit: Visit, rehearsed: Rehearsed, chance: Random) -> str | None:
        """Store what came of a visit, with its lead; returns the lead's reference."""
        conversation, channel, began = visit.conversation, visit.channel, visit.began
        events, reference = moved(rehearsed.events, began, chance), None
        if rehearsed.lead:
            lead, consents = rehearsed.lead, _moved_consents(rehearsed.consents, events)
            at = _time(events[rehearsed.sent_after - 1])
            reference = await self._store.database.run(
                lambda session: self._hand_over(session, conversation, lead, consents, at)
            )
            events = renamed(events, lead.reference, reference)
        await self._save(conversation, events)
        times = {"began_at": began, "updated_at": _time(events[-1]), "flagged_at": _flagged_at(events)}
        await self._store.database.run(lambda session: self._put_at(session, conversation, channel, times))
        return reference

    @staticmethod
    def _put_at(session: Any, conversation: str, channel: str, times: Mapping[str, datetime | None]) -> None:
        demonstration.put_at(session, conversation, **times)
        if channel == WEB:
            demonstration.give_address(session, conversation, datetime.now(timezone.utc))

    def _hand_over(self, session: Any, conversation: str, lead: Lead, consents: Sequence[Consent], at: datetime) -> str:
        given = tuple(row for row in consents if row.at <= at)
        texts = (conversation, lead.form_version, lead.channel, lead.language, lead.queue)
        new = NewLead(*texts, lead.assessed, lead.contact, given)
        reference = submit_lead(session, new, self._settings, at).reference
        taken_back = tuple(row for row in consents if row.at > at)
        if taken_back:
            withdraw_consents(session, conversation, taken_back, self._settings, taken_back[-1].at, VISITOR)
        return reference

    async def _save(self, conversation: str, events: Sequence[Event]) -> None:
        """Store events as turns do; where the last one takes out what came before it, in two commits."""
        tracker = DialogueStateTracker(conversation, self._store.domain.slots)
        pieces = _pieces(events) if asks_for_redaction(events) else [events]
        for piece in pieces:
            for event in piece:
                tracker.update(event)
            await self._store.save(tracker)


def _pieces(events: Sequence[Event]) -> list[Sequence[Event]]:
    last = max(place for place, event in enumerate(events) if isinstance(event, UserUttered))
    return [events[:last], events[last:]]


def _time(event: Event) -> datetime:
    return datetime.fromtimestamp(event.timestamp, timezone.utc)


def _moved_consents(rows: Sequence[Consent], events: Sequence[Event]) -> list[Consent]:
    """Consents at the times that their messages have now."""
    times = {event.message_id: _time(event) for event in events if isinstance(event, UserUttered)}
    return [replace(row, at=times[row.message_id]) for row in rows]


def _flagged_at(events: Sequence[Event]) -> datetime | None:
    """When a red flag was raised last."""
    return max((_time(turn[0]) for turn in _turns(events) if raises_flag(turn)), default=None)


def _turns(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    starts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    for begin, end in zip(starts, [*starts[1:], len(events)], strict=True):
        yield events[begin:end]
