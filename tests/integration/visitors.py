"""Visitors who talk, with the events that an assistant would add, and a look at all that is stored of them."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, EntitiesAdded, Event, SlotSet, UserUttered
from sqlalchemy import select, text

from bot.settings import PROJECT, settings
from bot.storage.database import open_database
from bot.transcripts.redaction import CHECK
from bot.transcripts.tables import addresses, conversations, tracker_events
from bot.transcripts.tracker_store import BoundedTrackerStore

LONG = "my hair began to thin behind the left ear at camp " * 60
AGE = [{"value": 34, "state": "current"}]


def open_store() -> BoundedTrackerStore:
    return BoundedTrackerStore(Domain.load(str(PROJECT / "domain.yml")))


class Visitor:
    """Somebody who talks."""

    def __init__(self, store: BoundedTrackerStore, name: str = "ann") -> None:
        self.store, self.name = store, name

    async def says(
        self, words: str, *events: Event, answer: str = "Go on.", kind: str = "question", **answers: str
    ) -> None:
        tracker = await self.store.get_or_create_tracker(self.name)
        entities = [{"entity": "word", "value": words.split()[-1], "start": 0, "end": 1}]
        intent = {"name": "interview", "confidence": 0.9}
        read = {"present": words.split(), "email": None, "phone": None, **answers}
        parsed = {"text": words, "intent": intent, "entities": entities, "answers": read}
        tracker.update(UserUttered(words, intent, entities, parsed, input_channel="rest", metadata={"typed": words}))
        tracker.update(EntitiesAdded(entities))
        tracker.update(ActionExecuted(CHECK))
        tracker.update(BotUttered(answer, {"custom": {"kind": kind}}, {"said": words}))
        tracker.update_with_events(list(events), self.store.domain)
        tracker.update(ActionExecuted("action_listen"))
        await self.store.save(tracker)

    async def begins_a_check(self) -> None:
        await self.says("do you take euros", SlotSet("last_entry", "cost.per_session"), answer="Ask the clinic.")
        await self.says("i am Finnegan, does it suit me", ActiveLoop(CHECK), SlotSet("requested_slot", "age"))
        await self.says("thirty-four", SlotSet("age", AGE), SlotSet("requested_slot", "conditions"))
        await self.says("lupus, on plaquenil", SlotSet("conditions", [{"value": "told", "findings": ["lupus"]}]))
        await self.says(LONG, SlotSet("check", {"open": "duration", "told": LONG}))

    async def events(self) -> Sequence[Event]:
        whole = await self.store.retrieve_full_tracker(self.name)
        return list(whole.events) if whole else []

    async def messages(self) -> list[str]:
        return [event.text for event in await self.events() if isinstance(event, UserUttered)]

    async def slots(self) -> dict[str, Any]:
        tracker = await self.store.retrieve(self.name)
        return {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}


def rows() -> str:
    """Everything that the tables hold, unsealed."""
    with open_database(settings().database, settings().database_seconds).engine.connect() as connection:
        tables = (conversations, tracker_events, addresses)
        # As tuples: a row's own representation leaves out the middle of a long text.
        told = [list(map(tuple, connection.execute(select(each).order_by(*each.primary_key)))) for each in tables]
        return repr(told)


def checkpoint() -> None:
    connection = sqlite3.connect(settings().state_dir / "strand.db")
    assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    connection.close()


def left_in(told: str, secrets: Sequence[str]) -> list[str]:
    return [secret for secret in secrets if secret.casefold() in told.casefold()]


def tokens() -> set[str]:
    """A part of each sealed text, as it stands in the database's files."""
    queries = ("SELECT snapshot FROM conversations", "SELECT data FROM tracker_events", "SELECT address FROM addresses")
    with open_database(settings().database, settings().database_seconds).engine.connect() as connection:
        return {token[20:100] for query in queries for token in connection.execute(text(query)).scalars()}


def files() -> str:
    """The bytes of the database's files, its log included."""
    found = sorted(Path(settings().state_dir).glob("strand.db*"))
    return b"".join(file.read_bytes() for file in found).decode("latin-1")
