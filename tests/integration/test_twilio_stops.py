"""The law on text messages: STOP is heard before anything else and confirmed once; silence follows, until START."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select
from texting import ACCOUNT, SETTINGS, THEIRS, TOKEN, Texter

from bot.chat.channels.twilio import Sms, WhatsApp
from bot.dialogue.assistant import Assistant
from bot.leads.desk import LeadDesk
from bot.leads.records import Lead
from bot.settings import settings
from bot.transcripts import addresses
from bot.transcripts.tables import inbox, opt_outs, tracker_events
from tests.conftest import Configure
from tests.fakes.providers import TwilioApi
from tests.fakes.talking import Talk, talking
from tests.fakes.world import World
from tests.unit.leads.handed_over import handed_over


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioApi]:
    async with TwilioApi(ACCOUNT, TOKEN) as api:
        yield api


@pytest.fixture
async def talk(assistant: Assistant, twilio: TwilioApi, configure: Configure) -> AsyncIterator[Talk]:
    configure(**SETTINGS, twilio_api=twilio.url, clinic="Hair Clinic", leads_file="off", web_messages_a_minute=60)
    async with talking(assistant, Sms) as opened:
        yield opened


@pytest.fixture
def texter(talk: Talk) -> Texter:
    return Texter(talk.client)


async def rows(talk: Talk, table: Any) -> list[Any]:
    found: list[Any] = await talk.database.run(lambda session: session.execute(select(table)).all(), read_only=True)
    return found


async def test_stop_is_confirmed_once_and_then_there_is_silence(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    for text in ("hello", "STOP", "STOP", "hello", "HELP", "stop it", "unsubscribe"):
        assert (await texter.send(text)).status == 200
        await talk.settled()
    assert [to for to, _ in twilio.texts] == [THEIRS, THEIRS]
    assert twilio.texts[1][1] == (
        "You won't get any more texts from Hair Clinic at this number. Reply START if you change your mind."
    )
    assert all(row.body is None for row in await rows(talk, inbox))


async def test_start_ends_the_silence(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    for text in ("hello", "STOP", "START", "hello"):
        await texter.send(text)
        await talk.settled()
    texts = [text for _, text in twilio.texts]
    assert texts[0] == "message 1"
    assert "Hair Clinic" in texts[2]
    assert "answer your texts again" in texts[2]
    assert texts[3] == "message 2"
    assert await rows(talk, opt_outs) == []


async def test_a_stop_that_is_sent_again_after_start_is_old(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    for text, sid in (("STOP", "SM1"), ("START", "SM2"), ("STOP", "SM1"), ("START", "SM2"), ("hello", "SM3")):
        await texter.send(text, sid)
        await talk.settled()
    assert len(twilio.texts) == 3
    assert twilio.texts[2] == (THEIRS, "message 1")


async def test_an_address_that_stopped_is_not_written_down(texter: Texter, talk: Talk) -> None:
    await texter.send(" Opt-out. ")
    await talk.settled()
    (stopped,) = await rows(talk, opt_outs)
    assert THEIRS not in str(stopped)


async def test_other_words_are_for_the_assistant(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    for text in ("stop the check", "yes", "START", "help me"):
        await texter.send(text)
    await talk.settled()
    assert [text for _, text in twilio.texts] == [f"message {number}" for number in (1, 2, 3, 4)]
    assert await rows(talk, opt_outs) == []


async def test_start_from_somebody_who_has_not_stopped_is_a_greeting(texter: Texter, talk: Talk) -> None:
    await texter.send("START")
    await talk.settled()
    said = [json.loads(row.data) for row in await rows(talk, tracker_events) if row.type == "user"]
    assert [event["text"] for event in said] == ["hello"]


async def test_help_says_who_writes_and_how_to_stop(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    await texter.send("HELP", "SM1")
    await texter.send("HELP", "SM1")
    await talk.settled()
    ((_, said),) = twilio.texts
    for told in ("Hair Clinic", "STOP", "PERSON", "911", "not a clinician"):
        assert told in said


async def test_twilios_own_word_stops_without_a_second_confirmation(
    texter: Texter, talk: Talk, twilio: TwilioApi
) -> None:
    for text, kind in (("HELP", "HELP"), ("ARRET", "STOP"), ("hello", ""), ("START", "START"), ("hello", "")):
        await texter.send(text, **({"OptOutType": kind} if kind else {}))
        await talk.settled()
    assert twilio.texts == [(THEIRS, "message 1")]


async def test_twilios_own_word_stops_on_whatsapp_too(
    assistant: Assistant, twilio: TwilioApi, configure: Configure
) -> None:
    configure(**SETTINGS, twilio_api=twilio.url)
    async with talking(assistant, WhatsApp) as talk:
        texter = Texter(talk.client, "whatsapp")
        await texter.send("STOP", OptOutType="STOP")
        await texter.send("hello")
        await talk.settled()
        assert twilio.sent == []


async def test_a_yes_that_twilio_takes_for_start_is_a_yes(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    await texter.send("YES", OptOutType="START")
    await talk.settled()
    assert twilio.texts == [(THEIRS, "message 1")]


async def test_what_waited_when_stop_came_is_not_sent(
    texter: Texter, talk: Talk, twilio: TwilioApi, world: World
) -> None:
    await texter.send("please hang")
    await texter.send("STOP")
    await twilio.has_sent(1)
    world.open_gate()
    await talk.settled()
    assert ["no more texts" in text or "any more texts" in text for _, text in twilio.texts] == [True]


async def test_stop_is_heard_over_the_limit(assistant: Assistant, twilio: TwilioApi, configure: Configure) -> None:
    configure(**SETTINGS, twilio_api=twilio.url, web_messages_a_minute=1)
    async with talking(assistant, Sms) as talk:
        texter = Texter(talk.client)
        for text in ("hello", "hello", "STOP"):
            await texter.send(text)
        await talk.settled()
        assert len(await rows(talk, opt_outs)) == 1


async def lead_of(talk: Talk, conversation: str) -> Lead:
    lead = await LeadDesk(talk.database, settings()).find(conversation)
    assert lead
    return lead


async def test_stop_withdraws_the_consent_to_texts(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    await texter.send("hello")
    await talk.settled()
    conversation = await talk.database.run(lambda session: addresses.find(session, "sms", THEIRS))
    desk = LeadDesk(talk.database, settings())
    await desk.submit(handed_over(conversation))
    await desk.submit(handed_over("another talk"))
    for text in ("STOP", "START", "STOP"):
        await texter.send(text)
        await talk.settled()
    lead = await lead_of(talk, conversation)
    assert lead.consents == {"share": True, "email": True, "phone": True, "text": False}
    assert (await lead_of(talk, "another talk")).consents["text"]
