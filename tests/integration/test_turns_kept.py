"""What each turn was is stored in the turn's own commit, and goes with its conversation."""

from datetime import datetime, timezone
from typing import Any

import pytest
from rasa.shared.core.events import SlotSet
from sqlalchemy import insert, select
from visitors import Visitor, open_store

from bot.dialogue.assistant import Assistant
from bot.settings import settings
from bot.storage.database import open_database
from bot.transcripts import archive
from bot.transcripts.tables import conversations, reviews, takeovers, turns
from bot.transcripts.tracker_store import BoundedTrackerStore

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


@pytest.fixture
def store(database: str) -> BoundedTrackerStore:
    return open_store()


async def found(*columns: Any) -> list[tuple[Any, ...]]:
    database = open_database(settings().database, settings().database_seconds)
    rows = await database.run(lambda session: session.execute(select(*columns)).all(), read_only=True)
    return [tuple(row) for row in rows]


async def test_every_turn_leaves_its_row_and_one_that_failed_leaves_none(assistant: Assistant) -> None:
    await assistant.turns.answer("ann", "hello", channel="web")
    await assistant.turns.answer("ann", "please break", channel="web")
    await assistant.turns.answer("ann", "hello", channel="web")
    rows = await found(turns.c.conversation_id, turns.c.place, turns.c.channel, turns.c.kind)
    assert rows == [("ann", 0, "web", "answer")] * 2
    said = await assistant.agent.tracker_store.retrieve_full_tracker("ann")
    heard = {number for number, event in enumerate(said.events, start=1) if event.type_name == "user"}
    assert {row[0] for row in await found(turns.c.sequence)} == heard


async def test_a_conversation_knows_when_and_where_it_began(assistant: Assistant) -> None:
    await assistant.turns.answer("ann", "hello", channel="telegram")
    ((began, channel, flagged),) = await found(*(conversations.c[n] for n in ("began_at", "channel", "flagged_at")))
    await assistant.turns.answer("ann", "hello", channel="web")
    assert began is not None
    assert (channel, flagged) == ("telegram", None)
    assert await found(conversations.c.began_at, conversations.c.channel) == [(began, "telegram")]


async def test_a_red_flag_marks_its_conversation(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await visitor.says("hello")
    assert await found(conversations.c.flagged_at) == [(None,)]
    await visitor.says("my chest hurts", SlotSet("red_flags", ["RF-01"]), kind="urgent")
    ((flagged,),) = await found(conversations.c.flagged_at)
    assert flagged is not None
    await visitor.says("thanks")
    assert await found(conversations.c.flagged_at) == [(flagged,)]


async def test_of_a_minor_the_outcome_is_counted_and_nothing_that_was_said(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await visitor.begins_a_check()
    await visitor.says("i am sixteen", SlotSet("underage", True), kind="assessment")
    rows = await found(turns)
    assert [row[5] for row in rows][-1] == "assessment"
    assert not [word for word in ("sixteen", "Finnegan", "lupus", "thirty-four") if word in repr(rows)]


async def test_nothing_is_left_of_a_conversation_that_is_deleted(store: BoundedTrackerStore) -> None:
    visitor, other = Visitor(store), Visitor(store, "ben")
    await visitor.says("hello")
    await other.says("hello")
    await store.database.run(lambda session: _noted(session, "ann"))
    await visitor.says("delete everything", SlotSet("forget", "all"))
    assert await found(turns.c.conversation_id) == [("ben",)]
    assert (await found(takeovers.c.staff), await found(reviews.c.staff)) == ([], [])
    await store.database.run(lambda session: archive.erase(session, "ben"))
    assert await found(turns.c.conversation_id) == []


def _noted(session: Any, name: str) -> None:
    session.execute(insert(takeovers).values(conversation_id=name, staff="dana", joined_at=NOON))
    noted = {"conversation_id": name, "sequence": 2, "verdict": "wrong", "state": "open", "staff": "dana", "at": NOON}
    session.execute(insert(reviews).values(noted))
