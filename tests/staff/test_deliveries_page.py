"""Staff see which messages no target took, and have them tried again."""

import re
from datetime import timedelta

import pytest
from console import Console, Page
from lead_rows import add_lead, add_message
from sqlalchemy import insert, select

from bot.leads.audit import trail
from bot.leads.tables import disabled_targets, outbox


def ids(page: Page) -> list[str]:
    """The messages that can be ticked, in order."""
    assert page.status == 200, page.text
    return re.findall(r'name="id" value="(msg_\w+)"', page.html)


async def test_nothing_given_up_says_what_would_stand_here(console: Console) -> None:
    browser = await console.signed_in("clinician")
    page = await browser.get("/deliveries")
    assert "Nothing was given up" in page.text
    assert "Nothing waits" in page.text


async def test_one_dead_letter_is_tried_again_and_the_audit_says_who_asked(console: Console) -> None:
    now, reference = console.clock(), await add_lead(console)
    early = await add_message(console, reference, dead_at=now - timedelta(hours=1), last_error="HTTP 500")
    late = await add_message(console, reference, dead_at=now, attempts=9)
    browser = await console.signed_in("clinician")
    page = await browser.get("/deliveries")
    assert ids(page) == [late, early], "the latest first"
    assert "HTTP 500" in page.text
    page = await browser.post("/deliveries/replay", id=late)
    assert "1 message is due again" in page.text
    assert ids(page) == [early]
    assert "webhook 1" in page.text, "it is on its way"
    row = await console.run(lambda session: session.execute(select(outbox).where(outbox.c.id == late)).one())
    assert (row.attempts, row.dead_at, row.available_at) == (0, None, now)
    done = (await console.run(lambda session: trail(session, reference)))[-1]
    assert (done.actor, done.act, done.after["message"]) == ("staff:clinician", "delivery.replayed", late)


async def test_two_who_try_the_same_again_do_it_once(console: Console) -> None:
    now, reference = console.clock(), await add_lead(console)
    letter = await add_message(console, reference, dead_at=now)
    one, other = await console.signed_in("clinician"), await console.signed_in("admin")
    await one.get("/deliveries")
    await other.get("/deliveries")
    await one.post("/deliveries/replay", id=letter)
    page = await other.post("/deliveries/replay", id=letter)
    assert "Nothing was left to be tried again." in page.text
    assert len(await console.run(lambda session: trail(session, reference))) == 1


async def test_all_are_tried_again(console: Console) -> None:
    now, reference = console.clock(), await add_lead(console)
    for _ in range(3):
        await add_message(console, reference, dead_at=now)
    browser = await console.signed_in("admin")
    await browser.get("/deliveries")
    assert "3 messages are due again" in (await browser.post("/deliveries/replay", what="all")).text
    done = await console.run(lambda session: trail(session, "outbox"))
    assert [entry.after for entry in done] == [{"messages": 3}]


async def test_dead_letters_have_pages(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.staff.deliveries.views.MOST", 5)
    now, reference = console.clock(), await add_lead(console)
    made = [await add_message(console, reference, dead_at=now - timedelta(minutes=number)) for number in range(6)]
    browser = await console.signed_in("clinician")
    page = await browser.get("/deliveries")
    assert ids(page) == made[:5]
    following = re.search(r'<a href="([^"]+)" rel="next">', page.html)
    assert following
    page = await browser.get(following[1])
    assert ids(page) == made[5:]
    assert (await browser.get("/deliveries?after=nonsense")).status == 400


async def test_a_disabled_target_is_told_with_what_to_do(console: Console) -> None:
    now, reference = console.clock(), await add_lead(console)
    await add_message(console, reference, target="slack")
    row = {"name": "slack", "disabled_at": now, "reason": "HTTP 410"}
    await console.run(lambda session: session.execute(insert(disabled_targets).values(row)))
    browser = await console.signed_in("clinician")
    page = await browser.get("/deliveries")
    assert "./strand leads targets enable" in page.text
    assert "slack, since" in page.text


async def test_what_cannot_be_tried_again_is_refused(console: Console) -> None:
    browser = await console.signed_in("clinician")
    await browser.get("/deliveries")
    assert (await browser.post("/deliveries/replay")).status == 400
    assert (await browser.post("/deliveries/replay", id="x" * 101)).status == 400


async def test_a_reviewer_has_no_dead_letters(console: Console) -> None:
    browser = await console.signed_in("reviewer")
    assert (await browser.get("/deliveries")).status == 403
