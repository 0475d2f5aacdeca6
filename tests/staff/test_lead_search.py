"""Staff find a lead by what they have at hand; what they typed stands in no address and no log."""

import logging
import re

import pytest
from console import Browser, Console, Page
from lead_rows import add_lead

from bot.leads import work
from bot.leads.records import Contact

EVA = Contact("Eva Example", "Eva@Mail.example", "+14155550142")


def found(page: Page) -> list[str]:
    """The references on a page of results."""
    assert page.status == 200, page.text
    return re.findall(r'<tr data-href="/leads/(S-\w+)"', page.html)


async def searched(browser: Browser, text: str) -> Page:
    """What the search shows."""
    await browser.get("/leads")
    return await browser.post("/leads/search", q=text)


async def test_a_reference_leads_to_its_lead(console: Console) -> None:
    reference = await add_lead(console)
    browser = await console.signed_in("reviewer")
    letters = reference.removeprefix("S-").lower()
    for text in (reference, f" s-{letters} ", f"s {letters[:3]} {letters[3:]}", letters):
        assert (await searched(browser, text)).path == f"/leads/{reference}", text


async def test_an_address_or_a_number_finds_whoever_has_exactly_that(console: Console) -> None:
    reference = await add_lead(console, contact=EVA)
    await add_lead(console)
    browser = await console.signed_in("reviewer")
    for text in ("eva@mail.example", " EVA@MAIL.EXAMPLE ", "+1 415 555 0142", "(415) 555-0142", "14155550142"):
        page = await searched(browser, text)
        assert found(page) == [reference], text
        assert page.path == "/leads/search", "nothing of it is in the address"
    page = await searched(browser, "eva@mail.exampl")
    assert found(page) == []
    assert "No lead with exactly this e-mail address" in page.text


async def test_words_find_the_notes_that_have_them_all(console: Console) -> None:
    now, one, other = console.clock(), await add_lead(console), await add_lead(console)
    for reference, text in (
        (one, "Called: prefers MORNINGS"),
        (one, "asked about price"),
        (other, "called, no answer"),
    ):
        await console.run(lambda session, at=(reference, text): work.add_note(session, *at, "staff:dana", now))
    browser = await console.signed_in("reviewer")
    assert set(found(await searched(browser, "called"))) == {one, other}
    assert found(await searched(browser, "mornings called")) == [one]
    assert found(await searched(browser, "mornings price")) == [], "they are in two notes"
    assert found(await searched(browser, "call")) == [], "no part of a word"
    page = await searched(browser, "???")
    assert found(page) == []


async def test_a_frequent_word_says_that_older_notes_were_left_out(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.leads.search.MOST_NOTES", 2)
    now, made = console.clock(), [await add_lead(console) for _ in range(3)]
    for reference in made:
        await console.run(lambda session, at=reference: work.add_note(session, at, "called", "staff:dana", now))
    browser = await console.signed_in("reviewer")
    page = await searched(browser, "called")
    assert set(found(page)) == set(made[1:])
    assert "There may be older ones" in page.text


async def test_a_reviewer_finds_nothing_of_the_clinicians_queue(console: Console) -> None:
    now = console.clock()
    hidden = await add_lead(console, contact=EVA, queue="clinician", outcome="clinician_review")
    await console.run(lambda session: work.add_note(session, hidden, "rash", "staff:dana", now))
    browser = await console.signed_in("reviewer")
    for text in (hidden, "eva@mail.example", "+14155550142", "rash"):
        page = await searched(browser, text)
        assert found(page) == [], text
    browser = await console.signed_in("clinician")
    assert found(await searched(browser, "rash")) == [hidden]


async def test_a_merged_lead_is_found_where_it_is_now(console: Console) -> None:
    head = await add_lead(console)
    await add_lead(console, contact=EVA, merged_into=head)
    browser = await console.signed_in("reviewer")
    assert found(await searched(browser, "eva@mail.example")) == [head]


async def test_a_search_leaves_no_trace(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = await console.signed_in("reviewer")
    await searched(browser, "eva@mail.example")
    assert "eva" not in caplog.text


async def test_nothing_typed_is_asked_for_again(console: Console) -> None:
    browser = await console.signed_in("reviewer")
    page = await searched(browser, "  ")
    assert "Type a reference" in page.text
    assert (await searched(browser, "x" * 201)).status == 400
