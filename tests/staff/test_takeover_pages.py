"""Staff join a conversation on its page, talk with the visitor there, and give it back."""

from typing import Any

import pytest
from console import Browser, Console
from spoken_events import asked, said, store
from sqlalchemy import select

from bot.errors import DatabaseUnavailable
from bot.leads import audit
from bot.leads.submission import submit_lead
from bot.settings import settings
from bot.staff.context import CHAT
from bot.staff.takeover.watch import Watch
from bot.transcripts import addresses, archive, reading, replies, takeover
from bot.transcripts.tables import replies as replies_table
from bot.transcripts.tables import takeovers
from tests.unit.leads.handed_over import handed_over


async def talk(console: Console, channel: str = "web", address: str = "ann") -> str:
    """The page of a conversation in which something was said."""
    now = console.clock()

    def work(session: Any) -> str:
        conversation = addresses.find_or_make(session, channel, address, now)
        turn = [asked("what does it cost?", channel=channel), said("It depends.", kind="answer")]
        store(session, conversation, turn)
        return conversation

    return f"/conversations/{await console.run(work)}"


async def heard(console: Console, page: str) -> list[tuple[str, str]]:
    """What the visitor sees of the staff: the state and the words."""
    where = page.rpartition("/")[2]
    found = await console.run(lambda session: reading.after(session, where, 0))
    return [(item.payload["state"], item.texts[0]) for item in found.items if item.author == "staff"]


async def noted(console: Console, page: str) -> list[tuple[str, str]]:
    where = page.rpartition("/")[2]
    return [(row.actor, row.act) for row in await console.run(lambda session: audit.trail(session, where))]


async def joined(console: Console, page: str, name: str = "dana") -> Browser:
    browser = await console.signed_in("reviewer", name)
    await browser.get(page)
    assert (await browser.post(f"{page}/join")).status == 200
    return browser


async def test_who_joins_talks_and_gives_back(console: Console) -> None:
    page = await talk(console)
    dana = await joined(console, page)
    shown = await dana.get(page)
    assert "You are in this conversation" in shown.text
    assert "The visitor waits" in shown.text
    sent = await dana.post(f"{page}/say", text="Hello, <b>I</b> am Dana.\r\nHow can I help?")
    assert (sent.status, sent.path) == (200, page)
    assert "The visitor waits" not in sent.text
    back = await dana.post(f"{page}/leave")
    assert "Join" in back.text
    states = await heard(console, page)
    assert [state for state, _ in states] == ["joined", "message", "left"]
    assert states[1][1] == "Hello, <b>I</b> am Dana.\nHow can I help?"
    assert await noted(console, page) == [("staff:dana", "conversation.joined"), ("staff:dana", "conversation.left")]
    assert console.told == [(page.rpartition("/")[2], False)] * 3


async def test_the_second_to_join_hears_who_is_there(console: Console) -> None:
    page = await talk(console)
    await joined(console, page)
    robin = await console.signed_in("reviewer", "robin")
    shown = await robin.get(page)
    assert "dana is in this conversation" in shown.text
    for act in ("join", "say", "leave"):
        refused = await robin.post(f"{page}/{act}", text="Hello")
        assert (refused.status, "dana is in this conversation" in refused.text) == (409, True), act
    assert [state for state, _ in await heard(console, page)] == ["joined"]


async def test_joining_twice_is_joining_once(console: Console) -> None:
    page = await talk(console)
    dana = await joined(console, page)
    assert (await dana.post(f"{page}/join")).status == 200
    assert [state for state, _ in await heard(console, page)] == ["joined"]
    assert len(await noted(console, page)) == 1


async def test_an_administrator_gives_back_for_somebody_who_went_home(console: Console) -> None:
    page = await talk(console)
    await joined(console, page)
    boss = await console.signed_in("admin", "boss")
    await boss.get(page)
    assert (await boss.post(f"{page}/leave")).status == 200
    rows = await console.run(lambda session: session.execute(select(takeovers.c.staff, takeovers.c.ended_by)).all())
    assert [tuple(row) for row in rows] == [("dana", "boss")]


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [(" \n ", 400, "no words"), ("x" * 1001, 400, "at most 1000"), ("Hello?", 409, "join it first")],
)
async def test_what_cannot_be_sent_is_not_lost(console: Console, text: str, status: int, words: str) -> None:
    page = await talk(console)
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(page)
    if status == 400:
        await dana.post(f"{page}/join")
    refused = await dana.post(f"{page}/say", text=text)
    assert (refused.status, words in refused.text) == (status, True)
    assert text.strip() in refused.html


