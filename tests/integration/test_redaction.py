"""A visitor turns out to be under 18: nothing that was said in the check stays, and the conversation goes on."""

import json
import sqlite3
from typing import Any

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.events import ActiveLoop, Event, SlotSet, UserUttered
from visitors import AGE, Visitor, checkpoint, files, left_in, open_store, rows, tokens

from actions.context import drop_interview
from bot.errors import DatabaseUnavailable
from bot.settings import settings
from bot.storage.database import open_database
from bot.transcripts.redaction import CHECK, FLAG, HANDOFF
from bot.transcripts.tail import read_event
from bot.transcripts.tracker_store import BoundedTrackerStore
from tests.conftest import Configure

LONGEST = 6  # shorter ones may stand in a sealed text by chance
SECRETS = ("Finnegan", "thirty-four", "lupus", "plaquenil", "camp", "sixteen", "Hartley", "clinician_review")


@pytest.fixture
def store(database: str) -> BoundedTrackerStore:
    return open_store()


class Child(Visitor):
    """A visitor who turns out to be under 18."""

    async def is_found_to_be_a_child(self, *events: Event) -> None:
        await self.says(
            "oops, sixteen, Hartley high", *events, SlotSet(FLAG, True), ActiveLoop(None), answer="16? Later."
        )

    async def turns_out_to_be_a_child(self) -> None:
        await self.is_found_to_be_a_child(*(read_event(each) for each in drop_interview()))


