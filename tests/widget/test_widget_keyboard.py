"""Everything without a mouse, and the focus only ever where its owner has put it."""

import pytest
import said
from chat_page import Chat, Visitor
from playwright.async_api import expect
from stand_in import StandIn, reply

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMPOSING = """(field, [key, init]) => {
  field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true, composed: true }));
  const event = new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...init });
  return field.dispatchEvent(event);
}"""


async def tab_to(chat: Chat, wanted: str, key: str = "Tab", most: int = 25) -> None:
    """Press the key until `wanted` has the focus."""
    for _ in range(most):
        if await chat.focused() == wanted:
            return
        await chat.page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached; the focus is on {await chat.focused()}")


async def test_a_whole_talk_by_keyboard(visitor: Visitor, server: StandIn) -> None:
    server.answers = {
        "does it work": said.ANSWER,
        "What are the risks?": said.QUESTION,
        "Why do you ask?": said.WHY,
    }
    chat = await visitor(opened=False)
    keys = chat.page.keyboard
    await tab_to(chat, "launcher")
    await keys.press("Enter")
    await expect(chat.field).to_be_focused()
    await keys.type("does it work")
    await keys.press("Enter")
    await chat.answered(0)
    await tab_to(chat, "summary", "Shift+Tab")
    await keys.press("Enter")
    await expect(chat.last.get_by_text("moderate evidence")).to_be_visible()
    await tab_to(chat, "What are the risks?")
    await keys.press("Enter")
    await chat.answered(1, "Question 2 of 10")
    assert await chat.focused() == "field"
    await tab_to(chat, "Why do you ask?", "Shift+Tab")
    await keys.press("Space")
    await chat.answered(2, "Studies tested slow pattern hair loss.")
    assert await chat.focused() == "field"
    await keys.press("Escape")
    await expect(chat.part("panel")).to_be_hidden()
    assert await chat.focused() == "launcher"
    assert server.texts() == ["does it work", "What are the risks?", "Why do you ask?"]


async def test_the_chat_is_deleted_by_keyboard(visitor: Visitor) -> None:
    chat = await visitor()
    await chat.asks("forget me")
    keys = chat.page.keyboard
    await tab_to(chat, "menu-button", "Shift+Tab")
    await keys.press("Enter")
    assert await chat.focused() == "ask-end"
    await keys.press("Escape")
    assert await chat.focused() == "menu-button"
    await keys.press("Enter")
    await keys.press("Enter")
    assert await chat.focused() == "keep"  # the harmless one first
    await keys.press("Escape")
    await expect(chat.messages).to_have_count(2)
    assert await chat.focused() == "menu-button"
    await keys.press("Enter")
    await keys.press("Enter")
    await tab_to(chat, "end")
    await keys.press("Enter")
    await expect(chat.part("ending")).to_contain_text("This chat was deleted")
    await tab_to(chat, "anew")
    await keys.press("Enter")
    await expect(chat.field).to_be_focused()


async def test_the_focus_never_moves_when_a_message_comes(visitor: Visitor, server: StandIn) -> None:
    server.answers["how much"] = said.CLARIFY
    chat = await visitor()
    await chat.asks("how much")
    for place in ("The payment plan", "transcript", "close", "person"):
        await tab_to(chat, place, "Shift+Tab")
        await server.say(reply(f"News while on {place}."))
        await expect(chat.last).to_contain_text(place)
        assert await chat.focused() == place
    await tab_to(chat, "launcher")
    await chat.page.keyboard.press("Enter")
    await chat.page.evaluate("document.querySelector('pre').focus()")
    await server.say(reply("News while elsewhere."))
    await expect(chat.part("launcher")).to_have_accessible_name("Open the chat, new messages: 1")
    assert await chat.focused() == "pre"


async def test_shift_and_enter_break_the_line(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.field.press_sequentially("one")
    await chat.field.press("Shift+Enter")
    await chat.field.press_sequentially("two")
    await expect(chat.field).to_have_value("one\ntwo")
    assert server.received == []
    await chat.field.press("Enter")
    await chat.answered(0)
    assert server.texts() == ["one\ntwo"]


@pytest.mark.parametrize("init", [{"isComposing": True}, {"keyCode": 229}])
async def test_the_enter_that_ends_a_composition_sends_nothing(
    visitor: Visitor, server: StandIn, init: dict[str, object]
) -> None:
    chat = await visitor()
    await chat.field.fill("かみ")
    assert await chat.field.evaluate(COMPOSING, ["Enter", init])  # nobody has taken it
    await expect(chat.field).to_have_value("かみ")
    await chat.field.press("Enter")
    await chat.answered(0)
    assert server.texts() == ["かみ"]


async def test_an_empty_message_is_not_sent(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.field.fill("  \n ")
    await chat.field.press("Enter")
    await chat.part("send").click()
    await chat.asks("words")
    assert server.texts() == ["words"]


async def test_on_a_phone_the_focus_stays_within_the_full_screen(visitor: Visitor) -> None:
    chat = await visitor(width=360, height=740, has_touch=True, is_mobile=True)
    await expect(chat.part("panel")).to_have_attribute("aria-modal", "true")
    places = set()
    for _ in range(20):
        await chat.page.keyboard.press("Tab")
        places.add(await chat.focused())
    assert "field" in places
    assert not places & {"launcher", "body", "pre", None}
    await chat.page.keyboard.press("Escape")
    assert await chat.focused() == "launcher"


async def test_on_a_phone_a_choice_does_not_raise_the_keyboard(visitor: Visitor, server: StandIn) -> None:
    server.answers["how much"] = said.CLARIFY
    chat = await visitor(width=360, height=740, has_touch=True, is_mobile=True)
    assert await chat.focused() == "panel"
    await chat.asks("how much")
    await chat.button("The price").tap()
    await chat.answered(1)
    assert await chat.focused() == "panel"


async def test_on_a_desk_the_page_beside_the_chat_can_be_reached(visitor: Visitor) -> None:
    chat = await visitor()
    await expect(chat.part("panel")).not_to_have_attribute("aria-modal", "true")
    await tab_to(chat, "pre", "Shift+Tab")


async def test_a_key_of_the_page_is_not_taken(visitor: Visitor) -> None:
    chat = await visitor(opened=False)
    await chat.page.evaluate("addEventListener('keydown', (event) => (window.pressed ??= []).push(event.key))")
    await chat.page.keyboard.press("Escape")
    await chat.page.keyboard.press("Enter")
    assert await chat.page.evaluate("window.pressed") == ["Escape", "Enter"]
    await expect(chat.part("panel")).to_be_hidden()
