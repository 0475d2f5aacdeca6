"""What a visitor relies on while they talk: nothing twice, nothing lost, nothing that moves under their hands."""

import re

import pytest
import said
from chat_page import Visitor
from playwright.async_api import expect
from stand_in import StandIn, reply

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = reply("\n\n".join(f"Paragraph {number} of a long answer." for number in range(40)))
TURNS = [(f"question {number}", reply(f"reply {number}")) for number in range(8)]


async def test_html_in_a_message_is_shown_as_text(visitor: Visitor, server: StandIn) -> None:
    server.answers["<b>me</b>"] = said.HOSTILE
    chat = await visitor()
    answer = await chat.asks("<b>me</b>", "<img src=x onerror=alert(1)>")
    await answer.locator("summary").click()
    assert await chat.visitor_texts() == ["<b>me</b>"]
    foreign = "img, script, b, i:not(.typing i), u, iframe, [onerror]"
    assert await chat.part("transcript").locator(foreign).count() == 0
    assert await chat.policy_violations() == []


async def test_only_https_mailto_and_tel_are_links(visitor: Visitor, server: StandIn) -> None:
    server.answers["links"] = said.HOSTILE
    chat = await visitor()
    answer = await chat.asks("links")
    await answer.locator("summary").click()
    links = await answer.locator("a").evaluate_all("(all) => all.map((one) => [one.href, one.rel, one.target])")
    safe = ["noopener noreferrer", "_blank"]
    assert links == [["https://good.example/a?b=1", *safe], ["https://good.example/", *safe]]