async def test_nothing_that_was_said_in_the_check_stays(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.begins_a_check()
    assert set(left_in(rows(), SECRETS)) > {"Finnegan", "lupus", "camp"}
    await visitor.turns_out_to_be_a_child()
    assert left_in(rows(), SECRETS) == []
    for event in (await visitor.events())[-30:]:
        data = event.as_dict()
        assert not data.get("entities")
        assert not data.get("parse_data", {}).get("entities")
        assert data["event"] not in ("user", "bot") or (data["text"], data["metadata"]) == ("", {})
        if data["event"] == "slot" and data["name"] not in (FLAG, "requested_slot"):
            assert data["value"] is None


async def test_what_was_said_before_the_check_stays_and_every_event_keeps_its_place(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.begins_a_check()
    before = await visitor.events()
    await visitor.turns_out_to_be_a_child()
    after = await visitor.events()
    assert await visitor.messages() == ["do you take euros", "", "", "", "", ""]
    assert after[:7] == before[:7]
    assert [(each.type_name, each.timestamp) for each in after][: len(before)] == [
        (each.type_name, each.timestamp) for each in before
    ]


async def test_of_the_slots_only_the_flags_stay(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.begins_a_check()
    await visitor.says("i feel awful", SlotSet("red_flags", ["RF-43"]))
    await visitor.turns_out_to_be_a_child()
    tracker = await store.retrieve("ann")
    kept = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
    assert kept.pop("last_entry", None) in (None, "cost.per_session")
    assert kept == {FLAG: True, "red_flags": ["RF-43"]}
    assert tracker.active_loop_name is None


async def test_slots_that_no_action_cleared_go_too(configure: Configure, store: BoundedTrackerStore) -> None:
    configure(history_events=5)
    visitor = Child(store)
    await visitor.begins_a_check()
    await visitor.says("right", SlotSet("outcome", {"id": "clinician_review"}), ActiveLoop(None))
    await visitor.is_found_to_be_a_child()
    tracker = await store.retrieve("ann")
    assert left_in(rows(), SECRETS) == []
    assert [tracker.get_slot(name) for name in ("age", "conditions", "outcome", FLAG)] == [None, None, None, True]


@pytest.mark.parametrize("history", [1, 5, 12, 30, 1000])
async def test_the_conversation_goes_on_afterwards(
    configure: Configure, store: BoundedTrackerStore, history: int
) -> None:
    configure(history_events=history)
    visitor = Child(store)
    await visitor.begins_a_check()
    await visitor.turns_out_to_be_a_child()
    asked = [f"how long does session {number} take" for number in range(12)]
    for question in asked:
        tracker = await store.retrieve("ann")
        assert (tracker.get_slot(FLAG), tracker.get_slot("age"), tracker.active_loop_name) == (True, None, None)
        await visitor.says(question)
    assert (await visitor.messages())[-12:] == asked


async def test_a_child_that_asks_for_the_check_again_is_forgotten_again(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.begins_a_check()
    await visitor.turns_out_to_be_a_child()
    await visitor.says("how is your day")
    await visitor.is_found_to_be_a_child(ActiveLoop(CHECK))
    assert left_in(rows(), SECRETS) == []
    assert await visitor.messages() == ["do you take euros", *[""] * 7]


async def test_a_child_that_says_so_outside_a_check_loses_that_message_only(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.says("do you take euros")
    await visitor.is_found_to_be_a_child()
    assert await visitor.messages() == ["do you take euros", ""]
    assert left_in(rows(), SECRETS) == []


async def test_a_check_in_a_childs_first_message_leaves_nothing(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.is_found_to_be_a_child(ActiveLoop(CHECK), SlotSet("age", AGE))
    assert await visitor.messages() == [""]
    assert left_in(rows(), SECRETS) == []


async def test_of_a_hand_off_that_a_child_began_nothing_stays_either(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.says("do you take euros")
    await visitor.says("let Finnegan talk to a person", ActiveLoop(HANDOFF), SlotSet("handoff", {"age": "sixteen"}))
    await visitor.is_found_to_be_a_child()
    assert await visitor.messages() == ["do you take euros", "", ""]
    assert left_in(rows(), SECRETS) == []


async def test_another_visitors_check_is_left_alone(store: BoundedTrackerStore) -> None:
    child, grown = Child(store), Child(store, "ben")
    await child.begins_a_check()
    await grown.begins_a_check()
    before = await grown.events()
    await child.turns_out_to_be_a_child()
    assert await grown.events() == before
    assert (await store.retrieve("ben")).get_slot("age") == AGE


async def test_a_turn_that_cannot_be_stored_takes_nothing_out(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.begins_a_check()
    late = await store.retrieve("ann")
    await visitor.says("another window")
    late.update_with_events([UserUttered("sixteen"), SlotSet(FLAG, True)], store.domain)
    with pytest.raises(DatabaseUnavailable, match="another process"):
        await store.save(late)
    assert "lupus, on plaquenil" in await visitor.messages()


class Broker(EventBroker):
    """Keeps what was published."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        self.published.append(event)


async def test_a_broker_hears_nothing_of_what_the_child_said(store: BoundedTrackerStore) -> None:
    broker = store.event_broker = Broker()
    await Child(store).is_found_to_be_a_child()
    assert {FLAG} < {each.get("name") for each in broker.published}
    assert left_in(json.dumps(broker.published), SECRETS) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("written", ["in the log", "in the file"])
async def test_the_database_file_holds_none_of_the_words(store: BoundedTrackerStore, written: str) -> None:
    visitor = Child(store)
    await visitor.begins_a_check()
    if written == "in the file":
        checkpoint()
    assert left_in(files(), [secret for secret in SECRETS if len(secret) > LONGEST]) == []
    before = tokens()
    assert all(token in files() for token in before)
    await visitor.turns_out_to_be_a_child()
    overwritten = before - tokens()
    assert len(overwritten) > 10
    assert not any(token in files() for token in overwritten)
    checkpoint()
    assert not any(token in files() for token in overwritten)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_open_reader_delays_the_emptying_of_the_log_but_not_the_visitor(store: BoundedTrackerStore) -> None:
    visitor = Child(store)
    await visitor.begins_a_check()
    before = tokens()
    reader = sqlite3.connect(settings().state_dir / "strand.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM conversations").fetchall()
    await visitor.turns_out_to_be_a_child()
    reader.close()
    assert left_in(rows(), SECRETS) == []
    checkpoint()
    assert not any(token in files() for token in before - tokens())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_sqlite_is_told_to_overwrite_what_it_deletes(store: BoundedTrackerStore) -> None:
    with open_database(settings().database, 1).engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
