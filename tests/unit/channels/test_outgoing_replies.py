"""Replies leave in order, part after part, once; what fails is tried again, and given up in the end."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.chat.channels import outgoing
from bot.errors import DeliveryFailed
from bot.settings import settings
from bot.storage.database import Database
from bot.transcripts import replies
from bot.transcripts.tables import replies as table
from tests.unit.channels.mailroom import CONFIRMATION, Mailroom, Pretender, crash, work_off


@pytest.fixture
def mailroom(database: str) -> Iterator[Mailroom]:
    made = Mailroom(database, settings())
    yield made
    made.database.close()


async def test_a_reply_is_sent_and_nothing_of_it_stays(mailroom: Mailroom) -> None:
    mailroom.put("sam", "hello", "and more")
    channel = Pretender()
    await work_off(mailroom.worker([channel]))
    assert channel.sent == [("sam", "hello"), ("sam", "and more")]
    assert mailroom.rows() == []


async def test_the_replies_of_one_person_wait_for_each_other_and_for_nobody_elses(mailroom: Mailroom) -> None:
    for text in ("one", "two", "three"):
        mailroom.put("sam", text)
    mailroom.put("kim", "hi")
    channel = Pretender()
    channel.gate.clear()
    worker = mailroom.worker([channel])
    await worker.round()
    await channel.has_tried(2)
    await worker.round()
    assert sorted(channel.tried) == [("kim", "hi"), ("sam", "one")]
    channel.gate.set()
    for _ in range(4):
        await work_off(worker)
    assert [text for address, text in channel.sent if address == "sam"] == ["one", "two", "three"]
    assert mailroom.rows() == []


async def test_after_a_crash_another_goes_on_behind_what_was_sent(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one", "two", "three")
    channel = Pretender()
    channel.before = lambda text: channel.gate.clear() if text == "two" else None
    first, second = mailroom.worker([channel]), mailroom.worker([channel])
    await first.round()
    await channel.has_tried(2)
    await crash(first)
    await work_off(second)
    assert channel.texts == ["one"], "the lease of the one that crashed still holds"
    mailroom.later(seconds=outgoing.LEASE.total_seconds())
    channel.before = lambda _text: None
    channel.gate.set()
    await work_off(second)
    assert channel.texts == ["one", "two", "three"]
    assert mailroom.rows() == []


async def test_two_workers_at_once_never_send_a_part_twice(mailroom: Mailroom) -> None:
    people, said = [f"person {number}" for number in range(6)], ("a1", "a2", "b1", "c1", "c2")
    for person in people:
        for texts in (said[:2], said[2:3], said[3:]):
            mailroom.put(person, *texts)
    channel, other = Pretender(), Database(mailroom.url, 10)
    workers = [mailroom.worker([channel]), mailroom.worker([channel], other)]
    while mailroom.rows():
        await asyncio.gather(*(work_off(worker) for worker in workers))
    other.close()
    heard = defaultdict(list)
    for person, text in channel.sent:
        heard[person].append(text)
    assert heard == {person: list(said) for person in people}
    assert channel.twice_at_once == []


async def test_a_failure_is_tried_again_after_longer_and_longer_pauses(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one", "two")
    channel = Pretender()
    channel.before = lambda text: channel.failures.append(DeliveryFailed("HTTP 500")) if text == "two" else None
    worker = mailroom.worker([channel])
    await work_off(worker)
    pauses = []
    while not mailroom.row().dead_at:
        pauses.append((mailroom.row().available_at - mailroom.now).total_seconds())
        mailroom.now = mailroom.row().available_at - timedelta(milliseconds=1)
        before = len(channel.tried)
        await work_off(worker)
        assert len(channel.tried) == before, "not before it is due"
        mailroom.later(milliseconds=1)
        await work_off(worker)
    assert pauses == [1, 5, 30, 120, 600, 1800]
    assert channel.texts == ["one"], "what was sent is not sent again"


async def test_what_is_given_up_is_told_without_the_person_and_the_next_goes_on(
    mailroom: Mailroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    mailroom.put("+15550100", "you said lupus")
    mailroom.put("+15550100", "the next")
    channel = Pretender()
    channel.always = DeliveryFailed("HTTP 500")
    worker = mailroom.worker([channel])
    for _ in range(outgoing.TRIES):
        await work_off(worker)
        mailroom.later(hours=1)
    channel.always = None
    await work_off(worker)
    (row,) = mailroom.rows()
    assert (row.dead_at is not None, row.body, row.address, row.last_error) == (True, None, None, "HTTP 500")
    assert channel.texts == ["the next"]
    assert f"reply {row.id} to telegram was given up" in caplog.text
    assert "lupus" not in caplog.text
    assert "0100" not in caplog.text


async def test_an_error_of_our_own_fails_that_reply_alone(mailroom: Mailroom, caplog: pytest.LogCaptureFixture) -> None:
    mailroom.put("sam", "one")
    mailroom.put("kim", "two")
    channel = Pretender()
    channel.failures = [RuntimeError("sam said lupus")]
    await work_off(mailroom.worker([channel]))
    assert channel.texts == ["two"]
    assert mailroom.row().last_error == "RuntimeError"
    assert "lupus" not in caplog.text


async def test_a_person_who_is_gone_is_given_up_at_once(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one")
    channel = Pretender()
    channel.always = DeliveryFailed("HTTP 403", gone=True)
    await work_off(mailroom.worker([channel]))
    assert len(channel.tried) == 1
    assert mailroom.row().dead_at is not None


async def test_a_channel_that_asks_for_patience_is_left_alone_as_a_whole(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one")
    channel, other = Pretender(), Pretender("slack")
    channel.failures = [DeliveryFailed("HTTP 429", timedelta(seconds=40))]
    worker = mailroom.worker([channel, other])
    await work_off(worker)
    mailroom.put("kim", "two")
    mailroom.put("alex", "three", channel="slack")
    mailroom.later(seconds=39)
    await work_off(worker)
    assert (channel.sent, other.texts) == ([], ["three"])
    mailroom.later(seconds=1)
    await work_off(worker)
    assert sorted(channel.texts) == ["one", "two"]


async def test_patience_is_had_between_the_parts_too_and_counts_as_no_try(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one", "two")
    mailroom.put("kim", "three")
    channel = Pretender()
    channel.gate.clear()
    worker = mailroom.worker([channel])
    await worker.round()
    await channel.has_tried(2)
    channel.failures = [DeliveryFailed("HTTP 429", timedelta(seconds=40))]
    channel.gate.set()
    await worker.idle()
    await worker.round()
    assert len(channel.tried) == 2, "whichever of the two came second has stopped, too"
    mailroom.later(seconds=40)
    await work_off(worker)
    assert [text for address, text in channel.sent if address == "sam"] == ["one", "two"]
    assert mailroom.rows() == []


async def test_a_channel_that_hangs_holds_up_no_other(mailroom: Mailroom) -> None:
    for number in range(outgoing.AT_ONCE + 2):
        mailroom.put(f"person {number}", "one")
    mailroom.put("alex", "two", channel="slack")
    hanging, other = Pretender(), Pretender("slack")
    hanging.gate.clear()
    worker = mailroom.worker([hanging, other])
    await worker.round()
    await other.has_sent(1)
    await worker.round()
    assert len(hanging.tried) == outgoing.AT_ONCE
    hanging.gate.set()
    for _ in range(2):
        await work_off(worker)
    assert len(hanging.sent) == outgoing.AT_ONCE + 2


async def test_a_part_that_takes_too_long_is_tried_again(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one")
    channel = Pretender()
    channel.gate.clear()
    await work_off(mailroom.worker([channel], seconds=0.01))
    assert mailroom.row().last_error == "no answer within 0.01 s"
    assert mailroom.row().locked_by is None


async def test_who_has_opted_out_gets_the_confirmation_and_nothing_else(mailroom: Mailroom) -> None:
    mailroom.put("sam", "an answer", channel="sms")
    mailroom.put("sam", "you get no more texts", channel="sms", payload=CONFIRMATION)
    mailroom.put("sam", "another answer", channel="sms")
    mailroom.put("kim", "hello", channel="sms")
    mailroom.do(lambda session: replies.opt_out(session, "sms", "sam", mailroom.now))
    channel = Pretender("sms")
    worker = mailroom.worker([channel])
    for _ in range(3):
        await work_off(worker)
    assert sorted(channel.sent) == [("kim", "hello"), ("sam", "you get no more texts")]
    assert mailroom.rows() == []


async def test_what_is_taken_away_between_two_parts_goes_no_further(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one", "two")
    channel = Pretender()
    channel.before = lambda _text: mailroom.do(lambda session: replies.forget(session, "one"))
    await work_off(mailroom.worker([channel]))
    assert channel.texts == ["one"]
    assert mailroom.rows() == []


async def test_a_reply_that_outlasts_its_lease_is_gone_on_with_under_another(mailroom: Mailroom) -> None:
    mailroom.put("sam", *"abcde")
    channel = Pretender()
    channel.before = lambda _text: mailroom.later(seconds=20)
    worker = mailroom.worker([channel])
    await work_off(worker)
    assert channel.texts == ["a", "b", "c"]
    assert (mailroom.row().part, mailroom.row().attempts) == (3, 1), "claimed again by the round that settled it"
    await worker.idle()
    await worker.round()
    assert channel.texts == list("abcde")
    assert mailroom.rows() == []


async def test_a_reply_whose_every_try_ended_the_program_is_given_up_untried(mailroom: Mailroom) -> None:
    mailroom.put("sam", "one")
    mailroom.do(lambda session: session.execute(update(table).values(attempts=outgoing.TRIES)))
    channel = Pretender()
    await work_off(mailroom.worker([channel]))
    assert channel.tried == []
    assert mailroom.row().last_error == outgoing.ENDED
