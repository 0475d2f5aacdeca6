"""A person of the staff and a visitor in a browser each: the one takes the other's conversation over."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from browser_console import PEOPLE, Invented, Member
from browser_program import Program
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot.cli.train import ready_model

pytestmark = pytest.mark.asyncio(loop_scope="session")

Contexts = Callable[..., Awaitable[BrowserContext]]


@pytest_asyncio.fixture(loop_scope="session")
async def program(invented: Invented, tmp_path: Path) -> AsyncIterator[Program]:
    """The whole program, with the demonstration in its database."""
    invented.copy_to(tmp_path / "var")
    started = Program(ready_model(), tmp_path / "var")
    await started.start()
    yield started
    started.stop()


def said(visitor: Page, text: str) -> Locator:
    """What the visitor's widget shows."""
    return visitor.locator("strand-chat [part='message']", has_text=text).last


async def _asks(visitor: Page, text: str) -> None:
    field = visitor.locator("strand-chat [part='field']")
    await field.fill(text)
    await field.press("Enter")


async def _visitor(program: Program, new_context: Contexts) -> Page:
    """Somebody who has asked a question."""
    page = await (await new_context()).new_page()
    await page.goto(program.chat)
    await page.locator("strand-chat [part='launcher']").click()
    await _asks(page, "does it hurt?")
    await expect(page.locator("strand-chat [part='message'][data-from='assistant']")).not_to_have_count(0)
    return page


async def _member(program: Program, new_context: Contexts, passwords: dict[str, str], role: str) -> Member:
    page = await (await new_context()).new_page()
    name = PEOPLE[role]
    return await Member(page, program.console).signs_in(f"{name}.demo", passwords[name])


async def test_a_conversation_is_taken_over_and_given_back(
    program: Program, new_context: Contexts, invented: Invented
) -> None:
    visitor = await _visitor(program, new_context)
    dana = await _member(program, new_context, invented.passwords, "reviewer")
    await dana.goes("/conversations?channel=web")
    row = dana.page.locator("table[data-keys] tbody tr", has_text="1 answer").filter(has_not_text="Red flag").first
    path = await row.get_attribute("data-href")
    assert path
    await dana.goes(path)
    await dana.reads("does it hurt?")
    await dana.presses("Join")
    await expect(said(visitor, "A person from")).to_be_visible()

    other = await _member(program, new_context, invented.passwords, "admin")
    await other.goes(path)
    await other.reads("dana.demo is in this conversation")
    await expect(other.page.locator("main").get_by_role("button", name="Join", exact=True)).to_have_count(0)

    await _asks(visitor, "who is there?")
    await expect(dana.page.locator("li.turn", has_text="who is there?")).to_be_visible()
    words = dana.page.get_by_label("Your message")
    assert await dana.violations() == []
    await words.press_sequentially("Dana, from")
    await expect(visitor.locator("strand-chat [part='typing']")).to_be_visible()
    await words.fill("Dana, from the clinic.")
    await dana.presses("Send")
    await expect(said(visitor, "Dana, from the clinic.")).to_be_visible()
    await expect(dana.page.locator("li.turn.staff", has_text="Dana, from the clinic.")).to_be_visible()
    await expect(words).to_have_value("")

    await dana.presses("Give back to the assistant")
    await expect(said(visitor, "automated assistant is back")).to_be_visible()
    await _asks(visitor, "is it fda approved?")
    await expect(visitor.locator("strand-chat [part='message']").last).to_contain_text("FDA")
    assert dana.faults == other.faults == []
