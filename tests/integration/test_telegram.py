"""Telegram: updates under our secret are answered once and in order, in private chats, with keyboards to press."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timezone

import pytest
from replies import eventually
from telegramming import ANN, GROUP, KIM, SECRET, SETTINGS, TOKEN, Telegrammer, message_of, pressed

from bot.chat.channels.telegram import Telegram
from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import News
from bot.transcripts import replies
from tests.conftest import Configure
from tests.fakes.chat_apis import TelegramApi, too_many
from tests.fakes.talking import Talk, talking
from tests.fakes.world import World

PHOTO = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    made = TelegramApi(TOKEN)
    async with made:
        yield made


@pytest.fixture
async def talk(assistant: Assistant, api: TelegramApi, configure: Configure) -> AsyncIterator[Talk]:
    configure(**SETTINGS, telegram_api=api.url)
    async with talking(assistant, Telegram) as open_talk:
        yield open_talk


@pytest.fixture
def ann(talk: Talk) -> Telegrammer:
    return Telegrammer(talk.client)


async def ask(talk: Talk, texts: list[str], buttons: list[str]) -> None:
    """Let something be said to Ann that no action of the small assistant says."""
    said = {"texts": texts, "buttons": buttons, "payload": {"kind": "question"}}
    now = datetime.now(timezone.utc)
    await talk.database.run(lambda session: replies.put(session, "question", "telegram", str(ANN), said, now))
    talk.intake.tell(News("question"))


async def test_a_message_is_answered_once_however_often_it_comes(
    ann: Telegrammer, talk: Talk, api: TelegramApi
) -> None:
    answers = await asyncio.gather(*(ann.write("hello", update=7) for _ in range(4)))
    await talk.settled()
    await ann.write("hello", update=7)
    await talk.settled()
    assert {(answer.status, await answer.text()) for answer in answers} == {(200, "")}
    assert api.texts == [(str(ANN), "message 1")]
    assert "parse_mode" not in api.sent[0].body
    assert api.sent[0].body["link_preview_options"] == {"is_disabled": True}


async def test_two_people_have_two_conversations_in_order(ann: Telegrammer, talk: Talk, api: TelegramApi) -> None:
    for _ in range(3):
        await ann.write("hello")
        await ann.write("hello", KIM)
    await talk.settled()
    for person in (ANN, KIM):
        assert [text for chat, text in api.texts if chat == str(person)] == ["message 1", "message 2", "message 3"]


async def test_without_the_secret_nothing_is_read(talk: Talk) -> None:
    update = {"update_id": 1, "message": message_of(1, text="hello")}
    for secret in (None, "", "other", SECRET + "x", "é"):
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        assert (await talk.client.post("/webhooks/telegram", json=update, headers=headers)).status == 403


async def test_what_is_no_update_is_refused(talk: Talk) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    for body in ("", "[]", "{", '{"update_id": "x"}', "[" * 50_000, '{"message": {}}'):
        assert (await talk.client.post("/webhooks/telegram", data=body, headers=headers)).status == 400


NOBODYS = [
    {"message": None},
    {"message": {"text": ["hello"], "chat": "me"}},
    {"message": {"text": "hello", "chat": {"id": "1; DROP", "type": "private"}}},
    {"callback_query": {"data": 7, "message": {"reply_markup": {"inline_keyboard": 3}}}},
    {"message_reaction": {"new_reaction": [{"type": "emoji"}]}},
    {"edited_message": [1]},
    {"my_chat_member": {"chat": {"id": ANN, "type": "private"}}},
    {"channel_post": message_of(1, GROUP, text="hello")},
    {"message": message_of(1, pinned_message=message_of(2, text="hello"))},
    {"message": message_of(1, text="hello") | {"from": {"id": 3, "is_bot": True}}},
]


async def test_what_no_person_wrote_gets_no_answer(ann: Telegrammer, talk: Talk, api: TelegramApi) -> None:
    for content in NOBODYS:
        assert (await ann.send(content)).status == 200
    await talk.settled()
    assert api.calls == []


async def test_start_is_a_greeting_and_other_slashes_are_text(ann: Telegrammer, talk: Talk, api: TelegramApi) -> None:
    for text in ("/start", "/start from-a-link", "/restart", '/hang{"x": 1}'):
        await ann.write(text)
    await talk.settled()
    assert [text for _, text in api.texts] == [f"message {number}" for number in range(1, 5)]


async def test_what_is_no_text_gets_one_sentence(ann: Telegrammer, talk: Talk, api: TelegramApi) -> None:
    unread = [
        {"message": message_of(1, photo=PHOTO)},
        {"message": message_of(1, voice={"file_id": "x", "duration": 3})},
        {"message": message_of(1, sticker={"file_id": "x"})},
        {"message_reaction": message_of(1, old_reaction=[], new_reaction=[{"type": "emoji", "emoji": "👍"}])},
    ]
    for number, content in enumerate(unread * 2):
        await ann.send(content, update=1 + number % len(unread))
    for _ in range(2):
        await ann.send({"edited_message": message_of(1, text="hello", edit_date=1751371260)})
    await talk.settled()
    assert {chat for chat, _ in api.texts} == {str(ANN)}
    assert ["only read text" in text for _, text in api.texts] == [True] * 4 + [False]
    assert "can't see edits" in api.texts[-1][1]


async def test_a_picture_with_words_is_a_message_and_an_album_gets_one_sentence(
    ann: Telegrammer, talk: Talk, api: TelegramApi
) -> None:
    await ann.send({"message": message_of(1, photo=PHOTO, caption="hello")})
    for number in (2, 3, 4):
        await ann.send({"message": message_of(number, photo=PHOTO, media_group_id="album")})
    await talk.settled()
    sentence, answer = sorted(text for _, text in api.texts)  # the sentence needs no turn, and may be the first
    assert answer == "message 1"
    assert "only read text" in sentence


async def test_steps_of_a_live_place_and_marks_on_a_message_are_no_edits(
    ann: Telegrammer, talk: Talk, api: TelegramApi
) -> None:
    await ann.send({"edited_message": message_of(1, location={"latitude": 1, "longitude": 2}, edit_date=1751371260)})
    await ann.send({"edited_message": message_of(1, text="hello")})
    await ann.send({"message_reaction": message_of(1, old_reaction=[{"type": "emoji"}], new_reaction=[])})
    await talk.settled()
    assert api.calls == []


async def test_a_group_hears_one_sentence_and_then_nothing(ann: Telegrammer, talk: Talk, api: TelegramApi) -> None:
    for text in ("hello", "hello", "please break"):
        await ann.write(text, GROUP)
    await ann.send({"message": message_of(9, GROUP, photo=PHOTO)})
    await talk.settled()
    ((chat, text),) = api.texts
    assert (chat, "one person at a time" in text) == (str(GROUP), True)


async def test_a_busy_group_is_not_told_that_it_is_busy(
    assistant: Assistant, api: TelegramApi, configure: Configure
) -> None:
    configure(**SETTINGS, telegram_api=api.url, web_messages_a_minute=2)
    async with talking(assistant, Telegram) as talk:
        people = Telegrammer(talk.client)
        for chat in (GROUP, ANN) * 4:
            await people.write("hello", chat)
        await talk.settled()
    assert len([chat for chat, _ in api.texts if chat == str(GROUP)]) == 1
    assert any("a lot at once" in text for chat, text in api.texts if chat == str(ANN))


async def test_a_pressed_button_says_its_title_and_goes(ann: Telegrammer, talk: Talk, api: TelegramApi) -> None:
    await ask(talk, ["Which?"], ["hello", "something else"])
    await api.has_sent(1)
    ((number, keyboard),) = api.keyboards.items()
    assert [[button["text"] for button in row] for row in keyboard] == [["hello"], ["something else"]]
    for count in (1, 2):
        assert (await ann.send(pressed(count, number, keyboard, "hello"))).status == 200
    await talk.settled()
    await eventually(lambda: len(api.toasts) == 2 and api.keyboards[number] == [])
    assert [text for _, text in api.texts] == ["Which?", "message 1"], "pressed twice is pressed once"
    assert set(api.toasts.values()) == {"hello"}


async def test_a_press_is_answered_though_its_keyboard_stays(ann: Telegrammer, talk: Talk, api: TelegramApi) -> None:
    await ann.send(pressed(1, 77, [], "hello"))
    await ann.send(pressed(2, 78, [], "hello", GROUP))
    await talk.settled()
    assert [text for _, text in api.texts] == ["message 1"]


async def test_who_writes_too_fast_for_telegram_waits_as_long_as_it_asks(
    ann: Telegrammer, talk: Talk, api: TelegramApi
) -> None:
    api.refuse(too_many(1))
    await ann.write("hello")
    await api.was_called(1)
    await ann.write("hello", KIM)
    await talk.settled()
    assert sorted(text for _, text in api.texts) == ["message 1", "message 1"]
    assert len(api.calls) == 3


async def test_who_has_blocked_the_bot_is_let_alone(ann: Telegrammer, talk: Talk, api: TelegramApi) -> None:
    api.blocked.add(str(ANN))
    await ann.write("hello")
    await talk.settled()
    assert len(api.calls) == 1


async def test_a_long_turn_is_split_and_only_its_end_has_the_buttons(talk: Talk, api: TelegramApi) -> None:
    await ask(talk, ["This is a sentence about hair. " * 300], ["Yes", "No"])
    await talk.settled()
    assert len(api.sent) == 3
    assert all(text.endswith("hair.") for _, text in api.texts)
    assert ["reply_markup" in call.body for call in api.sent] == [False, False, True]


async def test_a_slow_turn_does_not_keep_telegram_waiting(
    ann: Telegrammer, talk: Talk, api: TelegramApi, world: World
) -> None:
    assert (await ann.write("please hang")).status == 200
    await eventually(lambda: world.has("began"))
    assert (await ann.write("hello")).status == 200
    assert api.calls == []
    world.open_gate()
    await talk.settled()
    assert [text for _, text in api.texts] == ["waited as message 1", "message 2"]
