"""Messenger: batches in Meta's format, signed; answered once and in order, with quick replies where they fit."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.chat.channels.channel import Said
from bot.chat.channels.messenger import Messenger
from bot.dialogue.assistant import Assistant
from bot.settings import settings
from tests.conftest import Configure
from tests.fakes.providers import MessengerApi, Planned
from tests.fakes.talking import Talk, talking

TOKEN, SECRET, WORD = "page token", "app secret", "our own word"
ANN, BOB, PAGE = "3607000000000001", "3607000000000002", "1067280970047460"
PLACE = "/webhooks/messenger"
Data = dict[str, Any]


@pytest.fixture
async def meta() -> AsyncIterator[MessengerApi]:
    async with MessengerApi(TOKEN) as api:
        yield api


@pytest.fixture
async def talk(assistant: Assistant, meta: MessengerApi, configure: Configure) -> AsyncIterator[Talk]:
    configure(messenger_token=TOKEN, messenger_secret=SECRET, messenger_verify=WORD, messenger_api=meta.url, origins="")
    async with talking(assistant, Messenger) as opened:
        yield opened


def event(sender: str, **what: Any) -> Data:
    return {"sender": {"id": sender}, "recipient": {"id": PAGE}, "timestamp": 1458692752478, **what}


def text(sender: str, words: str, mid: str, **more: Any) -> Data:
    return event(sender, message={"mid": mid, "text": words, **more})


def batch(*events: Data) -> Data:
    return {"object": "page", "entry": [{"id": PAGE, "time": 1458692752478, "messaging": list(events)}]}


async def post(talk: Talk, data: Any, secret: str = SECRET, **headers: str) -> ClientResponse:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    signed = {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
    return await talk.client.post(PLACE, data=body, headers={"Content-Type": "application/json"} | signed | headers)


async def test_the_proof_of_the_address_answers_the_challenge(talk: Talk) -> None:
    right = {"hub.mode": "subscribe", "hub.verify_token": WORD, "hub.challenge": "1158201444"}
    answer = await talk.client.get(PLACE, params=right)
    assert (answer.status, await answer.text(), answer.content_type) == (200, "1158201444", "text/plain")
    for wrong in ({"hub.verify_token": "other"}, {"hub.verify_token": ""}, {"hub.verify_token": "é"}):
        assert (await talk.client.get(PLACE, params=right | wrong)).status == 403
    assert (await talk.client.get(PLACE, params=right | {"hub.mode": "other"})).status == 405


async def test_a_batch_is_answered_in_its_order_and_once(talk: Talk, meta: MessengerApi) -> None:
    sent = batch(text(ANN, "hello", "m_1"), text(BOB, "hello", "m_2"), text(ANN, "hello", "m_3"))
    for _ in range(3):
        assert (await post(talk, sent)).status == 200
    await talk.settled()
    assert sorted(meta.texts) == [(ANN, "message 1"), (ANN, "message 2"), (BOB, "message 1")]
    assert [said for person, said in meta.texts if person == ANN] == ["message 1", "message 2"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha1=" + "0" * 40},
        {"X-Hub-Signature-256": "\u00e9"},
    ],
    ids=["none", "wrong", "old", "no ASCII"],
)
async def test_a_forged_batch_is_refused(talk: Talk, meta: MessengerApi, headers: dict[str, str]) -> None:
    assert (await post(talk, batch(text(ANN, "hello", "m_1")), **headers)).status == 403
    assert (await post(talk, batch(text(ANN, "hello", "m_1")), secret="another app's")).status == 403
    await talk.settled()
    assert meta.sent == []


async def test_receipts_echoes_and_deletions_are_no_messages(talk: Talk, meta: MessengerApi) -> None:
    quiet = batch(
        text(PAGE, "message 1", "m_1", is_echo=True, app_id=1),
        event(ANN, delivery={"mids": ["m_0"], "watermark": 1458668856253}),
        event(ANN, read={"watermark": 1458668856253}),
        event(ANN, message={"mid": "m_2", "is_deleted": True}),
        event(ANN, reaction={"action": "unreact", "mid": "m_0"}),
    )
    assert (await post(talk, quiet)).status == 200
    await talk.settled()
    assert meta.sent == []


async def test_a_button_says_its_title(talk: Talk, meta: MessengerApi) -> None:
    pressed = batch(
        text(ANN, "cut…", "m_1", quick_reply={"payload": "please shout"}),
        event(BOB, postback={"title": "please shout", "payload": "/restart", "mid": "m_2"}),
    )
    await post(talk, pressed)
    await talk.settled()
    assert sorted(meta.texts) == [(ANN, "HELLO"), (BOB, "HELLO")]


async def test_what_is_no_text_gets_one_sentence_each(talk: Talk, meta: MessengerApi) -> None:
    picture = {"type": "image", "payload": {"url": "https://example.com/x.png"}}
    unread = [
        event(ANN, message={"mid": "m_1", "attachments": [picture, picture]}),
        event(ANN, reaction={"reaction": "love", "emoji": "\u2764", "action": "react", "mid": "m_0"}),
        event(BOB, message_edit={"mid": "m_2", "text": "hello", "num_edit": 1}),
    ]
    for _ in range(2):
        await post(talk, batch(*unread))
    await talk.settled()
    assert ["only read text" in said for person, said in meta.texts if person == ANN] == [True, True]
    assert ["can't see edits" in said for person, said in meta.texts if person == BOB] == [True]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        {"entry": 5},
        {"entry": [5, {"messaging": {}}, {"messaging": [5, None, {}]}]},
        batch(
            {"sender": 5}, event(ANN, message=5), event(ANN, message={"mid": 5, "text": []}), event(ANN, postback=[])
        ),
        batch(event("\ud800", message={"mid": "m", "text": "hello"}), event(ANN, message_edit=None, reaction=None)),
    ],
    ids=["empty", "cut", "list", "bytes", "deep", "number", "wrong entries", "wrong events", "surrogate"],
)
async def test_hostile_batches_do_no_harm(talk: Talk, data: Any) -> None:
    assert (await post(talk, data)).status in (200, 400)
    await talk.settled()


async def test_quick_replies_are_sent_where_they_fit(talk: Talk, meta: MessengerApi) -> None:
    channel = talk.outgoing._channels["messenger"]
    await channel.send(ANN, Said("Shall I?", ("Yes", "No")))
    assert meta.buttons == [["Yes", "No"]]
    replies = meta.sent[0].body["message"]["quick_replies"]
    assert replies[0] == {"content_type": "text", "title": "Yes", "payload": "Yes"}


async def test_whoever_wrote_too_long_ago_is_let_alone(talk: Talk, meta: MessengerApi) -> None:
    meta.late.add(ANN)
    await post(talk, batch(text(ANN, "hello", "m_1")))
    await talk.settled()
    assert len(meta.calls) == 1


async def test_too_many_calls_are_made_later(talk: Talk, meta: MessengerApi) -> None:
    meta.refuse(Planned(429, {"error": {"code": 613}}, {"Retry-After": "1"}))
    await post(talk, batch(text(ANN, "hello", "m_1")))
    assert [call.body["message"]["text"] for call in await meta.has_sent(1)] == ["message 1"]
    assert settings().messenger_api == meta.url
