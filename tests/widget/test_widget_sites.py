"""The widget on other people's pages: it keeps to their rules, and whatever fails, the page stays whole."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from chat_page import Chat, Visitor
from playwright.async_api import BrowserContext, expect
from stand_in import PAGE, StandIn
from website import Site, is_whole

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def site(server: StandIn) -> AsyncIterator[Site]:
    """A website on another origin, whose policy allows the stand-in."""
    made = Site()
    await made.start()
    made.chat = server.address
    yield made
    await made.stop()


async def test_the_demo_page_keeps_to_the_strictest_policy(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.asks("hello")
    await chat.part("menu-button").click()
    await chat.button("End and delete this chat").click()
    await chat.button("Yes, delete it").click()
    await expect(chat.part("ending")).to_contain_text("deleted")
    assert await chat.policy_violations() == []


EMBEDDED = [
    ('<script src="{chat}/widget.js" data-title="Ask us" data-position="left"></script>', ""),  # before there is a body
    ('<script src="{chat}/widget.js" data-title="Ask us" data-position="left" defer></script>', ""),
    ("", '<script src="{chat}/widget.js"></script><strand-chat title="Ask us" position="left"></strand-chat>'),
]


@pytest.mark.parametrize(("head", "body"), EMBEDDED, ids=["in the head", "deferred", "as an element"])
async def test_it_works_on_another_website(
    site: Site, server: StandIn, new_context: Callable[..., Awaitable[BrowserContext]], head: str, body: str
) -> None:
    server.origins = {site.address}
    chat = Chat(await (await new_context()).new_page())
    await chat.visit(site.put(head.format(chat=server.address), body.format(chat=server.address)))
    await chat.open()
    await chat.asks("from elsewhere", "An answer to: from elsewhere")
    await expect(chat.part("panel")).to_have_accessible_name("Ask us")
    assert (await chat.measured("[part=panel]"))[0]["left"] < 100
    await expect(chat.page.locator("strand-chat")).to_have_count(1)
    assert await chat.policy_violations() == []
    assert chat.faults == []


async def test_a_website_that_is_not_allowed_stays_whole(
    site: Site, server: StandIn, new_context: Callable[..., Awaitable[BrowserContext]]
) -> None:
    page = await (await new_context()).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(site.put(f'<script src="{server.address}/widget.js"></script>'))
    await page.wait_for_function("document.querySelector('strand-chat')?.ready")
    assert await page.evaluate("document.querySelector('strand-chat').ready") is False
    await is_whole(page)
    assert errors == []


@pytest.mark.parametrize("missing", ["/widget.js", "/widget/en.json"])
async def test_where_a_file_is_missing_the_page_stays_whole(
    site: Site, server: StandIn, new_context: Callable[..., Awaitable[BrowserContext]], missing: str
) -> None:
    server.origins = {site.address}
    server.missing = {missing}
    page = await (await new_context()).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(site.put(f'<script src="{server.address}/widget.js" defer></script>'))
    if missing != "/widget.js":
        assert await page.evaluate("document.querySelector('strand-chat').ready") is False
    await page.evaluate("document.querySelector('strand-chat')?.open?.()")
    await is_whole(page)
    assert errors == []


async def test_where_the_server_is_gone_the_page_stays_whole_and_the_chat_says_so(
    visitor: Visitor, server: StandIn
) -> None:
    chat = await visitor(opened=False)
    await server.stop()
    await chat.part("launcher").click()
    await expect(chat.part("status")).to_contain_text("No connection right now")
    await chat.part("close").click()
    await chat.page.locator("h1").click()
    await server.start()


async def test_nothing_is_asked_of_the_server_before_the_chat_is_opened(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor(opened=False)
    assert server.talks == {}
    await chat.open()
    assert len(server.talks) == 1


async def test_a_page_opens_it_by_code_and_hears_of_it(
    site: Site, server: StandIn, new_context: Callable[..., Awaitable[BrowserContext]]
) -> None:
    server.origins = {site.address}
    page = await (await new_context()).new_page()
    chat = Chat(page)
    script = f'<script src="{server.address}/widget.js"></script>'
    await page.goto(site.put(script, "<strand-chat hidden></strand-chat>"))
    await page.evaluate(
        """async () => {
          const chat = document.querySelector("strand-chat");
          window.heard = [];
          for (const name of ["open", "close", "message", "handoff", "ended"])
            addEventListener(`strand-${name}`, ({ type, detail }) => heard.push([type, JSON.stringify(detail)]));
          await chat.ask("asked by the page");
        }"""
    )
    await chat.answered(0, "An answer to: asked by the page")
    await expect(chat.part("launcher")).to_be_hidden()
    await page.evaluate("document.querySelector('strand-chat').close()")
    await expect(chat.part("panel")).to_be_hidden()
    heard: list[Any] = await page.evaluate("window.heard")
    assert [name for name, _ in heard] == ["strand-open", "strand-message", "strand-message", "strand-close"]
    assert "asked by the page" not in str(heard)


async def test_where_the_browser_keeps_nothing_it_still_talks(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor(opened=False)
    await chat.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    await chat.page.reload()
    await chat.open()
    await chat.asks("without storage", "An answer to: without storage")


async def test_its_colours_are_the_pages(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor(opened=False)
    theirs = "rgb(120, 0, 80)"
    await chat.page.locator("strand-chat").evaluate("(it, c) => it.style.setProperty('--strand-accent', c)", theirs)
    await expect(chat.part("launcher")).to_have_css("background-color", theirs)


async def test_the_attributes_of_the_documentation_are_obeyed(visitor: Visitor, server: StandIn) -> None:
    attributes = 'open greeting="Welcome to us." emergency="112" privacy="https://clinic.example/privacy" theme="dark"'
    server.pages["/ours.html"] = PAGE.format(attributes + ' language-file="/words.json"')
    server.pages["/words.json"] = '{"placeholder": "Ask away"}'
    chat = await visitor("/ours.html", opened=False)
    await expect(chat.part("greeting")).to_contain_text("Welcome to us.")
    await expect(chat.part("emergency")).to_have_attribute("href", "tel:112")
    await expect(chat.part("privacy")).to_have_attribute("href", "https://clinic.example/privacy")
    await expect(chat.field).to_have_attribute("placeholder", "Ask away")
    await expect(chat.part("panel")).to_have_css("background-color", "rgb(22, 30, 29)")
    assert await chat.focused() == "body"
