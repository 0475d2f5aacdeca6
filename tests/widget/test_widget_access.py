"""Every state of the widget under axe-core, and what axe cannot see: sizes, small screens, four times the size."""

from collections.abc import Awaitable, Callable

import pytest
import said
from chat_page import Chat, Visitor
from playwright.async_api import expect
from stand_in import PAGE, StandIn, reply

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT = {
    "answer": said.ANSWER,
    "clarify": said.CLARIFY,
    "check": said.QUESTION,
    "digression": said.DIGRESSION,
    "outcome": said.OUTCOME,
    "urgent": said.URGENT,
    "review": said.REVIEW,
    "submitted": said.SUBMITTED,
    "spanish": said.SPANISH,
    "unknown": said.UNKNOWN,
    "refusal": said.REFUSAL,
    "long": reply("\n\n".join(f"Paragraph {number}." for number in range(30))),
}
MOVING = "() => document.querySelector('strand-chat').shadowRoot.getAnimations({ subtree: true }).length"
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "narrow": {"width": 320, "height": 640},
    "phone": {"width": 360, "height": 740, "has_touch": True, "is_mobile": True, "color_scheme": "dark"},
}


async def closed(chat: Chat, server: StandIn) -> None:
    await chat.part("close").click()


async def greeting(chat: Chat, server: StandIn) -> None:
    await expect(chat.part("greeting")).to_be_visible()


async def spoken(chat: Chat, server: StandIn) -> None:
    """All kinds of turns one after the other; those before the last have spent choices."""
    for text in SCRIPT:
        await chat.asks(text)
        if text == "answer":
            await chat.last.locator("summary").click()


async def staffed(chat: Chat, server: StandIn) -> None:
    await chat.asks("check")
    await server.say(said.JOINED, "staff")
    await server.say(said.STAFF, "staff")
    await expect(chat.last).to_contain_text("Ada")


async def choices(chat: Chat, server: StandIn) -> None:
    await chat.asks("check", "Question 2 of 10")


async def typing(chat: Chat, server: StandIn) -> None:
    server.held = True
    await chat.says("slowly")
    await expect(chat.part("typing")).to_be_visible()
    await server.tell({"type": "moment", "id": server.received[0][0]})
    await expect(chat.part("typing")).to_contain_text("One moment")


async def failed(chat: Chat, server: StandIn) -> None:
    server.failing = {"break"}
    server.refusals = [{"reason": "unreadable"}]
    await chat.says("???")
    await chat.says("break")
    await expect(chat.part("retry")).to_have_count(2)


async def offline(chat: Chat, server: StandIn) -> None:
    await chat.asks("answer")
    await chat.page.context.set_offline(True)
    await chat.says("are you there?")
    await expect(chat.part("status")).to_contain_text("offline")


async def too_long(chat: Chat, server: StandIn) -> None:
    await chat.field.fill("x " * 501)
    await expect(chat.part("count")).to_contain_text("too many")


async def menu(chat: Chat, server: StandIn) -> None:
    await chat.asks("answer")
    await chat.part("menu-button").click()


async def deleting(chat: Chat, server: StandIn) -> None:
    await menu(chat, server)
    await chat.button("End and delete this chat").click()
    await expect(chat.button("Yes, delete it")).to_be_visible()


async def ended(chat: Chat, server: StandIn) -> None:
    await deleting(chat, server)
    await chat.button("Yes, delete it").click()
    await expect(chat.part("ending")).to_contain_text("This chat was deleted")


async def newer(chat: Chat, server: StandIn) -> None:
    await chat.asks("long")
    await chat.asks("again")
    await chat.scrolls_up(900)
    await server.say(reply("Something new."))
    await expect(chat.part("newer")).to_be_visible()


Reach = Callable[[Chat, StandIn], Awaitable[None]]
STATES: list[Reach] = [
    closed, greeting, spoken, staffed, choices, typing, failed, offline, too_long, menu, deleting, ended, newer,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=[state.__name__ for state in STATES])
async def test_axe_finds_nothing_in_any_state(visitor: Visitor, server: StandIn, state: Reach) -> None:
    server.answers = SCRIPT
    chat = await visitor()
    await state(chat, server)
    found = {"light": await chat.violations()}
    await chat.page.emulate_media(color_scheme="dark")
    found["dark"] = await chat.violations()
    await chat.page.context.set_offline(False)
    assert found == {"light": [], "dark": []}