async def test_the_numbers_of_urgent_advice_can_be_tapped(visitor: Visitor, server: StandIn) -> None:
    server.answers["it hurts"] = said.URGENT
    chat = await visitor()
    answer = await chat.asks("it hurts", "Call 911")
    links = await answer.locator("a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert links == ["tel:911", "tel:18002221222"]


async def test_an_answer_shows_its_sources_in_words(visitor: Visitor, server: StandIn) -> None:
    server.answers["does it work"] = said.ANSWER
    chat = await visitor()
    answer = await chat.asks("does it work")
    await expect(answer.get_by_text("moderate evidence")).to_be_hidden()
    await answer.get_by_text("Sources (2)").click()
    await expect(answer).to_contain_text("Cells · March 21, 2023 · moderate evidence")
    compared = "Compared with its sources on September 1, 2026 by our editors, not a clinician."
    await expect(answer).to_contain_text(compared)
    await expect(answer.get_by_role("link")).to_have_count(1)


async def test_after_a_digression_the_question_stands_with_its_choices(visitor: Visitor, server: StandIn) -> None:
    server.answers["does it work"] = said.DIGRESSION
    chat = await visitor()
    answer = await chat.asks("does it work")
    shown = await answer.inner_text()
    parts = ["Small studies", "Sources (2)", "Question 2 of 10", "How does your hair loss look", "Shedding all over"]
    assert sorted(parts, key=shown.index) == parts


async def test_only_what_is_new_is_read_out_and_then_gone(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor(token=server.remember(*TURNS), opened=False)
    await chat.is_listened_to()
    await chat.open()
    await expect(chat.messages).to_have_count(16)
    await chat.asks("anything new?", "An answer to: anything new?")
    await expect(chat.part("log")).to_be_empty()
    assert await chat.read_out() == ["You: anything new?", "Strand: An answer to: anything new?"]


async def test_a_double_click_on_a_choice_is_one_message(visitor: Visitor, server: StandIn) -> None:
    server.answers["how much"] = said.CLARIFY
    chat = await visitor()
    await chat.asks("how much")
    await chat.button("The price").dblclick()
    await chat.answered(1, "An answer to: The price")
    assert server.texts() == ["how much", "The price"]
    assert len(server.received) == 2


async def test_a_spent_choice_stays_readable_and_does_nothing(visitor: Visitor, server: StandIn) -> None:
    server.answers["how much"] = said.CLARIFY
    chat = await visitor()
    await chat.asks("how much")
    await chat.asks("The price, I mean")
    first = chat.said_by("assistant").first.get_by_role("button")
    await expect(first).to_have_count(3)
    for place in range(3):
        await expect(first.nth(place)).to_have_attribute("aria-disabled", "true")
        await first.nth(place).click(force=True)
    await chat.asks("still there?")
    assert len(server.received) == 3


async def test_the_chosen_one_is_marked_after_a_reload_too(visitor: Visitor, server: StandIn) -> None:
    server.answers["how much"] = said.CLARIFY
    chat = await visitor()
    await chat.asks("how much")
    await chat.chooses("The price")
    await chat.page.reload()
    await chat.open()
    marked = chat.page.locator("strand-chat [data-chosen]")
    await expect(marked).to_have_text(re.compile("^The price"))
    await expect(marked).to_contain_text("your choice")


async def test_a_draft_survives_a_reload_and_goes_when_it_is_sent(visitor: Visitor) -> None:
    chat = await visitor()
    await chat.field.fill("half a thought")
    await chat.page.reload()
    await chat.open()
    await expect(chat.field).to_have_value("half a thought")
    await chat.field.press("Enter")
    await chat.answered(0)
    await chat.page.reload()
    await chat.open()
    await expect(chat.field).to_have_value("")


async def test_nothing_of_the_transcript_is_kept_in_the_browser(visitor: Visitor) -> None:
    chat = await visitor()
    await chat.asks("a secret of mine", "An answer to")
    kept = await chat.page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "secret" not in kept
    stores = "async () => [...await indexedDB.databases(), ...await caches.keys()]"
    assert await chat.page.evaluate(stores) == []


async def test_the_token_is_in_no_address(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor(opened=False)
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    chat.page.on("websocket", lambda socket: asked.append(socket.url))
    await chat.open()
    await chat.asks("hello")
    assert asked
    assert not [url for url in asked for token in server.talks if token in url or "?" in url]


async def test_who_has_scrolled_up_stays_there(visitor: Visitor, server: StandIn) -> None:
    server.answers["tell me all"] = LONG
    chat = await visitor(token=server.remember(("tell me all", LONG), *TURNS))
    await expect(chat.messages).to_have_count(18)
    transcript = chat.part("transcript")
    await expect(chat.part("newer")).to_be_hidden()
    before = await chat.scrolls_up()
    await server.say(reply("Something new."))
    await expect(chat.part("newer")).to_be_visible()
    assert await transcript.evaluate("(it) => it.scrollTop") == before
    await chat.part("newer").click()
    await expect(chat.last).to_be_in_viewport()
    await expect(chat.part("newer")).to_be_hidden()


async def test_a_message_may_have_a_thousand_characters(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.field.fill("x" * 899)
    await expect(chat.part("count")).to_be_empty()
    await chat.field.fill("x" * 950)
    await expect(chat.part("count")).to_have_text("50 characters left")
    await chat.field.fill("x" * 1001)
    await expect(chat.part("count")).to_contain_text("1 characters too many")
    await expect(chat.field).to_have_attribute("aria-invalid", "true")
    await chat.field.press("Enter")
    await expect(chat.field).to_have_value("x" * 1001)
    assert server.received == []
    await chat.field.fill("💇" * 1000)
    await chat.field.press("Enter")
    await chat.answered(0)
    assert server.texts() == ["💇" * 1000]


async def test_earlier_messages_are_shown_on_request(visitor: Visitor, server: StandIn) -> None:
    turns = [(f"question {number}", reply(f"reply {number}")) for number in range(80)]
    chat = await visitor(token=server.remember(*turns))
    await expect(chat.messages).to_have_count(100)
    await chat.part("earlier").click()
    await expect(chat.messages).to_have_count(160)
    assert await chat.visitor_texts() == [text for text, _ in turns]
    await expect(chat.part("earlier")).to_be_hidden()


async def test_a_person_of_the_clinic_is_named(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.asks("hello")
    await server.say(said.JOINED, "staff")
    await server.say(said.STAFF, "staff")
    await expect(chat.last).to_contain_text("A person from Fennel Street Clinic")
    await expect(chat.last).to_contain_text("this is Ada")
    await server.say(said.LEFT, "staff")
    await expect(chat.last).to_have_text("The person has left. The automated assistant is back.")


async def test_only_the_checks_result_has_its_title(visitor: Visitor, server: StandIn) -> None:
    server.answers = {
        "the result": said.OUTCOME,
        "later": reply("Shall I pass it on?", kind="handoff", state="consent", outcome="clinician_review"),
    }
    chat = await visitor()
    await expect(await chat.asks("the result")).to_contain_text("What the check shows")
    await expect(await chat.asks("later")).not_to_contain_text("What the check shows")


@pytest.mark.parametrize("part", ["person", "privacy"])
async def test_a_second_press_on_help_is_not_another_message(visitor: Visitor, server: StandIn, part: str) -> None:
    server.held = True
    chat = await visitor()
    await chat.part(part).dblclick()
    await expect(chat.said_by("visitor")).to_contain_text("Sent")
    await chat.part(part).click()
    await server.release()
    await chat.answered(0)
    assert len(server.received) == 1
    await chat.part(part).click()
    await chat.answered(1)


async def test_at_four_times_the_size_an_answer_can_be_read(visitor: Visitor, server: StandIn) -> None:
    server.answers["tell me all"] = LONG
    chat = await visitor(width=320, height=256)
    answer = await chat.asks("tell me all")
    top = "(it) => it.getBoundingClientRect().top"
    await chat.page.wait_for_function("(it) => it.getBoundingClientRect().top < 60", arg=await answer.element_handle())
    assert await answer.evaluate(top) >= 0
    await expect(chat.part("header")).not_to_be_in_viewport()
    await expect(chat.part("help")).not_to_be_in_viewport()
    await chat.page.mouse.move(160, 128)
    await chat.page.mouse.wheel(0, 100_000)
    await expect(chat.field).to_be_in_viewport()
    await chat.field.press_sequentially("still here")
    await server.say(reply("Something new."))
    await expect(chat.last).to_contain_text("Something new.")
    await expect(chat.field).to_be_in_viewport()
