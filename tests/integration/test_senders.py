"""Whoever writes from an address has one conversation with an id of ours; the address is sealed, and answered."""

import asyncio
from datetime import datetime, timezone

import pytest
from rasa.shared.core.events import SlotSet
from replies import may_be_sent_again, payload, texts
from sqlalchemy import text
from visitors import files, rows

from bot.dialogue.assistant import Assistant, load
from bot.errors import SettingError
from bot.storage.database import Database
from bot.storage.keys import new_key
from bot.transcripts import addresses
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.fakes.world import World

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
PHONE = "+15550123456"


async def ids(assistant: Assistant) -> list[str]:
    return list(await assistant.agent.tracker_store.keys())


async def test_a_conversations_id_is_ours_and_the_replies_go_to_the_sender(assistant: Assistant) -> None:
    assert await assistant.turns.answer_from("rest", PHONE, "hello") == [
        {"recipient_id": PHONE, "text": "message 1"},
        {"recipient_id": PHONE, "custom": {"kind": "answer", "said": "message 1"}},
    ]
    assert texts(await assistant.turns.answer_from("rest", PHONE, "hello")) == ["message 2"]
    (conversation,) = await ids(assistant)
    assert PHONE not in conversation
    assert len(conversation) >= 22
    tracker = await assistant.agent.tracker_store.retrieve(conversation)
    assert PHONE not in repr([event.as_dict() for event in tracker.events])


async def test_the_same_address_of_another_channel_is_somebody_else(assistant: Assistant) -> None:
    for channel, sender in (("rest", "ann"), ("telegram", "ann"), ("rest", "Ann"), ("rest", "ann ")):
        assert texts(await assistant.turns.answer_from(channel, sender, "hello")) == ["message 1"]
    assert len(await ids(assistant)) == 4


async def test_an_address_stands_sealed_and_is_found_from_its_conversation(assistant: Assistant) -> None:
    await assistant.turns.answer_from("rest", PHONE, "hello")
    (conversation,) = await ids(assistant)
    store = assistant.agent.tracker_store.database
    assert await store.run(lambda session: addresses.address_of(session, conversation)) == ("rest", PHONE)
    assert await store.run(lambda session: addresses.address_of(session, "none")) is None
    stored = await store.run(lambda session: session.execute(text("SELECT * FROM addresses")).all())
    assert PHONE not in repr(stored)
    assert PHONE in rows()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_database_file_shows_neither_address_nor_words(assistant: Assistant) -> None:
    await assistant.turns.answer_from("rest", PHONE, "hello from Finnegan", {"name": "Finnegan"})
    assert not any(secret in files() for secret in (PHONE, "Finnegan", "hello from", "message 1"))


async def test_first_messages_at_once_make_one_conversation(database: str) -> None:
    # Two engines stand for two processes: nothing but the database puts them in order.
    stores = [Database(database, 5) for _ in range(2)]
    calls = [
        store.run(lambda session, sender=sender: addresses.find_or_make(session, "rest", sender, NOW))
        for sender in map(str, range(10))
        for store in (*stores, *stores)
    ]
    found = await asyncio.gather(*calls)
    assert [len(set(found[place : place + 4])) for place in range(0, 40, 4)] == [1] * 10
    assert len(set(found)) == 10
    for store in stores:
        store.close()


async def test_first_messages_at_once_are_answered_in_order(assistant: Assistant) -> None:
    answers = await asyncio.gather(*(assistant.turns.answer_from("rest", "ann", "hello") for _ in range(5)))
    assert [texts(each) for each in answers] == [[f"message {number}"] for number in range(1, 6)]
    assert len(await ids(assistant)) == 1


async def test_a_message_behind_one_that_forgets_all_begins_anew(assistant: Assistant) -> None:
    store = assistant.agent.tracker_store
    await assistant.turns.answer_from("rest", "ann", "hello")
    (first,) = await ids(assistant)
    async with assistant.agent.lock_store.lock("rest ann"):
        waiting = asyncio.ensure_future(assistant.turns.answer_from("rest", "ann", "hello"))
        await asyncio.sleep(0.05)
        tracker = await store.retrieve(first)
        tracker.update(SlotSet("forget", "all"))
        await store.save(tracker)
    assert texts(await waiting) == ["message 1"]
    (second,) = await ids(assistant)
    assert second != first
    assert texts(await assistant.turns.answer_from("rest", "ann", "hello")) == ["message 2"]


async def test_a_question_mark_makes_no_conversation(assistant: Assistant) -> None:
    assert payload(await assistant.turns.answer_from("rest", "ann", "?"))["kind"] == "out_of_scope"
    assert "ann" not in rows()


async def test_a_database_that_is_gone_is_told_at_the_first_message(
    small_model: object, postgres: Cluster, configure: Configure, world: World
) -> None:
    configure(database_url=postgres.url("nothing"), database_seconds=0.5)
    assistant = await load(small_model)
    for message in ("hello", "?"):
        answer = await assistant.turns.answer_from("rest", "ann", message)
        assert may_be_sent_again(answer) == (message == "hello")
        assert {each["recipient_id"] for each in answer} == {"ann"}


async def test_keys_that_are_not_the_databases_are_an_honest_error(
    assistant: Assistant, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    await assistant.turns.answer_from("rest", "ann", "hello")
    configure(keys=new_key(), index_key=new_key())
    for message in ("hello from Finnegan", "?"):
        answers = await assistant.turns.answer_from("rest", "ann", message), await assistant.turns.answer("x", message)
        assert [may_be_sent_again(each) for each in answers] == [message != "?"] * 2
    assert "STRAND_KEYS" in caplog.text
    assert "Finnegan" not in caplog.text
    with pytest.raises(SettingError, match="STRAND_KEYS"):
        await assistant.check()
