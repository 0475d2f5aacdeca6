"""What is written elsewhere reaches the open web chats, and real answers come with all that a widget shows."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from web_client import Visiting, browser, open_store, web_chat

from bot.dialogue.assistant import Assistant
from bot.dialogue.intake import News
from bot.transcripts.tables import addresses


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[Visiting]:
    async with web_chat(assistant) as opened:
        yield opened


async def the_conversation() -> str:
    query = select(addresses.c.conversation_id)
    found: str = await open_store().run(lambda session: session.execute(query).scalar_one())
    return found


@pytest.mark.parametrize("named", [True, False], ids=["told where", "told that something was missed"])
async def test_what_another_process_wrote_is_read(client: Visiting, assistant: Assistant, named: bool) -> None:
    async with browser(client) as ann, browser(client, ann.token) as tab:
        await ann.ask("hello")
        await tab.answer()
        conversation = await the_conversation()
        await assistant.turns.answer(conversation, "said elsewhere", "web")
        client.intake.tell(News(conversation if named else ""))
        for each in (ann, tab):
            news = await each.hear("news")
            assert [item.get("text") or item["texts"] for item in news["items"]] == ["said elsewhere", ["message 2"]]
            assert news["open"] == []
        assert await ann.ask("and here") == ["message 3"]


async def test_news_that_skip_something_are_completed_first(client: Visiting, assistant: Assistant) -> None:
    """Another process took a turn, and its news are late: this one's answer does not hide it."""
    async with browser(client) as ann:
        await ann.ask("hello")
        conversation = await the_conversation()
        await assistant.turns.answer(conversation, "said elsewhere", "web")
        await ann.say("and here")
        news = await ann.hear("news")
        said = [item["texts"] for item in news["items"] if item["from"] == "assistant"]
        assert said == [["message 2"], ["message 3"]]
        client.intake.tell(News(conversation))
        assert (await ann.hear("news"))["items"] == []


async def test_a_real_answer_comes_with_its_sources_and_its_choices_as_titles(strand: Assistant) -> None:
    async with web_chat(strand) as client, browser(client) as ann:
        await ann.ask("so did the fda ok it")
        answer = ann.frames[-1]["items"][-1]
        assert answer["payload"]["kind"] == "answer"
        assert answer["payload"]["sources"]
        assert all(isinstance(title, str) for title in answer["buttons"])


async def test_a_visitor_who_asks_for_it_in_words_is_deleted_and_reads_so(strand: Assistant) -> None:
    async with web_chat(strand) as client, browser(client) as ann, browser(client, ann.token) as tab:
        await ann.ask("hello")
        await tab.answer()
        await ann.say("delete my data")
        for each in (ann, tab):
            ended = await each.hear("ended")
            assert (ended["receipt"], ended["goes_on"]) == (None, False)
            assert "deleted" in " ".join(ended["texts"])
            assert await each.closed() == 4401
        assert await open_store().run(lambda session: session.execute(addresses.select()).all()) == []
