"""Slack: signed events are answered once and in order, in direct messages, with buttons that can be pressed."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any

import pytest
from replies import eventually
from slacking import ANN, CHAT, ROOM, SETTINGS, STAMP, TOKEN, Slacker, message_of, pressed, sign

from bot.chat.channels.slack import Slack
from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import News
from bot.transcripts import replies
from tests.conftest import Configure
from tests.fakes.chat_apis import SlackApi
from tests.fakes.providers import Planned
from tests.fakes.talking import Talk, talking


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    made = SlackApi(TOKEN)
    async with made:
        yield made


@pytest.fixture
async def talk(assistant: Assistant, api: SlackApi, configure: Configure) -> AsyncIterator[Talk]:
    configure(**SETTINGS, slack_api=api.url)
    async with talking(assistant, Slack) as open_talk:
        yield open_talk


@pytest.fixture
def ann(talk: Talk) -> Slacker:
    return Slacker(talk.client)


async def ask(talk: Talk, text: str, buttons: list[str]) -> None:
    """Let something be said to Ann that no action of the small assistant says."""
    said, now = {"texts": [text], "buttons": buttons, "payload": {"kind": "question"}}, datetime.now(timezone.utc)
    await talk.database.run(lambda session: replies.put(session, "question", "slack", f"{CHAT}:{ANN}", said, now))
    talk.intake.tell(News("question"))


async def test_a_message_is_answered_once_however_often_it_comes(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    answers = await asyncio.gather(*(ann.write("hello", "Ev1") for _ in range(4)))
    await talk.settled()
    await ann.write("hello", "Ev1")
    await talk.settled()
    assert {answer.status for answer in answers} == {200}
    assert api.texts == [(CHAT, "message 1")]
    assert (api.sent[0].body["unfurl_links"], api.sent[0].body["unfurl_media"]) == (False, False)


async def test_messages_are_answered_in_their_order(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    for _ in range(5):
        await ann.write("hello")
    await talk.settled()
    assert [text for _, text in api.texts] == [f"message {number}" for number in range(1, 6)]


async def test_the_proof_of_the_address_is_answered_under_a_signature_only(ann: Slacker) -> None:
    proof = {
        "token": "x",
        "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
        "type": "url_verification",
    }
    answer = await ann.call(proof)
    assert (answer.status, await answer.text()) == (200, proof["challenge"])
    unsigned = await ann.client.post("/webhooks/slack", json=proof)
    assert unsigned.status == 403


BODY = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": message_of("hello")}).encode()


async def test_a_stale_request_is_refused(ann: Slacker) -> None:
    for late in (301, -301, 10**6):
        assert (await ann.post(BODY, "application/json", late)).status == 403
    assert (await ann.post(BODY, "application/json", 295)).status == 200


FORGED = [
    {"X-Slack-Signature": ""},
    {"X-Slack-Signature": "v0=" + "0" * 64},
    {"X-Slack-Signature": "v0=\xe9"},
    {"X-Slack-Signature": sign(BODY, int(time.time()), "other")},
    {"X-Slack-Signature": sign(BODY + b" ", int(time.time()))},
    {"X-Slack-Request-Timestamp": ""},
    {"X-Slack-Request-Timestamp": "9" * 400},
    {"X-Slack-Request-Timestamp": "nan"},
    {"X-Slack-Request-Timestamp": "-1"},
]


async def test_a_forged_request_is_refused(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    for headers in FORGED:
        assert (await ann.post(BODY, "application/json", **headers)).status == 403
    await talk.settled()
    assert api.calls == []


async def test_what_holds_no_object_is_refused(ann: Slacker) -> None:
    for body in (b"", b"payload=", b"payload=[1]", b"a=b&" * 50, b'payload={"type":'):
        assert (await ann.post(body)).status == 400
    assert (await ann.post(b"\xff\xfe")).status == 403, "what is not UTF-8 is not signed by Slack"


NOBODYS = [
    None,
    message_of("hello", bot_id="B1"),
    message_of("hello", subtype="bot_message"),
    message_of("hello", subtype="channel_join"),
    message_of("hello", user="USLACKBOT"),
    message_of("hello", user=["U1"]),
    message_of("hello", channel={"id": CHAT}),
    message_of("", subtype="message_deleted", previous_message={"text": "hello"}),
    {"type": "app_home_opened", "user": ANN},
    {"type": "reaction_added", "user": ANN, "item": {"type": "message", "channel": ROOM, "ts": STAMP}},
]


async def test_what_no_person_wrote_to_us_gets_no_answer(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    for event in NOBODYS:
        assert (await ann.send(event)).status == 200
    await talk.settled()
    assert api.calls == []


def changed(before: str, after: str, **more: Any) -> dict[str, Any]:
    old = {"type": "message", "user": ANN, "text": before, "ts": STAMP}
    new = {**old, "text": after, "edited": {"user": ANN, "ts": "1751371260.000000"}, **more}
    place = {"channel": CHAT, "channel_type": "im", "ts": "1751371260.000200"}
    return {"type": "message", "subtype": "message_changed", "message": new, "previous_message": old, **place}


FILES = [{"id": "F1", "mimetype": "image/png"}]
REACTION = {"type": "reaction_added", "user": ANN, "reaction": "thumbsup", "item": {"channel": CHAT, "ts": STAMP}}


async def test_what_is_no_text_gets_one_sentence(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    for event in (message_of("", subtype="file_share", files=FILES), REACTION, changed("helo", "hello")):
        for _ in range(2):
            await ann.send(event, f"Ev {event['type']} {event.get('subtype')}")
    await talk.settled()
    assert {chat for chat, _ in api.texts} == {CHAT}
    assert ["only read text" in text for _, text in api.texts] == [True, True, False]
    assert "can't see edits" in api.texts[-1][1]


async def test_a_link_that_slack_unfolds_is_no_edit_and_neither_is_our_own(
    ann: Slacker, talk: Talk, api: SlackApi
) -> None:
    await ann.send(changed("see <https://example.com>", "see <https://example.com>", attachments=[{}]))
    await ann.send(changed("Which?", "Which? → hello", bot_id="B1"))
    await talk.settled()
    assert api.calls == []


async def test_a_file_with_words_is_a_message(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    await ann.write("hello", subtype="file_share", files=FILES)
    await talk.settled()
    assert [text for _, text in api.texts] == ["message 1"]


async def test_a_channel_hears_one_sentence_and_then_nothing(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    mention = {"type": "app_mention", "user": ANN, "text": "<@U0LAN0Z89> hello", "ts": STAMP, "channel": ROOM}
    for event in (mention, message_of("hello", channel=ROOM, channel_type="channel"), mention):
        await ann.send(event)
    await talk.settled()
    ((chat, text),) = api.texts
    assert (chat, "one person at a time" in text) == (ROOM, True)


async def test_a_pressed_button_says_its_title_and_is_shown(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    await ask(talk, "Less < or > more & why?", ["hello", "something else"])
    await api.has_sent(1)
    ((stamp, shown),) = api.chats[CHAT].items()
    assert shown["text"] == shown["blocks"][0]["text"]["text"] == "Less &lt; or &gt; more &amp; why?"
    assert [button["text"]["text"] for button in shown["blocks"][1]["elements"]] == ["hello", "something else"]
    for _ in range(2):
        assert (await ann.press(pressed(shown, stamp, 0))).status == 200
    await talk.settled()
    assert [text for _, text in api.texts][1:] == ["message 1"], "pressed twice is pressed once"
    await eventually(lambda: len(api.chats[CHAT][stamp]["blocks"]) == 2)
    question, chosen = api.chats[CHAT][stamp]["blocks"]
    assert (question, chosen["elements"][0]["text"]) == (shown["blocks"][0], "→ hello")


async def test_a_press_and_a_message_of_one_person_are_one_conversation(
    ann: Slacker, talk: Talk, api: SlackApi
) -> None:
    await ann.write("hello")
    await ask(talk, "message 1", ["hello"])
    await api.has_sent(2)
    stamp, shown = next((stamp, shown) for stamp, shown in api.chats[CHAT].items() if "blocks" in shown)
    await ann.press(pressed(shown, stamp, 0, team=None, enterprise={"id": "E1"}))
    await api.has_sent(3)
    assert [text for _, text in api.texts] == ["message 1", "message 1", "message 2"]


async def test_a_button_below_an_earlier_message_answers_no_later_question(
    ann: Slacker, talk: Talk, api: SlackApi
) -> None:
    await ann.write("hello")
    await ask(talk, "Shall we call you?", ["hello"])
    await api.has_sent(2)
    stamp, shown = next((stamp, shown) for stamp, shown in api.chats[CHAT].items() if "blocks" in shown)
    await ann.press(pressed(shown, stamp, 0))
    await api.has_sent(3)
    assert "earlier question" in api.texts[-1][1]


async def test_what_is_no_press_of_ours_gets_no_answer(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    shown = {"text": "Which?", "blocks": [{"type": "actions", "elements": [{"value": "hello"}]}]}
    for more in ({"channel": {"id": ROOM}}, {"actions": []}, {"actions": "x"}, {"type": "shortcut"}):
        assert (await ann.press(pressed(shown, STAMP, 0, **more))).status == 200
    await talk.settled()
    assert api.calls == []


async def test_slack_that_is_busy_is_asked_again_when_it_says(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    api.refuse(Planned(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}))
    await ann.write("hello")
    await api.has_sent(1)
    assert len(api.calls) == 2


async def test_a_chat_that_is_gone_is_let_alone(ann: Slacker, talk: Talk, api: SlackApi) -> None:
    api.closed.add(CHAT)
    await ann.write("hello")
    await talk.settled()
    assert len(api.calls) == 1