async def test_axe_does_look_into_the_widget(visitor: Visitor) -> None:
    chat = await visitor()
    await chat.part("help").evaluate("(it) => it.append(document.createElement('button'))")
    assert [line.partition(":")[0] for line in await chat.violations()] == ["button-name"]


@pytest.mark.parametrize("look", ["forced colours", "narrow", "phone"])
async def test_axe_finds_nothing_in_any_look(visitor: Visitor, server: StandIn, look: str) -> None:
    server.answers = SCRIPT
    chat = await visitor(**LOOKS[look])
    found = {"greeting": await chat.violations()}
    await spoken(chat, server)
    found["spoken"] = await chat.violations()
    assert found == {"greeting": [], "spoken": []}


@pytest.mark.parametrize(("attributes", "wanted"), [('language="es"', "es"), ('dir="rtl"', "en")])
async def test_axe_finds_nothing_in_spanish_nor_from_right_to_left(
    visitor: Visitor, server: StandIn, attributes: str, wanted: str
) -> None:
    server.answers = SCRIPT
    server.pages["/other.html"] = PAGE.format(attributes)
    chat = await visitor("/other.html")
    found = {"greeting": await chat.violations()}
    await spoken(chat, server)
    found["spoken"] = await chat.violations()
    assert found == {"greeting": [], "spoken": []}
    assert await chat.part("panel").evaluate("(it) => it.closest('[lang]').lang") == wanted
    if "rtl" in attributes:
        place = (await chat.measured("[part=panel]"))[0]
        assert place["left"] < 1280 - place["right"]
        sent = (await chat.measured(".bubble"))[0]
        assert sent["left"] - place["left"] < place["right"] - sent["right"]


SMALL = [
    {"width": 360, "height": 740, "has_touch": True, "is_mobile": True},
    {"width": 320, "height": 256},  # 1280 by 1024 at 400 %
]


@pytest.mark.parametrize("screen", SMALL, ids=["phone", "four times the size"])
async def test_on_a_small_screen_nothing_is_lost(
    visitor: Visitor, server: StandIn, screen: dict[str, int | bool]
) -> None:
    server.answers = SCRIPT
    chat = await visitor(**screen)
    await spoken(chat, server)
    await chat.asks("check")
    panel = (await chat.measured("[part=panel]"))[0]
    assert (panel["width"], panel["height"]) == (screen["width"], screen["height"])
    for scrolled in (chat.part("transcript"), chat.page.locator("html")):
        assert await scrolled.evaluate("(it) => it.scrollWidth - it.clientWidth") <= 0
    for one in await chat.measured("[part=panel] :is(button, a, textarea, summary, .bubble, .words)"):
        assert one["left"] >= 0, one
        assert one["right"] <= screen["width"], one
    for wanted in ("field", "send", "close", "person", "emergency"):
        await chat.part(wanted).click(trial=True)
    await chat.button("Why do you ask?").click(trial=True)


async def test_text_may_be_spaced_out(visitor: Visitor, server: StandIn) -> None:
    """WCAG 1.4.12, as a reader's own style sheet would have it."""
    server.answers = SCRIPT
    chat = await visitor(width=320, height=640)
    await chat.part("panel").evaluate(
        """(it) => it.querySelectorAll("*").forEach((one) => Object.assign(one.style,
          { lineHeight: "1.5", letterSpacing: "0.12em", wordSpacing: "0.16em" }))"""
    )
    await chat.asks("check")
    for one in await chat.measured("[part=panel] :is(button, a, textarea, .words)"):
        assert one["right"] <= 320, one
    await chat.button("Shedding all over").click(trial=True)


async def test_targets_are_large_enough_and_inputs_do_not_zoom(visitor: Visitor, server: StandIn) -> None:
    server.answers = SCRIPT
    chat = await visitor(width=360, height=740, has_touch=True, is_mobile=True)
    await spoken(chat, server)
    await chat.asks("check")
    await chat.part("menu-button").click()
    small = [
        one
        for one in await chat.measured(":is(button, summary, [part=help] a, a.dial, [part=sources] a)")
        if min(one["width"], one["height"]) < 24
    ]
    assert small == []
    assert [float(one["font"].removesuffix("px")) >= 16 for one in await chat.measured("textarea")] == [True]


async def test_nothing_moves_for_those_who_want_no_motion(visitor: Visitor, server: StandIn) -> None:
    server.held = True
    chat = await visitor()
    await chat.says("slowly")
    await expect(chat.part("typing")).to_be_visible()
    assert await chat.page.evaluate(MOVING) == 0
    await chat.page.emulate_media(reduced_motion="no-preference")
    await chat.page.wait_for_function(MOVING)
