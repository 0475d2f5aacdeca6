"""A visitor who wants all forgotten is unknown afterwards; what was left half-finished is taken out in time."""

from datetime import datetime, timezone
from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from sqlalchemy import select
from visitors import AGE, Visitor, checkpoint, files, left_in, open_store, rows, tokens

from bot.assessment.fields import FIELDS
from bot.errors import DatabaseUnavailable
from bot.transcripts import archive
from bot.transcripts.expiry import CHECK_PART
from bot.transcripts.redaction import CHECK, HANDOFF
from bot.transcripts.tables import conversations
from bot.transcripts.throwaway import ThrowawayTrackerStore
from bot.transcripts.tracker_store import BoundedTrackerStore
from tests.conftest import Configure

SECRETS = ("Finnegan", "thirty-four", "plaquenil", "sam@mail.example")
ALL = SlotSet("forget", "all")
SOON = 1_800_000_000.0


@pytest.fixture
def store(database: str) -> BoundedTrackerStore:
    return open_store()


async def meet(store: BoundedTrackerStore, address: str = "ann") -> Visitor:
    return Visitor(store, await store.conversation_of("rest", address))


async def test_nothing_is_left_of_a_visitor_who_wants_all_forgotten(store: BoundedTrackerStore) -> None:
    visitor, other = await meet(store), await meet(store, "ben")
    await visitor.begins_a_check()
    await other.says("hello")
    await visitor.says("delete everything about Finnegan", ALL, answer="All of it is deleted.")
    assert await visitor.events() == []
    assert await store.known_conversation("rest", "ann") is None
    assert left_in(rows(), [*SECRETS, "'ann'"]) == []
    assert await other.messages() == ["hello"]


async def test_who_comes_back_begins_anew(store: BoundedTrackerStore) -> None:
    visitor = await meet(store)
    await visitor.begins_a_check()
    await visitor.says("delete everything", ALL)
    back = await meet(store)
    assert back.name != visitor.name
    await back.says("hello")
    assert await back.messages() == ["hello"]
    await back.says("delete everything", ALL)
    assert await back.events() == []


async def test_a_first_message_may_ask_for_it(store: BoundedTrackerStore) -> None:
    visitor = await meet(store)
    await visitor.says("delete everything", ALL)
    assert rows() == "[[], [], []]"


async def test_a_turn_under_way_in_another_process_is_not_stored_afterwards(store: BoundedTrackerStore) -> None:
    visitor = await meet(store)
    await visitor.begins_a_check()
    late = await store.retrieve(visitor.name)
    await visitor.says("delete everything", ALL)
    late.update(UserUttered("Finnegan again"))
    with pytest.raises(DatabaseUnavailable):
        await store.save(late)
    assert rows() == "[[], [], []]"


async def test_staff_may_erase_a_conversation(store: BoundedTrackerStore) -> None:
    visitor = await meet(store)
    await visitor.begins_a_check()
    stored = len(await visitor.events())
    assert await store.database.run(lambda session: archive.erase(session, visitor.name)) == stored
    assert await store.database.run(lambda session: archive.erase(session, visitor.name)) == 0
    assert rows() == "[[], [], []]"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_database_file_holds_nothing_of_who_was_forgotten(store: BoundedTrackerStore) -> None:
    visitor = await meet(store)
    await visitor.begins_a_check()
    checkpoint()
    before = tokens()
    await visitor.says("delete everything", ALL)
    assert not tokens()
    assert not any(token in files() for token in before)
    assert visitor.name not in files()


async def test_a_throwaway_conversation_is_forgotten_too(configure: Configure) -> None:
    visitor = Visitor(open_store())
    visitor.store = ThrowawayTrackerStore(visitor.store.domain, 30)  # type: ignore[assignment]
    await visitor.says("hello")
    await visitor.says("delete everything", ALL)
    assert await visitor.store.retrieve("ann") is None


async def expiry_of(store: BoundedTrackerStore, name: str = "ann") -> datetime | None:
    query = select(conversations.c.expires_at).where(conversations.c.id == name)
    return await store.database.run(lambda session: session.execute(query).scalar_one())


