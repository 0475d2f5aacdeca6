"""Staff read a conversation with the reasons of each turn, and see what is new in it."""

import re
from html import unescape
from typing import Any

import pytest
from console import Browser, Console, Page
from spoken_events import asked, given, said, store

from bot.assessment.red_flags import read_red_flags
from bot.knowledge.library import open_library
from bot.knowledge.payload import full_text
from bot.leads.submission import submit_lead
from bot.settings import settings
from tests.unit.leads.handed_over import handed_over

PRICE = "cost.session_price"
HANDOFF = {"name": "Zoë Quillfeather", "email": "zoe@mail.example", "phone": "+12025550143", "consents": []}
TALK = "talk"


def price() -> str:
    return full_text(open_library(settings().knowledge_dir).current.entries[PRICE])


def question(words: str = "how much is it?", text: str | None = None) -> list[Any]:
    parts = [
        {"text": words, "verdict": "answer", "confidence": 0.97, "candidates": [[PRICE, 0.97], ["cost.extra", 0.02]]}
    ]
    payload = {"kind": "answer", "topics": ["cost"], "entries": [PRICE], "confidence": 0.97}
    ranking = [{"name": "cost", "confidence": 0.9}, {"name": "insurance_financing", "confidence": 0.08}]
    heard = asked(words, understanding={"parts": parts}, intent_ranking=ranking)
    return [heard, said(text or price(), buttons=["And in total?"], **payload)]


async def wrote(console: Console, *turns: Any, **slots: Any) -> None:
    await console.run(lambda session: store(session, TALK, *turns, slots=slots))


def found(pattern: str, page: Page) -> str:
    match = re.search(pattern, page.html)
    assert match
    return unescape(match[1])


async def reviewer_at(console: Console, path: str = f"/conversations/{TALK}") -> tuple[Browser, Any]:
    browser = await console.signed_in("reviewer")
    return browser, await browser.get(path)


async def test_a_turn_shows_what_was_understood(console: Console) -> None:
    await wrote(console, question())
    _, page = await reviewer_at(console)
    assert page.status == 200
    for words in ("how much is it?", "cost", PRICE, "97 %", "insurance_financing", "8 %", "And in total?", "Website"):
        assert words in page.text, words
    assert "changed since" not in page.text


async def test_an_entry_that_reads_differently_today_says_so_beside_what_was_said(console: Console) -> None:
    await wrote(console, question(text="It used to be said in other words."))
    _, page = await reviewer_at(console)
    assert "It used to be said in other words." in page.text
    assert "The entry has changed since" in page.text
    assert f'href="/knowledge/{PRICE}"' in page.html


async def test_fields_that_were_read_stand_with_their_turn(console: Console) -> None:
    aged = [{"value": 28, "findings": [], "status": "corrected"}, {"value": 38, "findings": [], "status": "current"}]
    ill = [{"value": "lupus", "findings": ["autoimmune"], "status": "current"}]
    await wrote(console, [asked("38, and i have lupus"), said("Next?", kind="question", field="duration"),
                          given("age", aged), given("conditions", ill)])  # fmt: skip
    _, page = await reviewer_at(console)
    for words in ("Age: 28 corrected", "Age: 38", "Illnesses: lupus (autoimmune)", "Asks next Since"):
        assert words in page.text, words


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"kind": "urgent", "class": "emergency", "certain": True}, "Red flag: advice shown"),
        ({"kind": "urgent", "class": "emergency", "certain": False}, "Danger suspected: asked about"),
        ({"kind": "smalltalk"}, "Red flag: seen, nothing shown"),
    ],
)
async def test_what_became_of_a_red_flag_is_told(console: Console, payload: dict[str, Any], words: str) -> None:
    flag = {"id": "RF-08", "class": "urgent_care", "certain": True, "probability": 0.8}
    await wrote(console, [asked("pus everywhere", red_flag=flag), said("Be seen.", **payload)])
    _, page = await reviewer_at(console)
    assert words in page.text
    assert "RF-08" in page.text


