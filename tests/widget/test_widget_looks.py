"""Pictures of the main states at two widths, light and dark, for people to look at: var/screenshots."""

import pytest
import said
from chat_page import Chat, Visitor
from playwright.async_api import expect
from stand_in import StandIn

from bot.settings import PROJECT

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURES = PROJECT / "var" / "screenshots"
SCRIPT = {
    "Does it work?": said.ANSWER,
    "start the check": said.QUESTION,
    "Slow thinning over years": said.OUTCOME,
    "send it to the clinic": said.REVIEW,
    "Yes, send it": said.SUBMITTED,
    "my chest hurts": said.URGENT,
}
PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, {"width": 1280, "height": 800}], ids=["360", "1280"])
async def test_pictures_are_taken(
    visitor: Visitor, server: StandIn, screen: dict[str, int | bool], scheme: str
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    server.answers = SCRIPT
    chat = await visitor(color_scheme=scheme, opened=False, **screen)

    async def picture(name: str) -> None:
        await chat.page.screenshot(path=PICTURES / f"{screen['width']}-{scheme}-{name}.png", animations="disabled")

    await picture("0-closed")
    await chat.open()
    await picture("1-greeting")
    for number, text in enumerate(SCRIPT, start=2):
        await chat.asks(text)
        if text == "Does it work?":
            await chat.last.locator("summary").click()
        await picture(f"{number}-{chat_kind(await chat.last.get_attribute('data-look'))}")
    await trouble(chat, server)
    await picture("8-trouble")
    await chat.part("menu-button").click()
    await picture("9-menu")
    await chat.button("End and delete this chat").click()
    await picture("10-delete")
    await chat.button("Yes, delete it").click()
    await expect(chat.part("ending")).to_contain_text("deleted")
    await picture("11-deleted")
    assert len(list(PICTURES.glob(f"{screen['width']}-{scheme}-*.png"))) >= 12


def chat_kind(look: str | None) -> str:
    return look or "message"


async def trouble(chat: Chat, server: StandIn) -> None:
    """A failed message, one that waits, and the word that says so."""
    server.failing = {"break"}
    await chat.says("break")
    await expect(chat.part("retry")).to_be_visible()
    server.held = True
    await chat.says("and now?")
    await expect(chat.part("typing")).to_be_visible()
