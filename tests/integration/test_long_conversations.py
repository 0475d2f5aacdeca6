"""A conversation's five hundredth turn: what was said first still counts, and it costs no more than the fifth."""

from collections.abc import Iterator
from typing import Any

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from replies import texts
from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot.dialogue.assistant import Assistant, load
from bot.errors import DatabaseUnavailable, TurnAbandoned, TurnTimedOut
from bot.settings import settings
from bot.storage.database import open_database
from bot.transcripts.tracker_store import BoundedTrackerStore
from bot.transcripts.turn import Turn, current_turn
from tests.conftest import Configure

HISTORY = 30
STAND_INS = 8


@pytest.fixture
def short(configure: Configure) -> None:
    configure(history_events=HISTORY)


class Traffic:
    """What passes between the program and its database."""

    def __init__(self) -> None:
        self.statements = 0
        self.commits = 0

    def note_statement(self, *_arguments: Any) -> None:
        self.statements += 1

    def note_commit(self, _connection: Connection) -> None:
        self.commits += 1


@pytest.fixture
def traffic(assistant: Assistant) -> Iterator[Traffic]:
    engine = open_database(settings().database, settings().database_seconds).engine
    noted = Traffic()
    event.listen(engine, "before_cursor_execute", noted.note_statement)
    event.listen(engine, "commit", noted.note_commit)
    yield noted
    event.remove(engine, "before_cursor_execute", noted.note_statement)
    event.remove(engine, "commit", noted.note_commit)


async def talk(assistant: Assistant, turns: int) -> None:
    for _ in range(turns):
        await assistant.turns.answer("ann", "hello")


async def test_slots_outlive_the_events_that_set_them(short: None, assistant: Assistant) -> None:
    await talk(assistant, 20)
    await assistant.turns.answer("ann", "please forget")
    for _ in range(20):
        await assistant.turns.answer("ann", "please shout")
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 1"]
    for _ in range(20):
        await assistant.turns.answer("ann", "please shout")
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 2"]


async def test_an_open_form_outlives_the_event_that_opened_it(short: None, assistant: Assistant) -> None:
    await assistant.turns.answer("ann", "please book")
    assert texts(await assistant.turns.answer("ann", "Ann")) == ["Which day?"]
    for _ in range(20):
        assert texts(await assistant.turns.answer("ann", "please shout")) == ["HELLO", "Which day?"]
    assert texts(await assistant.turns.answer("ann", "Friday")) == ["Booked for Ann on Friday"]


async def test_a_pause_outlives_the_event_that_began_it(short: None, assistant: Assistant) -> None:
    await assistant.turns.answer("ann", "please pause")
    for _ in range(40):
        assert await assistant.turns.answer("ann", "hello") == []


async def test_a_turn_reads_and_writes_as_much_at_the_end_as_at_the_start(
    short: None, assistant: Assistant, traffic: Traffic
) -> None:
    await talk(assistant, 10)
    at_start = await cost(assistant, traffic)
    await talk(assistant, 60)
    assert await cost(assistant, traffic) == at_start


async def cost(assistant: Assistant, traffic: Traffic) -> tuple[int, int, bool]:
    """Statements and commits of one turn, and whether the tracker it works on is within bounds."""
    traffic.statements = traffic.commits = 0
    await talk(assistant, 1)
    statements, commits = traffic.statements, traffic.commits
    tracker = await assistant.agent.tracker_store.retrieve("ann")
    return statements, commits, HISTORY / 2 < len(tracker.events) <= HISTORY + STAND_INS


async def test_a_turn_is_stored_in_one_commit(assistant: Assistant, traffic: Traffic) -> None:
    await talk(assistant, 1)
    traffic.commits = 0
    await talk(assistant, 1)
    assert traffic.commits == 2, "one of them ends the reading"


