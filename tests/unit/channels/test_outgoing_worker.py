"""The worker that sends replies wakes when there is something, ends in order, and outlives its database."""

import asyncio
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.chat.channels import outgoing
from bot.settings import settings
from bot.storage import rounds
from tests.conftest import Configure
from tests.unit.channels.mailroom import Mailroom, Pretender, work_off


@pytest.fixture
def mailroom(database: str) -> Iterator[Mailroom]:
    made = Mailroom(database, settings())
    yield made
    made.database.close()


async def test_news_of_a_conversation_has_it_look_at_once(mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "POLL_SECONDS", 3600.0)
    channel = Pretender()
    worker = mailroom.worker([channel])
    running = asyncio.create_task(worker.run())
    for number, said in enumerate(("one", "two"), start=1):
        await asyncio.sleep(0)
        mailroom.put("sam", said)
        mailroom.newsroom.tell()
        await channel.has_sent(number)
    worker.stop()
    await running
    assert channel.texts == ["one", "two"]
    assert mailroom.rows() == []


async def test_what_another_process_left_is_found_without_news(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "POLL_SECONDS", 0.01)
    channel = Pretender()
    worker = mailroom.worker([channel])
    running = asyncio.create_task(worker.run())
    mailroom.put("sam", "one")
    await channel.has_sent(1)
    worker.stop()
    await running
    assert mailroom.rows() == []


async def test_a_stop_finishes_what_is_being_sent_and_begins_no_more(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one", "two")
    mailroom.put("sam", "three")
    channel = Pretender()
    channel.gate.clear()
    worker = mailroom.worker([channel])
    running = asyncio.create_task(worker.run())
    await channel.has_tried(1)
    worker.stop()
    channel.gate.set()
    await running
    assert channel.texts == ["one", "two"]
    assert mailroom.row().attempts == 0


async def test_a_stop_gives_back_what_takes_too_long(mailroom: Mailroom, configure: Configure) -> None:
    mailroom.settings = configure(stop_seconds="0.01")
    mailroom.put("sam", "one", "two")
    channel = Pretender()
    channel.before = lambda said: channel.gate.clear() if said == "two" else None
    worker = mailroom.worker([channel])
    running = asyncio.create_task(worker.run())
    await channel.has_tried(2)
    worker.stop()
    await running
    row = mailroom.row()
    assert (row.part, row.attempts, row.locked_by, row.locked_until) == (1, 0, None, None)


async def test_a_stop_that_meets_a_commit_begins_no_other_part(mailroom: Mailroom, configure: Configure) -> None:
    mailroom.settings = configure(stop_seconds="0.01")
    mailroom.put("sam", "one", "two")
    channel = Pretender()

    def is_slow(_text: str) -> None:
        mailroom.database.slow = True

    channel.before = is_slow
    worker = mailroom.worker([channel])
    running = asyncio.create_task(worker.run())
    await channel.has_sent(1)
    worker.stop()
    await running
    assert channel.texts == ["one"]
    row = mailroom.row()
    assert (row.part, row.attempts, row.locked_by) == (1, 0, None)


async def test_a_database_that_is_gone_has_no_part_sent_twice(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one", "two")
    mailroom.put("kim", "three")
    channel = Pretender()

    def goes(_text: str) -> None:
        mailroom.database.gone = True

    channel.before = goes
    worker = mailroom.worker([channel])
    await work_off(worker)
    assert sorted(channel.texts) == ["one", "three"]
    mailroom.database.gone = False
    channel.before = lambda _text: None
    for _ in range(2):
        await work_off(worker)
    assert sorted(channel.texts) == ["one", "three", "two"]
    assert mailroom.rows() == []


async def test_with_nothing_to_send_no_writer_is_kept_waiting(mailroom: Mailroom) -> None:
    mailroom.put("sam", "to a channel that is off", channel="slack")
    mailroom.put("kim", "one")
    mailroom.put("kim", "two")
    channel = Pretender()
    channel.gate.clear()
    worker = mailroom.worker([channel])
    await worker.round()
    await channel.has_tried(1)
    written = mailroom.database.writes
    await worker.round()
    assert mailroom.database.writes == written
    channel.gate.set()
    for _ in range(2):
        await work_off(worker)
    assert channel.texts == ["one", "two"]


async def test_what_other_keys_have_sealed_holds_up_nobody_else(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one")
    token = Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    mailroom.do(lambda session: session.execute(text("UPDATE replies SET body = :token"), {"token": token}))
    mailroom.put("kim", "two")
    channel = Pretender()
    await work_off(mailroom.worker([channel]))
    assert channel.texts == ["two"]
    assert mailroom.row().last_error == outgoing.OTHER_KEYS


async def test_a_reply_that_shows_nothing_is_done_with(mailroom: Mailroom) -> None:
    mailroom.put("sam")
    channel = Pretender()
    await work_off(mailroom.worker([channel]))
    assert channel.tried == []
    assert mailroom.rows() == []
