"""Text messages and WhatsApp by Twilio: signed, stored, answered once and in order, and quiet after STOP."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from texting import ACCOUNT, OURS, PUBLIC, SETTINGS, THEIRS, TOKEN, Texter, form_of, sign

from bot.chat.channels.twilio import Sms, WhatsApp
from bot.dialogue.assistant import Assistant, load
from bot.metrics import registry
from bot.settings import settings
from bot.transcripts import addresses
from bot.transcripts.tables import addresses as address_table
from tests.conftest import Configure
from tests.fakes.providers import Planned, TwilioApi
from tests.fakes.talking import Talk, talking
from tests.fakes.world import World


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioApi]:
    api = TwilioApi(ACCOUNT, TOKEN)
    async with api:
        yield api


@pytest.fixture
async def talk(assistant: Assistant, twilio: TwilioApi, configure: Configure) -> AsyncIterator[Talk]:
    configure(**SETTINGS, twilio_api=twilio.url, clinic="Hair Clinic")
    async with talking(assistant, Sms) as open_talk:
        yield open_talk


@pytest.fixture
def texter(talk: Talk) -> Texter:
    return Texter(talk.client)


async def test_a_text_is_answered_at_the_number_it_came_from(texter: Texter, twilio: TwilioApi) -> None:
    answer = await texter.send("hello")
    assert (answer.status, answer.content_type, await answer.text()) == (200, "text/xml", "<Response/>")
    (sent,) = await twilio.has_sent(1)
    assert sent.body == {"From": OURS, "To": THEIRS, "Body": "message 1"}


async def test_a_text_that_is_sent_again_is_answered_once(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    answers = await asyncio.gather(*(texter.send("hello", "SM1") for _ in range(4)))
    await talk.settled()
    await texter.send("hello", "SM1")
    await texter.send("hello", "SM2")
    await talk.settled()
    assert {answer.status for answer in answers} == {200}
    assert twilio.texts == [(THEIRS, "message 1"), (THEIRS, "message 2")]


async def test_texts_are_answered_in_their_order(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    for _ in range(6):
        await texter.send("hello")
    await talk.settled()
    assert [text for _, text in twilio.texts] == [f"message {number}" for number in range(1, 7)]


def refused(reason: str) -> float:
    return registry.get_sample_value("strand_refusals_total", {"channel": "sms", "reason": reason}) or 0.0


@pytest.mark.parametrize(
    "signature",
    ["", "x", "é" * 28, sign(PUBLIC + "/webhooks/sms", form_of("hello", "SM1"), "other token")],
    ids=["missing", "wrong", "no ASCII", "other token"],
)
async def test_a_forged_text_is_refused_and_counted(texter: Texter, talk: Talk, signature: str) -> None:
    before = refused("signature")
    answer = await texter.post(form_of("hello", "SM1"), signature.encode().decode("latin-1"))
    assert answer.status == 403
    assert refused("signature") == before + 1
    assert await talk.database.run(lambda session: addresses.find(session, "sms", THEIRS)) is None


async def test_a_signature_counts_for_its_own_text_address_and_place_only(texter: Texter) -> None:
    form = form_of("hello", "SM1")
    signed = sign(PUBLIC + "/webhooks/sms", form)
    assert (await texter.post(form | {"Body": "other"}, signed)).status == 403
    assert (await texter.post(form | {"More": ""}, signed)).status == 403
    assert (await texter.post(form, sign("https://elsewhere.example/webhooks/sms", form))).status == 403
    assert (await texter.post(form, sign(PUBLIC + "/webhooks/whatsapp", form))).status == 403
    assert (await texter.post(form, sign(PUBLIC + ":443/webhooks/sms", form))).status == 200


async def test_without_a_public_address_the_one_that_was_called_is_signed(
    assistant: Assistant, twilio: TwilioApi, configure: Configure
) -> None:
    configure(**SETTINGS | {"public_url": ""}, twilio_api=twilio.url)
    async with talking(assistant, Sms) as talk:
        form = form_of("hello", "SM1")
        here = str(talk.client.make_url("/webhooks/sms"))
        assert (await Texter(talk.client).post(form, sign(here, form))).status == 200
        await twilio.has_sent(1)


async def test_a_text_for_another_number_is_nobodys(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    assert (await texter.send("hello", To="+15005550007")).status == 200
    await talk.settled()
    assert twilio.sent == []


@pytest.mark.parametrize("lacking", ["From", "MessageSid"])
async def test_a_form_that_is_no_message_is_refused(texter: Texter, lacking: str) -> None:
    form = {name: value for name, value in form_of("hello", "SM1").items() if name != lacking}
    assert (await texter.post(form)).status == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe=&%", b"&" * 1000, b"a=" + b"1" * 100_000, b"&=" * 20_000],
    ids=["empty", "bytes", "ands", "long", "fields"],
)
async def test_garbage_is_refused(talk: Talk, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "x"}
    answer = await talk.client.post("/webhooks/sms", data=body, headers=headers)
    assert answer.status == 403


async def test_what_is_too_large_is_refused_unread(talk: Talk) -> None:
    assert (await talk.client.post("/webhooks/sms", data=b"x" * 300_000)).status == 413


async def test_messages_come_by_post_only(talk: Talk) -> None:
    assert (await talk.client.get("/webhooks/sms")).status == 403
    signed = {"X-Twilio-Signature": sign(PUBLIC + "/webhooks/sms", {})}
    assert (await talk.client.get("/webhooks/sms", headers=signed)).status == 405


@pytest.mark.parametrize("text", ["/restart", '/hang{"x": 1}', "/session_start"])
async def test_a_texted_slash_commands_nothing(texter: Texter, twilio: TwilioApi, text: str) -> None:
    await texter.send(text)
    assert (await twilio.has_sent(1))[0].body["Body"] == "message 1"


async def test_a_picture_gets_one_sentence(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    for _ in range(2):
        await texter.send("", "MM1", NumMedia="1", MediaUrl0="https://example.com/x", MediaContentType0="image/png")
    await talk.settled()
    (sent,) = twilio.texts
    assert sent[0] == THEIRS
    assert "only read text" in sent[1]
    assert await talk.database.run(lambda session: session.execute(select(address_table)).all()) == []


async def test_a_picture_with_words_is_a_message(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    await texter.send("hello", "MM1", NumMedia="1", MediaUrl0="https://example.com/x", MediaContentType0="image/png")
    await talk.settled()
    assert twilio.texts == [(THEIRS, "message 1")]


async def test_too_many_texts_get_words_and_the_rest_is_dropped(
    assistant: Assistant, twilio: TwilioApi, configure: Configure
) -> None:
    configure(**SETTINGS, twilio_api=twilio.url, web_messages_a_minute=2)
    async with talking(assistant, Sms) as talk:
        texter = Texter(talk.client)
        for _ in range(5):
            assert (await texter.send("hello")).status == 200
        await talk.settled()
        texts = [text for _, text in twilio.texts]
        assert [text for text in texts if text.startswith("message")] == ["message 1", "message 2"]
        assert len([text for text in texts if "a lot at once" in text]) == 1


async def test_whatsapp_is_spoken_to_under_its_own_names(
    assistant: Assistant, twilio: TwilioApi, configure: Configure
) -> None:
    configure(**SETTINGS, twilio_api=twilio.url)
    async with talking(assistant, WhatsApp) as talk:
        texter = Texter(talk.client, "whatsapp")
        assert (await texter.send("hello", ProfileName="Ann", WaId=THEIRS[1:])).status == 200
        await texter.send("stop")  # the law on texts is none on WhatsApp: the word is for the assistant
        sent = await twilio.has_sent(2)
        assert sent[0].body == {"From": f"whatsapp:{OURS}", "To": f"whatsapp:{THEIRS}", "Body": "message 1"}
        assert sent[1].body["Body"] == "message 2"


async def test_a_provider_that_is_busy_is_asked_again(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    twilio.refuse(Planned(500), Planned(429, {"code": 20429}, {"Retry-After": "1"}))
    await texter.send("hello")
    await twilio.has_sent(1)
    assert twilio.texts == [(THEIRS, "message 1")]


async def test_an_address_that_twilio_has_blocked_is_let_alone(texter: Texter, talk: Talk, twilio: TwilioApi) -> None:
    twilio.stopped.add(THEIRS)
    await texter.send("hello")
    await talk.settled()
    assert len(twilio.calls) == 1


@contextmanager
def gone(request: pytest.FixtureRequest) -> Iterator[None]:
    """The database takes nothing within the block."""
    if "postgresql" in settings().database:
        cluster = request.getfixturevalue("postgres")
        cluster.stop()
        yield
        cluster.start()
        return
    with closing(sqlite3.connect(settings().database.removeprefix("sqlite:///"), isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield


async def test_the_database_is_gone_and_the_text_is_answered_once_it_is_back(
    small_model: Path,
    database: str,
    world: World,
    twilio: TwilioApi,
    configure: Configure,
    request: pytest.FixtureRequest,
) -> None:
    configure(**SETTINGS, twilio_api=twilio.url, web_messages_a_minute=2, database_seconds=0.5)
    async with talking(await load(small_model), Sms) as talk:
        texter = Texter(talk.client)
        with gone(request):
            for _ in range(4):
                answer = await texter.send("hello", "SM1")
                assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        while (await texter.send("hello", "SM1")).status == 503:
            pass
        assert (await texter.send("hello", "SM1")).status == 200
        await talk.settled()
        assert twilio.texts == [(THEIRS, "message 1")]
