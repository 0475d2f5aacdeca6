"""A visit by text messages to the real assistant: short answers with their source, choices by number, STOP."""

from collections.abc import AsyncIterator

import pytest
from texting import ACCOUNT, SETTINGS, TOKEN, Texter

from bot.chat.channels.twilio import Sms
from bot.dialogue.assistant import Assistant
from tests.conftest import Configure
from tests.fakes.providers import TwilioApi
from tests.fakes.talking import Talk, talking


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioApi]:
    async with TwilioApi(ACCOUNT, TOKEN) as api:
        yield api


@pytest.fixture
async def talk(strand: Assistant, twilio: TwilioApi, configure: Configure) -> AsyncIterator[Talk]:
    configure(
        **SETTINGS,
        twilio_api=twilio.url,
        leads_file="off",
        web_messages_a_minute=60,
        moment_seconds=60,
        turn_seconds=60,
    )
    async with talking(strand, Sms) as opened:
        yield opened


class Visitor:
    """Somebody who texts, and reads what comes back."""

    def __init__(self, talk: Talk, twilio: TwilioApi) -> None:
        self._talk, self._twilio, self._texter = talk, twilio, Texter(talk.client)

    async def text(self, words: str) -> list[str]:
        """The texts that answer one."""
        before = len(self._twilio.sent)
        await self._texter.send(words)
        await self._talk.settled()
        return [said for _, said in self._twilio.texts[before:]]


@pytest.fixture
def visitor(talk: Talk, twilio: TwilioApi) -> Visitor:
    return Visitor(talk, twilio)


async def test_a_visit_by_text_messages(visitor: Visitor) -> None:
    (answer,) = await visitor.text("is it fda approved?")
    assert "Source: " in answer
    assert "https://" in answer
    assert len(answer) <= 1600
    (answer,) = await visitor.text("am i a candidate?")
    assert "\n1. Can I take the suitability check?\n" in answer
    (question,) = await visitor.text("1")
    assert "How old are you?" in question
    (question,) = await visitor.text("34")
    assert "1. Slow thinning over years" in question
    assert question.endswith("Reply with a number, or in your own words.")
    (question,) = await visitor.text("1")
    assert "How long" in question
    assert "You can also reply: Skip" in question
    (question,) = await visitor.text("2")
    assert "What have you tried" in question
    (confirmation,) = await visitor.text("Stop")
    assert "START" in confirmation
    assert await visitor.text("nothing") == []
    (again,) = await visitor.text("START")
    assert "automated assistant" in again
    assert await visitor.text("nothing")


async def test_danger_by_text_message_is_told_whole(visitor: Visitor) -> None:
    (advice, *_) = await visitor.text("i want to kill myself")
    assert "988" in advice
    assert "Source: " not in advice
