"""An action raises, hangs or is missing, in this process or in a server: the visitor hears it, nothing is kept."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from replies import eventually, longest_freeze, may_be_sent_again, payload, texts

from bot.dialogue.assistant import Assistant, load
from bot.dialogue.executor import InProcessEndpoint
from bot.errors import ActionFailed
from tests.conftest import Configure
from tests.fakes.action_server import ActionServer, Mood
from tests.fakes.world import World


@pytest.fixture
async def server() -> AsyncIterator[ActionServer]:
    made = ActionServer()
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
async def served(
    server: ActionServer, small_model: Path, configure: Configure, world: World, tmp_path: Path
) -> AsyncIterator[Assistant]:
    """The small assistant with its actions in a server."""
    configure(turn_seconds=0.7)
    loaded = await load(small_model, endpoints=endpoints(tmp_path, server.url))
    yield loaded
    await loaded.close(1)


def endpoints(folder: Path, url: str) -> Path:
    path = folder / "endpoints.yml"
    path.write_text(f"action_endpoint:\n  url: {url}\n", encoding="utf-8")
    return path


async def test_an_action_that_raises_is_told_and_its_turn_is_not_kept(assistant: Assistant) -> None:
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 1"]
    before = await assistant.agent.tracker_store.retrieve_full_tracker("ann")
    assert may_be_sent_again(await assistant.turns.answer("ann", "please break"))
    after = await assistant.agent.tracker_store.retrieve_full_tracker("ann")
    assert list(after.events) == list(before.events)
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 2"]


async def test_a_first_turn_that_fails_leaves_no_conversation_behind(assistant: Assistant) -> None:
    assert may_be_sent_again(await assistant.turns.answer("ann", "please break"))
    assert not await assistant.agent.tracker_store.exists("ann")
    assert list(await assistant.agent.tracker_store.keys()) == []


async def test_an_action_that_hangs_is_given_up_in_time_and_blocks_nobody_else(
    assistant: Assistant, configure: Configure, world: World
) -> None:
    configure(turn_seconds=0.6)
    await assistant.turns.answer("ann", "hello")
    began = time.monotonic()
    stuck = asyncio.ensure_future(assistant.turns.answer("ann", "please hang"))
    await eventually(lambda: world.has("began"))
    assert texts(await assistant.turns.answer("bob", "hello")) == ["message 1"]
    assert not stuck.done()
    assert await longest_freeze(stuck) < 0.3
    assert may_be_sent_again(await stuck)
    assert time.monotonic() - began < 1.2
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 2"]


async def test_what_a_hanging_action_says_in_the_end_is_not_kept(
    assistant: Assistant, configure: Configure, world: World
) -> None:
    configure(turn_seconds=0.4)
    assert may_be_sent_again(await assistant.turns.answer("ann", "please hang"))
    world.open_gate()
    await eventually(lambda: world.has("ended"))
    await asyncio.sleep(0.1)
    assert not await assistant.agent.tracker_store.exists("ann")


async def test_a_form_whose_validation_fails_is_never_submitted(assistant: Assistant, world: World) -> None:
    await assistant.turns.answer("ann", "please book")
    world.note("validation breaks")
    assert may_be_sent_again(await assistant.turns.answer("ann", "Ann"))
    assert world.notes("bookings") == []
    (world.folder / "validation breaks").unlink()
    assert texts(await assistant.turns.answer("ann", "Ann")) == ["Which day?"]
    assert texts(await assistant.turns.answer("ann", "Friday")) == ["Booked for Ann on Friday"]
    assert world.notes("bookings") == ["Ann on Friday"]


async def test_an_action_that_declines_in_process_is_no_failure_of_the_turn(assistant: Assistant) -> None:
    messages = await assistant.turns.answer("ann", "please decline")
    tracker = await assistant.agent.tracker_store.retrieve("ann")
    assert may_be_sent_again(messages), "nothing else was predicted, and silence is no answer"
    assert any(event.type_name == "action_execution_rejected" for event in tracker.events)


async def test_actions_that_cannot_be_imported_are_said_at_the_start() -> None:
    with pytest.raises(ActionFailed, match="no_such_package"):
        InProcessEndpoint("no_such_package").prepare()


async def test_a_plain_response_is_a_turn_with_a_payload_too(assistant: Assistant) -> None:
    messages = await assistant.turns.answer("ann", "please shout")
    assert texts(messages) == ["HELLO"]
    assert payload(messages) == {"kind": "smalltalk"}


async def test_a_paused_conversation_is_listened_to_in_silence(assistant: Assistant) -> None:
    assert texts(await assistant.turns.answer("ann", "please pause")) == ["paused"]
    assert await assistant.turns.answer("ann", "hello") == []
    tracker = await assistant.agent.tracker_store.retrieve("ann")
    assert tracker.latest_message.text == "hello"


async def test_a_language_component_that_raises_is_told_and_its_turn_is_not_kept(assistant: Assistant) -> None:
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 1"]
    assert may_be_sent_again(await assistant.turns.answer("ann", "this is unreadable"))
    assert texts(await assistant.turns.answer("ann", "hello")) == ["message 2"]


@pytest.mark.parametrize("mood", ["broken", "hanging", "nonsense"])
async def test_an_action_server_that_fails_is_told_and_the_turn_is_not_kept(
    served: Assistant, server: ActionServer, mood: Mood
) -> None:
    assert texts(await served.turns.answer("ann", "hello")) == ["served 1"]
    server.mood = mood
    began = time.monotonic()
    assert may_be_sent_again(await served.turns.answer("ann", "hello"))
    assert time.monotonic() - began < 1.5
    server.mood = "well"
    assert texts(await served.turns.answer("ann", "hello")) == ["served 2"]


async def test_an_action_server_that_is_down_books_nothing_for_nobody(
    small_model: Path, configure: Configure, world: World, tmp_path: Path
) -> None:
    configure(turn_seconds=2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}/webhook"
    loaded = await load(small_model, endpoints=endpoints(tmp_path, nobody))
    assert may_be_sent_again(await loaded.turns.answer("ann", "hello"))
    assert may_be_sent_again(await loaded.turns.answer("ann", "please book"))
    assert not await loaded.agent.tracker_store.exists("ann")
    await loaded.close(1)


async def test_an_action_server_in_the_middle_of_a_form_submits_nothing_when_it_breaks(
    served: Assistant, server: ActionServer
) -> None:
    assert texts(await served.turns.answer("ann", "please book")) == ["For whom?"]
    server.mood = "broken"
    calls = len(server.calls)
    assert may_be_sent_again(await served.turns.answer("ann", "Ann"))
    assert server.calls[calls:] == ["validate_booking"], "no further action was called after the first one failed"
    server.mood = "well"
    assert texts(await served.turns.answer("ann", "Ann")) == ["Which day?"]
