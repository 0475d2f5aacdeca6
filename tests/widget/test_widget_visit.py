"""A whole visit to the real program, as one person's afternoon."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from chat_page import Chat
from playwright.async_api import BrowserContext, Locator, expect
from program import Program

from tests.conversations.conversation import PLAIN_ANSWERS, REFERENCE

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

Contexts = Callable[..., Awaitable[BrowserContext]]
CHECKED = tuple(PLAIN_ANSWERS)[: tuple(PLAIN_ANSWERS).index("timeline") + 1]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def strand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """The real program with the real model."""
    from bot.cli.train import ready_model

    program = Program(ready_model(), tmp_path_factory.mktemp("strand"), clinic="Fennel Street Clinic")
    await program.start()
    yield program
    await program.kill()


class Visit:
    """A visitor with tabs, who finds nothing lost, nothing twice and no fault for axe."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.said: list[str] = []

    async def says(self, text: str, answer: str = "") -> Locator:
        """Press the button of that name where there is one, else type; wait for the answer."""
        chat = self.chat
        self.said.append(text)
        button = chat.last.get_by_role("button", name=text, exact=True)
        if await chat.messages.count() and await button.count():
            return await chat.chooses(text, answer)
        return await chat.asks(text, answer)

    async def sees_all(self, chat: Chat) -> None:
        """Every message is there, once and in order, each with its answer."""
        await expect(chat.said_by("visitor")).to_have_count(len(self.said))
        await expect(chat.said_by("assistant")).to_have_count(len(self.said))
        assert await chat.visitor_texts() == self.said

    async def is_accessible(self) -> None:
        assert await self.chat.violations() == []

    async def second_tab(self) -> Chat:
        tab = await Chat(await self.chat.page.context.new_page()).visit(self.chat.page.url)
        return await tab.open()


@pytest.fixture
def begin(strand: Program, new_context: Contexts) -> Callable[..., Awaitable[Visit]]:
    """Opens the chat on the demo page."""

    async def come() -> Visit:
        chat = Chat(await (await new_context()).new_page())
        await chat.visit(strand.address)
        return Visit(await chat.open())

    return come


async def asks_a_question(visit: Visit) -> None:
    answer = await visit.says("Does it work?", "FDA-approved")
    await answer.locator("summary").click()
    await expect(answer.locator("[part=sources]")).to_contain_text("evidence")
    await expect(answer.locator("[part=sources]")).to_contain_text("our editors, not a clinician")
    await visit.is_accessible()


async def is_checked(visit: Visit) -> None:
    """The check with a digression, a why and a reload in its middle."""
    chat = visit.chat
    await visit.says("start the suitability check", "How old are you?")
    for place, field in enumerate(CHECKED, start=1):
        await expect(chat.last.locator("[part=progress]")).to_have_text(f"Question {place} of 10")
        if field == "duration":
            await visit.says("what does it cost?", "Question 3 of 10")
            await visit.says("Why do you ask?")
        if field == "medications":
            await chat.page.reload()
            await chat.open()
            await visit.sees_all(chat)
            await visit.is_accessible()
        await visit.says(PLAIN_ANSWERS[field])
    await expect(chat.last).to_contain_text("Please check this")
    await visit.says("Yes, that's right", "What the check shows")
    await visit.is_accessible()


async def is_handed_over(visit: Visit) -> str:
    """Consents, contact, the summary, and the reference that the visitor is told."""
    chat = visit.chat
    asked = await visit.says("Yes, please")
    for text in ("Yes", "Yes", "No", "No", "Nora Quill", "nora.quill@mail.example", "Morning"):
        await expect(asked).not_to_be_empty()
        await visit.says(text)
    await expect(chat.last).to_contain_text("Please check this before it is sent")
    await expect(chat.last).to_contain_text("nora.quill@mail.example")
    await visit.is_accessible()
    await visit.says("Yes, send it", "Your reference")
    await visit.is_accessible()
    found = REFERENCE.search(await chat.last.inner_text())
    assert found
    return found.group()


async def test_a_whole_visit(begin: Callable[..., Awaitable[Visit]], strand: Program) -> None:
    visit = await begin()
    chat = visit.chat
    await asks_a_question(visit)
    await is_checked(visit)
    reference = await is_handed_over(visit)

    other = await visit.second_tab()
    await visit.sees_all(other)
    await expect(other.last).to_contain_text(reference)
    visit.said.append("thank you")
    await other.says("thank you")
    await visit.sees_all(other)
    await visit.sees_all(chat)

    await chat.page.context.set_offline(True)
    await expect(chat.part("status")).to_contain_text("offline")
    visit.said.append("is it safe?")
    await chat.says("is it safe?")
    await expect(chat.said_by("visitor").last).to_contain_text("Sending")
    await chat.page.context.set_offline(False)
    await visit.sees_all(chat)
    await visit.sees_all(other)

    await strand.kill()
    visit.said.append("is it painful?")
    await chat.says("is it painful?")
    await expect(chat.part("status")).to_contain_text("No connection right now")
    await strand.start()
    await chat.tries_again()
    await other.tries_again()
    await visit.sees_all(chat)
    await visit.sees_all(other)

    await chat.part("menu-button").click()
    await chat.button("End and delete this chat").click()
    await chat.button("Yes, delete it").click()
    for tab in (chat, other):
        await expect(tab.part("ending")).to_contain_text("This chat was deleted")
        await expect(tab.messages).to_have_count(0)
    await chat.page.reload()
    await chat.open()
    await expect(chat.part("starters")).to_be_visible()
    await expect(chat.messages).to_have_count(0)
    assert chat.faults == other.faults == []
    assert await chat.policy_violations() == []


async def test_danger_comes_before_everything(begin: Callable[..., Awaitable[Visit]]) -> None:
    visit = await begin()
    await visit.says("start the suitability check")
    answer = await visit.says("my chest hurts and i cannot breathe", "Important")
    await expect(answer.get_by_role("link", name="Call 911")).to_have_attribute("href", "tel:911")
    await visit.is_accessible()


async def test_a_chat_that_is_deleted_by_words_is_over(begin: Callable[..., Awaitable[Visit]]) -> None:
    visit = await begin()
    chat = visit.chat
    await visit.says("Does it work?")
    await chat.says("delete my data")
    await expect(chat.part("ending")).to_contain_text("This chat was deleted")
    await visit.is_accessible()
    await chat.button("Start a new chat").click()
    await chat.asks("Is it FDA-approved?")
    await expect(chat.messages).to_have_count(2)


async def test_what_is_always_there_does_what_it_says(begin: Callable[..., Awaitable[Visit]]) -> None:
    chat = (await begin()).chat
    await expect(chat.part("panel")).to_contain_text("Automated assistant, not a clinician")
    await expect(chat.part("emergency")).to_have_attribute("href", "tel:911")
    await chat.part("privacy").click()
    await chat.answered(0, "30 days")
    await chat.part("person").click()
    await chat.answered(1, "How old are you?")


async def test_every_starter_question_is_answered(begin: Callable[..., Awaitable[Visit]]) -> None:
    chat = (await begin()).chat
    titles = await chat.part("starters").get_by_role("button").all_inner_texts()
    assert 3 <= len(titles) <= 4
    for title in titles:
        answer = await chat.asks(title)
        await expect(answer).to_have_attribute("data-kind", "answer")


async def test_a_slash_is_text(begin: Callable[..., Awaitable[Visit]]) -> None:
    chat = (await begin()).chat
    await chat.asks("/restart")
    assert await chat.visitor_texts() == ["/restart"]