async def test_the_whole_conversation_stays_readable(short: None, assistant: Assistant) -> None:
    for number in range(30):
        await assistant.turns.answer("ann", f"hello {number}")
    store = assistant.agent.tracker_store
    whole = await store.retrieve_full_tracker("ann")
    said = [each.text for each in whole.events if each.type_name == "user"]
    assert said == [f"hello {number}" for number in range(30)]
    assert whole.get_slot("count") == 30
    assert list(await store.keys()) == ["ann"]


async def test_another_process_that_wrote_meanwhile_is_noticed(database: str, assistant: Assistant) -> None:
    await talk(assistant, 1)
    store = assistant.agent.tracker_store
    mine, theirs = await store.retrieve("ann"), await store.retrieve("ann")
    for tracker in (theirs, mine):
        tracker.update_with_events(list((await store.retrieve("ann")).events)[-2:], None)
    await store.save(theirs)
    with pytest.raises(DatabaseUnavailable, match="another process"):
        await store.save(mine)
    whole = await store.retrieve_full_tracker("ann")
    assert list(whole.events) == list(theirs.events)


async def test_a_turn_that_failed_cannot_be_saved(assistant: Assistant) -> None:
    store = assistant.agent.tracker_store
    tracker = await store.get_or_create_tracker("ann")
    turn = Turn()
    turn.fail(TurnTimedOut("too late"))
    mark = current_turn.set(turn)
    with pytest.raises(TurnAbandoned, match="too late"):
        await store.save(tracker)
    current_turn.reset(mark)
    assert not await store.exists("ann")


async def test_a_new_conversation_is_not_stored_before_its_first_turn(assistant: Assistant) -> None:
    store = assistant.agent.tracker_store
    tracker = await store.get_or_create_tracker("ann")
    assert len(tracker.events) == 1
    assert await store.retrieve("ann") is None


async def test_a_tracker_from_rasas_http_api_adds_what_is_new(assistant: Assistant) -> None:
    await talk(assistant, 1)
    store = assistant.agent.tracker_store
    events = list((await store.retrieve_full_tracker("ann")).events)
    foreign = DialogueStateTracker.from_events("ann", [*events, *events[-2:]], assistant.agent.domain.slots)
    await store.save(foreign)
    assert len((await store.retrieve_full_tracker("ann")).events) == len(events) + 2


class Broker(EventBroker):
    """Keeps what was published; may be out of order."""

    def __init__(self, works: bool = True) -> None:
        self.published: list[dict[str, Any]] = []
        self.works = works

    def publish(self, event: dict[str, Any]) -> None:
        if not self.works:
            raise ConnectionError("on purpose")
        self.published.append(event)


async def test_a_broker_gets_each_event_once(short: None, assistant: Assistant) -> None:
    broker = assistant.agent.tracker_store.event_broker = Broker()
    await talk(assistant, 25)
    whole = await assistant.agent.tracker_store.retrieve_full_tracker("ann")
    assert [each["event"] for each in broker.published] == [each.type_name for each in whole.events]
    assistant.agent.tracker_store.event_broker = None


async def test_a_broken_broker_does_not_undo_a_turn(assistant: Assistant) -> None:
    assistant.agent.tracker_store.event_broker = Broker(works=False)
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 1"]
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 2"]
    assistant.agent.tracker_store.event_broker = None


async def test_throwaway_conversations_are_bounded_too_and_touch_no_database(
    short: None, small_model: Any, configure: Configure, world: Any
) -> None:
    assistant = await load(small_model, throwaway=True)
    for _ in range(40):
        messages = await assistant.turns.answer("ann", "hello")
    assert texts(messages) == ["message 40"]
    assert len((await assistant.agent.tracker_store.retrieve("ann")).events) <= HISTORY + STAND_INS
    for number in range(300):
        await assistant.turns.answer(f"visitor {number}", "hello")
    assert len(list(await assistant.agent.tracker_store.keys())) == 200
    assert not (settings().state_dir / "strand.db").exists()


async def test_making_the_store_connects_to_nothing(configure: Configure) -> None:
    configure(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    store = BoundedTrackerStore(Domain.empty(), None, host="ignored", login_db="ignored")
    with pytest.raises(DatabaseUnavailable):
        await store.retrieve("ann")
