"""Messages and replies are kept for two days, and no longer than their conversation; keys can be changed under them."""

import argparse
import asyncio
import json
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from bot.cli.keys import _metadatas
from bot.cli.leads import erasing
from bot.leads.erasure import erase_conversation, is_kept
from bot.leads.retention import Retained, retain
from bot.leads.tables import erasures
from bot.settings import settings
from bot.storage.keys import keep_newest, key_file, read_keys
from bot.storage.rotation import count_older, find_sealed, rotate_file
from bot.transcripts import inbox, replies
from bot.transcripts.inbox import Inbound
from bot.transcripts.tables import addresses, conversations, opt_outs
from bot.transcripts.tables import inbox as inbox_rows
from bot.transcripts.tables import replies as reply_rows
from tests.unit.leads_kept.people import NOON, SECRETS, count, files, inside, opened, talk

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SAID = f"i am {SECRETS[0]} {SECRETS[1]}"


def come_in(session: Session, at: datetime, name: str = "m1", channel: str = "sms", address: str = "+14155550142"):
    return inbox.accept(session, Inbound(channel, address, name, SAID), at).conversation


def failed(session: Session, at: datetime, name: str) -> str:
    conversation = come_in(session, at, name)
    message = inbox.next_waiting(session, conversation)
    inbox.give_notice(session, message.row, "failed", {"texts": ["sorry"], "buttons": [], "payload": {}})
    return conversation


def reply(session: Session, at: datetime) -> None:
    replies.put(session, "hers", "sms", "+14155550142", {"texts": [SAID], "buttons": [], "payload": {}}, at)


async def foretold() -> Retained:
    """What goes, which a dry run has said before."""
    said = await retain(opened(), settings(), NOON, dry_run=True)
    assert await retain(opened(), settings(), NOON) == said
    return said


async def test_a_message_is_known_for_two_days_and_then_goes(database: str) -> None:
    await inside(lambda session: failed(session, NOON - 49 * HOUR, "old"))
    await inside(lambda session: failed(session, NOON - 47 * HOUR, "new"))
    assert await foretold() == Retained(messages=1)
    assert await count(inbox_rows) == 1


async def test_a_message_that_waits_is_kept_until_it_is_answered(database: str) -> None:
    conversation = await inside(lambda session: come_in(session, NOON - 40 * DAY))
    assert await foretold() == Retained()
    assert (await inside(lambda session: inbox.next_waiting(session, conversation))).text == SAID


async def test_a_reply_that_nobody_will_send_any_more_goes(database: str) -> None:
    await inside(lambda session: reply(session, NOON - 49 * HOUR))
    await inside(lambda session: reply(session, NOON - 47 * HOUR))
    assert await foretold() == Retained(replies=1)
    assert await count(reply_rows) == 1


async def test_many_messages_go_in_batches(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.leads.retention.BATCH", 1)
    monkeypatch.setattr("bot.leads.retention.PAUSE_SECONDS", 0)
    for number in range(45):
        await inside(lambda session, name=str(number): inbox.remember(
            session, Inbound("sms", "+1", name, ""), NOON - 3 * DAY))  # fmt: skip
    assert await foretold() == Retained(messages=45)


async def test_what_goes_with_a_conversation_is_counted_once(database: str) -> None:
    conversation = await inside(lambda session: failed(session, NOON - 31 * DAY, "old"))
    await talk(conversation, NOON - 31 * DAY)
    assert await foretold() == Retained(conversations=1, addresses=2, messages=1)
    assert await count(inbox_rows, conversations, addresses) == 0


async def test_whoever_comes_back_on_the_last_day_keeps_the_conversation(database: str) -> None:
    conversation = await inside(lambda session: come_in(session, NOON - timedelta(seconds=1)))
    await talk(conversation, NOON - 31 * DAY)
    assert await foretold() == Retained()
    assert await count(conversations) == 1


async def test_a_conversation_of_which_there_is_only_a_message_counts_as_kept(database: str) -> None:
    conversation = await inside(lambda session: come_in(session, NOON))
    await inside(lambda session: session.execute(addresses.delete()))
    assert await inside(lambda session: is_kept(session, conversation))


def test_the_command_erases_a_conversation_while_a_message_of_it_waits(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(timezone.utc)

    async def fill() -> str:
        conversation = await inside(lambda session: come_in(session, now))
        await inside(lambda session: replies.opt_out(session, "sms", "+14155550142", now))
        await talk(conversation, now)
        return conversation

    conversation = asyncio.run(fill())
    arguments = argparse.Namespace(yes=True, reference=None, conversation=conversation)
    assert erasing.run(arguments, opened(), now) == 0
    assert "messages: 1" in capsys.readouterr().out

    async def look() -> None:
        assert await inside(lambda session: inbox.next_waiting(session, conversation)) is None
        assert not await inside(lambda session: is_kept(session, conversation))
        (row,) = await inside(lambda session: [tuple(row) for row in session.execute(select(inbox_rows))])
        assert not any(secret in str(row) for secret in (*SECRETS, conversation))
        assert await count(opt_outs, erasures) == 2
        (counts,) = await inside(lambda session: session.execute(select(erasures.c.counts)).scalars().all())
        assert json.loads(counts)["messages"] == 1
        again = await inside(lambda session: inbox.accept(session, Inbound("sms", "+14155550142", "m1", SAID), now))
        assert not again.fresh, "the provider's retry is still known"

    asyncio.run(look())


async def test_nothing_of_an_erased_message_can_be_read_in_the_file(migrated: None) -> None:
    conversation = await inside(lambda session: come_in(session, NOON))
    query = select(type_coerce(inbox_rows.c.body, Text))
    sealed = await inside(lambda session: session.execute(query).scalar())
    assert sealed.encode() in files()
    await erase_conversation(opened(), conversation, "operator", NOON)
    assert sealed.encode() not in files()
    assert conversation.encode() not in files()


async def test_a_new_key_seals_messages_and_replies_too(database: str) -> None:
    sealed = {(each.table.name, column.name) for each in find_sealed(_metadatas()) for column in each.sealed}
    assert {("inbox", "body"), ("inbox", "notice"), ("replies", "address"), ("replies", "body")} < sealed
    conversation = await inside(lambda session: failed(session, NOON, "m1"))
    await inside(lambda session: come_in(session, NOON, "m2"))
    await inside(lambda session: reply(session, NOON))
    rotated = await rotate_file(opened(), settings(), _metadatas())
    assert (rotated.rows["inbox"], rotated.rows["replies"]) == (2, 1)
    keep_newest(key_file(settings()), read_keys())
    assert not await count_older(opened(), _metadatas())
    assert (await inside(lambda session: inbox.next_waiting(session, conversation))).text == SAID
    again = await inside(lambda session: inbox.accept(session, Inbound("sms", "+14155550142", "m2", ""), NOON))
    assert not again.fresh
