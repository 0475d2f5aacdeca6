"""Debian's Chromium, a fresh context for each test, and the servers that it visits."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from chat_page import Chat, Visitor
from playwright.async_api import Browser, BrowserContext, async_playwright, expect
from stand_in import StandIn

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 15_000.0


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, one for all tests of a process."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("the widget's tests want Chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_context(browser: Browser) -> AsyncIterator[Callable[..., Awaitable[BrowserContext]]]:
    """Makes browser contexts; nothing of one test is left for the next."""
    made: list[BrowserContext] = []

    async def make(width: int = 1280, height: int = 800, **options: Any) -> BrowserContext:
        given = {"locale": "en-US", "timezone_id": "UTC", "reduced_motion": "reduce", **options}
        context = await browser.new_context(viewport={"width": width, "height": height}, **given)
        context.set_default_timeout(PATIENCE)
        made.append(context)
        return context

    yield make
    for context in made:
        await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stand_in_port() -> AsyncIterator[StandIn]:
    """The stand-in, started once."""
    started = StandIn()
    await started.start()
    yield started
    await started.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def server(stand_in_port: StandIn) -> AsyncIterator[StandIn]:
    """The stand-in, as new."""
    stand_in_port.forget()
    yield stand_in_port


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(server: StandIn, new_context: Callable[..., Awaitable[BrowserContext]]) -> AsyncIterator[Visitor]:
    """Brings a visitor to the demo page; whatever went wrong in the page fails the test."""
    chats: list[Chat] = []

    async def come(path: str = "/", opened: bool = True, token: str = "", **options: Any) -> Chat:
        context = await new_context(**options)
        if token:
            await keep_token(context, server.address, token)
        chat = Chat(await context.new_page())
        chats.append(chat)
        await chat.visit(server.address + path)
        return await chat.open() if opened else chat

    yield come
    for chat in chats:
        assert chat.faults == []


async def keep_token(context: BrowserContext, address: str, token: str) -> None:
    """Have the browser keep a session's token from the start."""
    await context.add_init_script(
        f"localStorage.getItem('came') ?? (localStorage.setItem('came', 1), "
        f"localStorage.setItem('strand-chat {address}', '{token}'))"
    )
