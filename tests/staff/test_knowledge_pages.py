"""The entries as staff read them: overdue first, how each fares, and as a visitor sees it."""

from datetime import datetime, timezone

import pytest
from console import Browser, Console
from gap_questions import asks

from bot.knowledge.library import open_library
from bot.settings import settings
from tests.unit.leads_kept.people import hand_over

PRICE = "cost.session_price"


async def read_as_reviewer(console: Console, path: str) -> str:
    return (await (await console.signed_in()).get(path)).text


async def test_counts_of_thirty_days_stand_beside_an_entry(console: Console) -> None:
    await asks(console, "old", "cost", kind="answer", entries=[PRICE])
    console.clock.passes(days=31)
    await asks(console, "one", "cost", kind="answer", entries=["cost.price_abroad", PRICE])
    await asks(console, "two", "cost", kind="answer", entries=[PRICE])
    await asks(console, "three", "cost", kind="clarify", topic="cost", entries=["cost.price_abroad", PRICE])
    browser = await console.signed_in()
    await browser.get("/knowledge")
    await browser.post("/conversations/two/mark", sequence=2, verdict="wrong")
    text = (await browser.get(f"/knowledge/{PRICE}")).text
    assert "Said 2 times in 30 days" in text
    assert "offered among others 1 time" in text
    assert "Marked wrong 1 time" in text


async def test_a_wrong_answer_stands_first_among_the_conversations(console: Console) -> None:
    await asks(console, "first", "cost", kind="answer", entries=[PRICE])
    console.clock.passes(hours=1)
    await asks(console, "second", "cost", kind="answer", entries=[PRICE])
    browser = await console.signed_in()
    html = (await browser.get(f"/knowledge/{PRICE}")).html
    assert html.index("/conversations/second#turn-2") < html.index("/conversations/first#turn-2")
    await browser.post("/conversations/first/mark", sequence=2, verdict="wrong")
    html = (await browser.get(f"/knowledge/{PRICE}")).html
    assert html.index("/conversations/first#turn-2") < html.index("/conversations/second#turn-2")


async def test_a_conversation_for_clinicians_is_not_linked_for_reviewers(console: Console) -> None:
    await asks(console, "careful", "cost", kind="answer", entries=[PRICE])
    await hand_over("careful")
    assert "It was not said" in await read_as_reviewer(console, f"/knowledge/{PRICE}")
    clinician = await console.signed_in("clinician")
    assert "/conversations/careful#turn-2" in (await clinician.get(f"/knowledge/{PRICE}")).html


async def test_an_entry_is_shown_as_a_visitor_sees_it_with_its_file(console: Console) -> None:
    entry = open_library(settings().knowledge_dir).current.entries[PRICE]
    text = await read_as_reviewer(console, f"/knowledge/{PRICE}")
    for part in (
        *entry.text.split("\n\n"),
        entry.short,
        "data/knowledge/cost/session_price.md",
        "This page is for reading",
    ):
        assert part in text


async def test_every_entry_has_a_page_and_a_file(console: Console) -> None:
    from bot.settings import PROJECT
    from bot.staff.knowledge.views import file_of

    entries = open_library(settings().knowledge_dir).current.entries.values()
    assert [entry.id for entry in entries if not (PROJECT / file_of(entry)).is_file()] == []
    browser = await console.signed_in()
    for entry in {entry.topic: entry for entry in entries}.values():
        assert (await browser.get(f"/knowledge/{entry.id}")).status == 200


async def test_an_entry_that_is_not_there_is_not_found(console: Console) -> None:
    assert (await (await console.signed_in()).get("/knowledge/cost.nothing")).status == 404


async def listed(browser: Browser, query: str) -> list[str]:
    html = (await browser.get(f"/knowledge{query}")).html
    return [part.split('"')[0] for part in html.split('data-href="/knowledge/')[1:]]


async def test_search_and_filters(console: Console) -> None:
    browser = await console.signed_in()
    assert PRICE in await listed(browser, "?topic=cost")
    assert {name.split(".")[0] for name in await listed(browser, "?topic=cost")} == {"cost"}
    assert PRICE in await listed(browser, "?q=ONE+session+cost")
    assert await listed(browser, "?q=zyxwv") == []
    assert "No entry is like that" in (await browser.get("/knowledge?q=zyxwv")).text


@pytest.mark.parametrize("late", [False, True])
async def test_overdue_entries_stand_first(console: Console, late: bool) -> None:
    entries = open_library(settings().knowledge_dir).current.entries
    dues = sorted((entry.review_due, entry.id) for entry in entries.values())
    day = dues[0][0]
    console.clock.now = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
    if not late:
        console.clock.passes(days=-1)
    browser = await console.signed_in()
    overdue = await listed(browser, "?overdue=1")
    assert overdue == ([name for due, name in dues if due == day] if late else [])
    assert (await listed(browser, ""))[: len(overdue)] == overdue
    if not late:
        assert "No review is overdue" in (await browser.get("/knowledge?overdue=1")).text
