"""Staff look through conversations: the flagged ones first, by filters, page by page, without a word of a visitor."""

import re
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import Any

import pytest
from console import Browser, Console, Page
from spoken_events import NOON, asked, said, store
from sqlalchemy import insert, update

from bot.leads.submission import submit_lead
from bot.settings import settings
from bot.transcripts.tables import conversations, takeovers
from tests.unit.leads.handed_over import handed_over

ANSWER = said("It depends.", kind="answer", topics=["cost"], entries=["cost.session_price"])
HELD_BACK = said("Not that.", kind="out_of_scope", confidence=0.2)
DANGER = said("Call 911.", kind="urgent", **{"class": "emergency"}, certain=True)
MINUTE = timedelta(minutes=1)


async def talk(console: Console, name: str, *turns: Any, at: datetime = NOON, channel: str = "web") -> None:
    """A conversation that was last used at a time."""

    def made(session: Any) -> None:
        store(session, name, *([asked(f"secret words of {name}", channel), reply] for reply in turns))
        used = update(conversations).where(conversations.c.id == name)
        session.execute(used.values(updated_at=at))

    await console.run(made)


async def lead(console: Console, name: str, **changes: Any) -> str:
    now = console.clock()
    new = handed_over(name, **changes)
    submitted = await console.run(lambda session: submit_lead(session, new, settings(), now))
    return str(submitted.reference)


async def joined(console: Console, name: str, waiting: bool = False) -> None:
    now = console.clock()
    row = {"conversation_id": name, "staff": "dana", "joined_at": now, "waiting_since": now if waiting else None}
    await console.run(lambda session: session.execute(insert(takeovers).values(row)))


def listed(page: Page) -> list[str]:
    """The conversations on a page, in order."""
    assert page.status == 200, page.text
    return re.findall(r'<tr data-href="/conversations/([^"]+)"', page.html)


async def looks(console: Console, query: str = "", role: Any = "reviewer") -> tuple[Browser, Page]:
    browser = await console.signed_in(role)
    return browser, await browser.get(f"/conversations{query}")


async def test_an_empty_list_says_what_will_stand_there(console: Console) -> None:
    _, page = await looks(console)
    assert "Nobody has written yet" in page.text


async def test_the_flagged_ones_come_first_then_the_latest(console: Console) -> None:
    await talk(console, "old", ANSWER, at=NOON)
    await talk(console, "new", ANSWER, at=NOON + 2 * MINUTE)
    await talk(console, "danger", DANGER, at=NOON - MINUTE)
    await talk(console, "danger-later", ANSWER, DANGER, at=NOON + MINUTE)
    _, page = await looks(console)
    assert listed(page) == ["danger-later", "danger", "new", "old"]


async def test_a_line_says_what_the_turns_were_and_nothing_that_was_said(console: Console) -> None:
    await talk(console, "ann", ANSWER, ANSWER, ANSWER, HELD_BACK, channel="whatsapp")
    reference = await lead(console, "ann")
    await joined(console, "ann", waiting=True)
    _, page = await looks(console)
    for words in ("WhatsApp", "4", "3 answers, 1 held back", reference, "dana", "The visitor waits"):
        assert words in page.text, words
    assert "secret words" not in page.text


async def test_pages_follow_one_another_without_gaps(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.staff.conversations.overview.MOST", 3)
    wanted = []
    for number in range(8):  # some of the same moment
        await talk(console, f"c{number}", DANGER if number < 4 else ANSWER, at=NOON + (number // 2) * MINUTE)
    browser, page = await looks(console)
    wanted = listed(page)
    while found := re.search(r'href="([^"]+)" rel="next"', page.html):
        page = await browser.get(unescape(found[1]))
        wanted += listed(page)
        assert 'rel="first"' in page.html
    assert wanted == ["c3", "c2", "c1", "c0", "c7", "c6", "c5", "c4"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?view=flagged", ["danger"]),
        ("?view=lead", ["ann"]),
        ("?view=no_lead", ["danger", "texts", "taken"]),
        ("?view=taken", ["texts", "taken"]),
        ("?view=waiting", ["texts"]),
        ("?channel=sms", ["texts"]),
        ("?since=2026-11-22&until=2026-11-22", ["danger", "texts", "ann"]),
        ("?until=2026-11-20", ["taken"]),
        ("?view=lead&channel=sms", []),
    ],
)
async def test_filters_find_what_they_say(console: Console, query: str, names: list[str]) -> None:
    await talk(console, "ann", ANSWER)
    await lead(console, "ann")
    await talk(console, "danger", DANGER)
    await talk(console, "texts", ANSWER, at=NOON + MINUTE, channel="sms")
    await joined(console, "texts", waiting=True)
    await talk(console, "taken", ANSWER, at=NOON - timedelta(days=4))
    await joined(console, "taken")
    _, page = await looks(console, query)
    assert listed(page) == names
    if not names:
        assert "No conversation fits" in page.text


async def test_a_day_is_the_readers_day(console: Console) -> None:
    await talk(console, "late", ANSWER, at=datetime(2026, 11, 23, 1, tzinfo=timezone.utc))
    browser, page = await looks(console, "?until=2026-11-22")
    assert listed(page) == []
    browser.client.session.cookie_jar.update_cookies({"zone": "America/New_York"})
    page = await browser.get("/conversations?until=2026-11-22")
    assert listed(page) == ["late"]


async def test_reviewers_do_not_see_conversations_of_clinicians(console: Console) -> None:
    await talk(console, "ann", DANGER)
    await lead(console, "ann", queue="clinician")
    _, page = await looks(console)
    assert listed(page) == []
    _, page = await looks(console, role="clinician")
    assert listed(page) == ["ann"]


@pytest.mark.parametrize(
    "query",
    ["?view=mine", "?channel=fax", "?since=yesterday", "?since=0001-01-01", "?after=x", "?after=1.2", "?after=1.9e9.a"],
)
async def test_what_cannot_be_asked_is_refused_in_words(console: Console, query: str) -> None:
    _, page = await looks(console, query)
    assert page.status == 400


async def test_an_empty_view_says_what_stands_in_it(console: Console) -> None:
    browser, page = await looks(console, "?view=flagged")
    assert "Conversations in which a sign of danger was noticed stand here." in page.text
    assert "Nobody waits for a person." in (await browser.get("/conversations?view=waiting")).text
    assert "Take a filter away" in (await browser.get("/conversations?view=waiting&channel=sms")).text