async def test_the_database_is_gone_and_the_text_is_there_to_be_sent_again(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await talk(console)
    dana = await joined(console, page)

    def broken(*_given: object, **_named: object) -> None:
        raise DatabaseUnavailable("gone")

    with monkeypatch.context() as away:
        away.setattr(archive, "append", broken)
        refused = await dana.post(f"{page}/say", text="It is all <fine>.")
        assert (refused.status, "It is all &lt;fine&gt;." in refused.html) == (503, True)
    assert (await dana.post(f"{page}/say", text="It is all <fine>.")).status == 200


async def test_a_text_message_goes_to_the_phone(console: Console) -> None:
    page = await talk(console, "sms", "+12025550171")
    dana = await joined(console, page)
    shown = await dana.get(page)
    assert "text message (SMS)" in shown.text
    sent = await dana.post(f"{page}/say", text="Good morning!")
    assert "2 messages wait for the channel" in sent.text
    rows = await console.run(
        lambda session: session.execute(select(replies_table.c.body, replies_table.c.address)).all()
    )
    assert [row.address for row in rows] == ["+12025550171"] * 2
    assert "Good morning!" in rows[1].body


async def test_whoever_said_stop_gets_nothing(console: Console) -> None:
    page, now = await talk(console, "sms", "+12025550171"), console.clock()
    dana = await joined(console, page)
    await console.run(lambda session: replies.opt_out(session, "sms", "+12025550171", now))
    refused = await dana.post(f"{page}/say", text="Good morning!")
    assert (refused.status, "STOP" in refused.text, "Good morning!" in refused.html) == (409, True, True)
    assert "STOP" in (await dana.get(page)).text
    assert (await dana.post(f"{page}/leave")).status == 200


async def test_a_program_that_only_hears_answers_is_not_joined(console: Console) -> None:
    page = await talk(console, "rest")
    dana = await console.signed_in("reviewer", "dana")
    assert "only hears answers" in (await dana.get(page)).text
    assert (await dana.post(f"{page}/join")).status == 409


async def test_a_chat_that_was_deleted_meanwhile_is_gone(console: Console) -> None:
    page = await talk(console)
    dana = await joined(console, page)
    await console.run(lambda session: archive.erase(session, page.rpartition("/")[2]))
    for act in ("join", "say", "leave"):
        assert (await dana.post(f"{page}/{act}", text="Hello")).status == 404, act
    rows = await console.run(lambda session: session.execute(select(takeovers.c.id)).all())
    assert rows == []


async def test_what_clinicians_see_first_is_not_for_a_reviewer_to_join(console: Console) -> None:
    page, now = await talk(console), console.clock()
    new = handed_over(conversation=page.rpartition("/")[2], queue="clinician")
    await console.run(lambda session: submit_lead(session, new, settings(), now))
    robin = await console.signed_in("reviewer", "robin")
    await robin.get("/account")
    for act in ("join", "say", "typing", "leave"):
        assert (await robin.post(f"{page}/{act}", text="Hello")).status == 403, act
    kim = await console.signed_in("clinician", "kim")
    await kim.get(page)
    assert (await kim.post(f"{page}/join")).status == 200


async def test_that_somebody_types_is_shown_only_while_they_are_in(console: Console) -> None:
    page = await talk(console)
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(page)
    assert (await dana.post(f"{page}/typing")).status == 409
    await dana.post(f"{page}/join")
    console.told.clear()
    assert (await dana.post(f"{page}/typing")).status == 204
    assert console.told == [(page.rpartition("/")[2], True)]


async def test_nobody_answers_for_too_long(console: Console) -> None:
    page = await talk(console)
    dana = await joined(console, page)
    watch = Watch(settings(), console.database, console.server.app[CHAT], console.clock)
    console.clock.passes(minutes=4)
    await watch.look()
    assert (await dana.post(f"{page}/say", text="Hello")).status == 200
    console.clock.passes(minutes=20)
    await watch.look()
    assert "You are in this conversation" in (await dana.get(page)).text
    later = console.clock()
    await console.run(lambda session: takeover.wait(session, page.rpartition("/")[2], later))
    console.clock.passes(minutes=6)
    await watch.look()
    assert [state for state, _ in await heard(console, page)] == ["joined", "message", "left"]
    assert await noted(console, page) == [("staff:dana", "conversation.joined"), ("system", "conversation.left")]
    assert (await dana.post(f"{page}/say", text="I am back")).status == 409
