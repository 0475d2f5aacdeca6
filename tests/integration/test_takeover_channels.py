"""What staff say reaches the phone, in order with what the assistant says; the web chat shows that they type."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp.test_utils import TestClient
from inbox_desk import Desk
from taking_over import Room
from texting import ACCOUNT, SETTINGS, THEIRS, TOKEN, Texter
from web_client import bearer, browser, new_id, web_chat

from bot.chat.channels.twilio import Sms
from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import News
from bot.errors import TakeoverRefused
from bot.settings import settings
from bot.staff.takeover import words
from bot.storage.types import utc_now
from bot.transcripts import sessions
from tests.conftest import Configure
from tests.fakes.providers import TwilioApi
from tests.fakes.talking import Talk, talking

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Phone:
    """Somebody who texts, the staff's side of it, and what Twilio was given to send."""

    talk: Talk
    texter: Texter
    room: Room
    api: TwilioApi
    read: int = 0

    async def texts(self, words: str) -> list[str]:
        await self.texter.send(words)
        return await self.gets()

    async def gets(self) -> list[str]:
        """The texts that came since the last look, once nothing waits."""
        self.talk.intake.tell(News(""))
        await self.talk.settled()
        new = [said for _, said in self.api.texts[self.read :]]
        self.read = len(self.api.sent)
        return new


@pytest.fixture
async def phone(strand: Assistant, configure: Configure) -> AsyncIterator[Phone]:
    async with TwilioApi(ACCOUNT, TOKEN) as api:
        configure(**SETTINGS, twilio_api=api.url, leads_file="off", web_messages_a_minute=60, moment_seconds=60)
        async with talking(strand, Sms) as talk:
            room = Room(Desk(talk.intake), THEIRS, "sms")
            yield Phone(talk, Texter(talk.client), room, api)


async def test_a_talk_by_text_message(phone: Phone) -> None:
    await phone.texts("start the suitability check")
    await phone.room.joins()
    assert await phone.gets() == [await words.joined(settings())]
    assert await phone.texts("1") == []
    await phone.room.writes("Good morning, this is Dana.")
    await phone.room.writes("What can I do for you?")
    assert await phone.gets() == ["Good morning, this is Dana.", "What can I do for you?"]
    assert {to for to, _ in phone.api.texts} == {THEIRS}
    await phone.room.leaves()
    left, question = await phone.gets()
    assert left == await words.left(settings())
    assert "How old are you?" in question
    (following,) = await phone.texts("34")
    assert "1. Slow thinning over years" in following


async def test_stop_still_stops_while_a_person_is_there(phone: Phone) -> None:
    await phone.texts("hello")
    await phone.room.joins()
    await phone.gets()
    (confirmation,) = await phone.texts("STOP")
    assert "START" in confirmation
    with pytest.raises(TakeoverRefused, match="STOP"):
        await phone.room.writes("Are you there?")
    assert await phone.gets() == []


async def test_nobody_answers_a_phone(phone: Phone, configure: Configure) -> None:
    await phone.texts("hello")
    await phone.room.joins()
    await phone.gets()
    assert await phone.texts("is anyone there?") == []
    configure(takeover_minutes=0)
    await phone.room.looks_late()
    left, offer = await phone.gets()
    assert left == await words.left(settings())
    assert "1. Yes, please" in offer
    (question,) = await phone.texts("1")
    assert "How old are you?" in question


@pytest.fixture
async def web(strand: Assistant) -> AsyncIterator[TestClient]:
    async with web_chat(strand) as opened:
        yield opened


async def test_a_browser_shows_that_somebody_types_and_a_question_that_waits_does_not_wake(web: TestClient) -> None:
    async with browser(web) as ann:
        await ann.ask("hello")
        address = sessions.verify(ann.token, utc_now())
        where = await web.intake.database.run(lambda session: sessions.known(session, address))
        asked = asyncio.create_task(web.get(f"/chat/news?after={ann.cursor}", headers=bearer(ann.token)))
        web.intake.tell(News(where or "", typing=True))
        assert await ann.hear("typing") == {"type": "typing"}
        assert not asked.done()
        await ann.say("hello again", new_id())
        assert (await asked).status == 200
