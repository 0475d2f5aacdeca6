"""The line between browser and server breaks in every way: a message is kept, goes out once, and its writer knows."""

import re

import pytest
from chat_page import Chat, Visitor
from playwright.async_api import expect
from stand_in import StandIn, reply

pytestmark = pytest.mark.asyncio(loop_scope="session")

TURNS = [("first question", reply("first answer")), ("second question", reply("second answer"))]


async def second_tab(chat: Chat) -> Chat:
    tab = await Chat(await chat.page.context.new_page()).visit(chat.page.url)
    return await tab.open()


async def test_a_reload_shows_everything_once(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    for text, _ in TURNS:
        await chat.asks(text)
    before = await chat.messages.all_inner_texts()
    await chat.page.reload()
    await chat.open()
    await expect(chat.messages).to_have_count(4)
    assert [text.split("\n")[-1] for text in await chat.messages.all_inner_texts()] == [
        text.split("\n")[-1] for text in before
    ]
    assert len(server.received) == 2


async def test_what_is_told_twice_is_shown_and_read_once(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.asks("hello")
    await chat.is_listened_to()
    await server.tell({"type": "news", "items": server.talk.items, "cursor": server.talk.cursor, "open": []})
    await server.tell({"type": "news", "items": server.talk.items[:1], "cursor": 1, "open": []})
    await chat.asks("and then?", "An answer to: and then?")
    assert await chat.visitor_texts() == ["hello", "and then?"]
    assert await chat.read_out() == ["You: and then?", "Strand: An answer to: and then?"]


async def test_a_message_goes_from_sending_to_sent_to_answered(visitor: Visitor, server: StandIn) -> None:
    server.held = True
    chat = await visitor()
    await chat.says("slowly, please")
    mine = chat.said_by("visitor")
    await expect(mine).to_contain_text("Sent")
    await expect(chat.part("typing")).to_be_visible()
    await server.tell({"type": "moment", "id": server.received[0][0]})
    await expect(chat.part("typing")).to_contain_text("One moment")
    await server.release()
    await expect(chat.last).to_contain_text("An answer to")
    await expect(chat.part("typing")).to_be_hidden()
    await expect(mine).not_to_contain_text("Sent")


async def test_a_message_written_offline_goes_out_later(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.page.context.set_offline(True)
    await expect(chat.part("status")).to_contain_text("offline")
    await chat.says("are you there?")
    await chat.says("hello?")
    await expect(chat.said_by("visitor").first).to_contain_text("Sending")
    assert server.received == []
    await chat.page.context.set_offline(False)
    await chat.answered(1, "An answer to: hello?")
    await expect(chat.part("status")).to_be_empty()
    assert server.texts() == ["are you there?", "hello?"]


async def test_a_server_that_goes_away_and_comes_back_answers_once(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.asks("before")
    await server.stop()
    await chat.says("meanwhile")
    await expect(chat.part("status")).to_contain_text("No connection right now")
    await expect(chat.said_by("visitor").last).to_contain_text("Sending")
    await server.start()
    await chat.tries_again()
    await chat.answered(1, "An answer to: meanwhile")
    assert server.texts() == ["before", "meanwhile"]


async def test_an_answer_that_came_while_away_is_there_afterwards(visitor: Visitor, server: StandIn) -> None:
    server.held = True
    chat = await visitor()
    await chat.says("think about it")
    await expect(chat.said_by("visitor")).to_contain_text("Sent")
    await server.stop()
    await server.release()
    await server.start()
    await chat.tries_again()
    await chat.answered(0, "An answer to: think about it")
    await expect(chat.messages).to_have_count(2)


@pytest.mark.parametrize("reason", ["busy", "slow"])
async def test_a_message_that_has_to_wait_is_kept_and_sent_again_by_itself(
    visitor: Visitor, server: StandIn, reason: str
) -> None:
    server.refusals = [{"reason": reason, "retry_in": 1}]
    chat = await visitor()
    await chat.says("in a hurry")
    await expect(chat.part("status")).to_contain_text("One moment")
    await chat.answered(0, "An answer to: in a hurry")
    await expect(chat.part("status")).to_be_empty()
    assert len(server.received) == 2
    assert len(set(server.received)) == 1
    assert server.texts() == ["in a hurry"]


async def test_a_message_that_failed_is_sent_again_as_the_same(visitor: Visitor, server: StandIn) -> None:
    server.failing = {"please break"}
    chat = await visitor()
    await chat.says("please break")
    await expect(chat.last).to_contain_text("did not work")
    await chat.asks("something else")
    server.failing.clear()
    await chat.button("Try again").click()
    await expect(chat.last).to_contain_text("An answer to: please break")
    await expect(chat.messages).to_have_count(4)
    await expect(chat.part("retry")).to_have_count(0)
    ids = [message_id for message_id, text in server.received if text == "please break"]
    assert len(ids) == 2
    assert ids[0] == ids[1]


async def test_a_failed_message_is_still_there_after_a_reload(visitor: Visitor, server: StandIn) -> None:
    server.failing = {"please break"}
    chat = await visitor()
    await chat.says("please break")
    await expect(chat.last).to_contain_text("did not work")
    await chat.page.reload()
    await chat.open()
    server.failing.clear()
    await chat.button("Try again").click()
    await expect(chat.last).to_contain_text("An answer to: please break")
    await expect(chat.messages).to_have_count(2)


async def test_a_message_that_is_refused_for_good_says_why(visitor: Visitor, server: StandIn) -> None:
    server.refusals = [{"reason": "unreadable"}]
    chat = await visitor()
    await chat.says("???")
    await expect(chat.last).to_contain_text("Not sent")
    await expect(chat.last).to_contain_text("could not be read")
    await chat.asks("in words")
    assert server.texts() == ["in words"]


async def test_where_no_socket_opens_it_asks_by_requests(visitor: Visitor, server: StandIn) -> None:
    server.sockets_open = False
    chat = await visitor(opened=False)
    await chat.part("launcher").click()
    await expect(chat.part("panel")).to_have_attribute("data-state", "polling")
    await chat.asks("by another way", "An answer to: by another way")
    await server.say(reply("Something new."))
    await expect(chat.last).to_contain_text("Something new.")
    server.held = True
    await chat.says("and again")
    await expect(chat.said_by("visitor").last).to_contain_text("Sent")
    await server.release()
    await expect(chat.last).to_contain_text("An answer to: and again")
    assert server.texts() == ["by another way", "and again"]
    await expect(chat.messages).to_have_count(5)


async def test_a_session_that_is_over_becomes_another_and_the_message_arrives(
    visitor: Visitor, server: StandIn
) -> None:
    chat = await visitor()
    await chat.asks("in the old one")
    await server.stop()
    server.talks.clear()
    await chat.says("in the new one")
    await server.start()
    await chat.tries_again()
    await expect(chat.last).to_contain_text("An answer to: in the new one")
    await expect(chat.said_by("visitor")).to_have_text([re.compile("in the new one")])
    await expect(chat.said_by("note")).to_contain_text("Your earlier chat has ended.")
    assert server.texts() == ["in the new one"]


async def test_two_tabs_show_the_same(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.asks("from the first")
    other = await second_tab(chat)
    await expect(other.messages).to_have_count(2)
    await other.asks("from the second")
    await expect(chat.messages).to_have_count(4)
    await chat.asks("and back")
    await expect(other.messages).to_have_count(6)
    assert await chat.visitor_texts() == ["from the first", "from the second", "and back"]
    assert await other.visitor_texts() == await chat.visitor_texts()


async def test_a_chat_that_is_deleted_is_gone_in_every_tab(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.asks("forget me")
    other = await second_tab(chat)
    await expect(other.messages).to_have_count(2)
    await chat.part("menu-button").click()
    await chat.button("End and delete this chat").click()
    await chat.button("Yes, delete it").click()
    for tab in (chat, other):
        await expect(tab.part("ending")).to_contain_text("This chat was deleted")
        await expect(tab.messages).to_have_count(0)
    await expect(chat.part("ending")).to_contain_text("Your receipt is R-")
    assert await chat.page.evaluate("() => Object.keys(localStorage).filter((key) => key !== 'came')") == []
    await chat.button("Start a new chat").click()
    await chat.asks("somebody new", "An answer to: somebody new")
    await expect(chat.messages).to_have_count(2)


async def test_what_is_not_stored_stands_in_the_field_after_a_reload(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.asks("stored")
    await chat.page.context.set_offline(True)
    await expect(chat.part("status")).to_contain_text("offline")
    await chat.says("are you there?")
    await chat.says("hello?")
    await chat.field.fill("half a thought")
    await chat.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide'))")
    await chat.page.context.set_offline(False)
    await chat.page.reload()
    await chat.open()
    await expect(chat.messages).to_have_count(2)
    await expect(chat.field).to_have_value("are you there?\n\nhello?\n\nhalf a thought")
    assert server.texts() == ["stored"]


async def test_it_never_waits_longer_than_ten_seconds(visitor: Visitor, server: StandIn) -> None:
    chat = await visitor()
    await chat.page.evaluate("""() => {
      const later = setTimeout;
      window.waits = [];
      Math.random = () => 0.999;
      window.setTimeout = (work, wait) => (waits.push(wait), later(work, Math.min(wait, 50)));
    }""")
    await server.stop()
    # The longest pause of 0.6 seconds doubled each time, and again.
    await chat.page.wait_for_function("() => waits.filter((wait) => wait > 9_900 && wait < 10_000).length > 2")
    await server.start()
    patience = 40_000  # of a request
    assert [wait for wait in await chat.page.evaluate("waits") if wait > 10_000 and wait != patience] == []
