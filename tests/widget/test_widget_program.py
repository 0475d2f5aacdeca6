"""The program under the widget: killed while it works on a message, broken in a turn, asked by another website."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from chat_page import Chat
from playwright.async_api import BrowserContext, expect
from program import Program
from website import Site, is_whole

from bot.storage.keys import new_key
from bot.storage.schema import migrate
from tests.conftest import Configure
from tests.fakes.world import World

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small program has its database and its world."""
    return tmp_path_factory.mktemp("small")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def small(small_model: Path, folder: Path) -> AsyncIterator[Program]:
    """The program on the small assistant, whose actions can be held up."""
    program = Program(small_model, folder, moment_seconds="0.2", turn_seconds="20")
    await program.start()
    yield program
    World(folder).open_gate()
    await program.kill()


async def test_a_message_that_was_being_answered_is_answered_once_after_the_next_start(
    small: Program, folder: Path, new_context: Callable[..., Awaitable[BrowserContext]]
) -> None:
    chat = await Chat(await (await new_context()).new_page()).visit(small.address)
    await chat.open()
    await chat.asks("hello", "message 1")
    await chat.says("please hang")
    await expect(chat.part("typing")).to_contain_text("One moment")
    await small.kill()
    await chat.says("hello")
    World(folder).open_gate()
    await small.start()
    await chat.tries_again()
    answers = [f"Strand: {text}" for text in ("message 1", "waited as message 2", "message 3")]
    await expect(chat.said_by("assistant")).to_have_text(answers)
    assert await chat.visitor_texts() == ["hello", "please hang", "hello"]
    await chat.page.reload()
    await chat.open()
    await expect(chat.messages).to_have_count(6)


async def test_a_turn_that_breaks_can_be_tried_again(
    small: Program, new_context: Callable[..., Awaitable[BrowserContext]]
) -> None:
    chat = await Chat(await (await new_context()).new_page()).visit(small.address)
    await chat.open()
    await chat.says("please break")
    await expect(chat.part("retry")).to_be_visible()
    assert await chat.violations() == []
    await chat.asks("hello", "message 1")
    await chat.part("retry").click()
    await expect(chat.part("retry")).to_be_visible()
    await expect(chat.said_by("visitor")).to_have_count(2)


@pytest_asyncio.fixture(loop_scope="session")
async def sites() -> AsyncIterator[tuple[Site, Site]]:
    """Two websites."""
    made = (Site(), Site())
    for site in made:
        await site.start()
    yield made
    for site in made:
        await site.stop()


async def test_only_the_websites_of_the_settings_may_have_it(
    small_model: Path,
    configure: Configure,
    tmp_path: Path,
    sites: tuple[Site, Site],
    new_context: Callable[..., Awaitable[BrowserContext]],
) -> None:
    allowed, other = sites
    keys = {"keys": new_key(), "index_key": new_key()}
    migrate(configure(**keys).database)
    program = Program(small_model, tmp_path, **keys, env="production", origins=allowed.address)
    await program.start()
    script = f'<script src="{program.address}/widget.js" data-title="Ask us"></script>'
    try:
        chat = Chat(await (await new_context()).new_page())
        await chat.visit(allowed.put(script))
        await chat.open()
        await chat.asks("hello", "message 1")
        assert chat.faults == await chat.policy_violations() == []
        await chat.page.goto(other.put(script))
        assert await chat.page.evaluate("document.querySelector('strand-chat').ready") is False
        await is_whole(chat.page)
        # What its script cannot do, its page cannot either.
        talk = f"fetch('{program.address}/chat/session', {{ method: 'POST' }}).catch(() => 'refused')"
        assert await chat.page.evaluate(talk) == "refused"
    finally:
        await program.kill()