async def expire(store: BoundedTrackerStore, name: str = "ann") -> None:
    await store.database.run(lambda session: archive.expire(session, name))


async def test_a_conversation_expires_with_what_is_first_to(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await visitor.says("hello")
    assert await expiry_of(store) is None
    await visitor.says("go on", SlotSet("check", {"open": "age", "expires_at": SOON + 60}))
    assert await expiry_of(store) == datetime.fromtimestamp(SOON + 60, timezone.utc)
    await visitor.says("go on", SlotSet("handoff", {"expires_at": SOON}))
    assert await expiry_of(store) == datetime.fromtimestamp(SOON, timezone.utc)
    await visitor.says("keep it", SlotSet("check", {"open": "age"}), SlotSet("handoff", {"reference": "S-4KX7QF"}))
    assert await expiry_of(store) is None


def state(tracker: Any) -> tuple[str | None, object, object, object]:
    return tracker.active_loop_name, *(tracker.get_slot(name) for name in ("requested_slot", "check", "age"))


@pytest.mark.parametrize("history", [1, 30, 1000])
async def test_a_check_that_was_left_is_taken_out(
    store: BoundedTrackerStore, configure: Configure, history: int
) -> None:
    configure(history_events=history)
    visitor = Visitor(store)
    await visitor.begins_a_check()
    await visitor.says("later", SlotSet("check", {"open": "duration", "expires_at": SOON}))
    used = await store.database.run(lambda session: session.execute(select(conversations.c.updated_at)).scalar_one())
    await expire(store)
    assert left_in(rows(), SECRETS) == []
    assert await expiry_of(store) is None
    tracker = await store.retrieve("ann")
    assert state(tracker) == (None, None, None, None)
    assert not tracker.get_slot("underage")
    assert tracker.get_slot("last_entry") == "cost.per_session"
    now = await store.database.run(lambda session: session.execute(select(conversations.c.updated_at)).scalar_one())
    assert now == used, "nobody used the conversation"
    await visitor.says("how long does it take")
    assert (await visitor.messages())[-1] == "how long does it take"


async def test_a_hand_off_that_was_left_goes_and_a_saved_check_stays(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await visitor.says(
        "does it suit me", ActiveLoop(CHECK), SlotSet("age", AGE), SlotSet("check", {"open": "timeline"})
    )
    half = {"email": "sam@mail.example", "expires_at": SOON}
    await visitor.says("sam@mail.example", ActiveLoop(HANDOFF), SlotSet("handoff", half), email="sam@mail.example")
    await expire(store)
    tracker = await store.retrieve("ann")
    assert left_in(rows(), SECRETS) == []
    assert state(tracker) == (None, None, {"open": "timeline"}, AGE)
    assert tracker.get_slot("handoff") is None
    assert await visitor.messages() == ["does it suit me", ""]


async def test_a_check_that_expires_leaves_what_was_sent_to_the_clinic(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    sent = {"reference": "S-4KX7QF", "email": "sam@mail.example"}
    await visitor.says("sam@mail.example", SlotSet("handoff", sent), email="sam@mail.example")
    await visitor.says("again please", ActiveLoop(CHECK), SlotSet("check", {"open": "age", "expires_at": SOON}))
    await expire(store)
    tracker = await store.retrieve("ann")
    assert (tracker.active_loop_name, tracker.get_slot("handoff")) == (None, sent)
    assert await visitor.messages() == ["sam@mail.example", ""]


async def test_a_turn_that_was_under_way_does_not_bring_back_what_expired(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await visitor.begins_a_check()
    await visitor.says("later", SlotSet("check", {"open": "duration", "expires_at": SOON}))
    late = await store.retrieve("ann")
    await expire(store)
    late.update(UserUttered("i am back"))
    with pytest.raises(DatabaseUnavailable, match="another process"):
        await store.save(late)


def test_the_fields_that_expire_are_those_of_the_check() -> None:
    assert set(FIELDS) == CHECK_PART.others