async def test_all_details_can_be_opened_at_once(console: Console) -> None:
    await wrote(console, question())
    browser, page = await reviewer_at(console)
    assert '<details class="why">' in page.html
    page = await browser.get(f"/conversations/{TALK}?details=all")
    assert '<details class="why" open>' in page.html
    assert "Hide all details" in page.text


async def test_a_long_conversation_is_read_page_by_page(console: Console) -> None:
    await wrote(console, *(question(f"question {number}.") for number in range(150)))
    browser, page = await reviewer_at(console)
    assert "question 149." in page.text
    assert "question 50." in page.text
    assert "question 49." not in page.text
    page = await browser.get(found(r'href="([^"]+)" rel="prev"', page))
    assert "question 49." in page.text
    assert "question 0." in page.text
    assert "question 50." not in page.text
    assert "data-news" not in page.html


async def test_what_is_new_is_a_fragment_that_says_where_to_go_on(console: Console) -> None:
    await wrote(console, question())
    browser, page = await reviewer_at(console)
    path = found(r'data-news="([^"]+)"', page)
    assert (await browser.get(path)).status == 204
    await wrote(console, question("and does it <b>hurt</b>?"))
    page = await browser.get(path)
    assert page.status == 200
    assert "<html" not in page.html
    assert "and does it &lt;b&gt;hurt&lt;/b&gt;?" in page.html
    assert "how much is it?" not in page.text
    assert (await browser.get(page.headers["X-News"])).status == 204


async def test_staff_who_speak_later_are_new_without_the_turn_before(console: Console) -> None:
    await wrote(console, question())
    browser, page = await reviewer_at(console)
    path = found(r'data-news="([^"]+)"', page)
    await wrote(console, [said("Hello, I am Dana.", kind="staff", state="message")])
    page = await browser.get(path)
    assert "Staff" in page.text
    assert "Hello, I am Dana." in page.text
    assert "how much is it?" not in page.text
    assert "Nobody tracks" not in page.text


async def test_what_was_taken_out_says_so(console: Console) -> None:
    await wrote(console, question())
    await wrote(
        console,
        [asked("i am 16"), given("underage", True), said("Ask a parent.", kind="assessment", outcome="underage")],
    )
    await wrote(console, [asked("")], underage=True)
    _, page = await reviewer_at(console)
    assert "Taken out" in page.text
    assert "under 18" in page.text


async def test_a_conversation_that_is_not_there_is_a_page_that_says_so(console: Console) -> None:
    browser, page = await reviewer_at(console, "/conversations/unknown")
    assert page.status == 404
    assert (await browser.get("/conversations/unknown/news?after=1")).status == 404
    assert (await browser.get("/conversations/unknown/news?after=x")).status == 400


async def test_the_conversation_of_a_clinicians_lead_is_closed_to_reviewers(console: Console) -> None:
    await wrote(console, question())
    now = console.clock()
    await console.run(lambda session: submit_lead(session, handed_over(TALK, queue="clinician"), settings(), now))
    browser, page = await reviewer_at(console)
    assert page.status == 403
    assert "how much" not in page.text
    assert (await browser.get(f"/conversations/{TALK}/news?after=0")).status == 403
    assert (await browser.post(f"/conversations/{TALK}/reveal", sequence=1, reason="x")).status == 403
    clinician = await console.signed_in("clinician")
    assert (await clinician.get(f"/conversations/{TALK}")).status == 200


async def test_a_sign_of_danger_stands_with_its_meaning_in_the_facts(console: Console) -> None:
    await wrote(console, question(), red_flags=["RF-08"])
    _, page = await reviewer_at(console)
    flags = {flag.id: flag.about for flag in read_red_flags(settings().assessment_dir / "red_flags.yml").flags}
    assert f"Red flags RF-08 {flags['RF-08']}" in page.text
