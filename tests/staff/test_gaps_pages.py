"""Questions without a good answer are found, put together and settled; nobody's details are among them."""

from collections.abc import AsyncIterator

import pytest
from console import Browser, Console, Page
from gap_questions import RELIGION, asks, gap_console
from sqlalchemy import select

from bot.leads import audit
from bot.transcripts.tables import reviews

HALAL = ("is this halal", "Halal or not?", "would it be HALAL treatment")


@pytest.fixture
async def gapped(database: str) -> AsyncIterator[Console]:
    """A console of the gaps on each kind of database."""
    async with gap_console() as made:
        yield made


async def ask_about_halal(console: Console) -> None:
    for number, text in enumerate(HALAL):
        await asks(console, f"halal{number}", text, likeliest=RELIGION)
        console.clock.passes(minutes=1)


async def states(console: Console) -> dict[str, str]:
    query = select(reviews.c.conversation_id, reviews.c.state)
    rows = await console.run(lambda session: session.execute(query).all())
    return {row.conversation_id: row.state for row in rows}


async def trail(console: Console, conversation: str) -> list[str]:
    found = await console.run(lambda session: audit.trail(session, conversation))
    return [f"{entry.actor} {entry.act}" for entry in found]


async def cluster_of(browser: Browser, conversation: str, query: str = "") -> Page:
    return await browser.get(f"/gaps/cluster?of={conversation}.2{query}")


async def test_questions_that_mean_the_same_stand_together_and_the_largest_first(gapped: Console) -> None:
    await asks(gapped, "dog", "can my dog have it")
    await ask_about_halal(gapped)
    page = await (await gapped.signed_in()).get("/gaps")
    assert "4 questions in 2 clusters" in page.text
    assert "3 held back" in page.text
    assert page.text.lower().index("halal") < page.text.index("can my dog have it")


async def test_an_empty_page_says_what_to_do(gapped: Console) -> None:
    page = await (await gapped.signed_in()).get("/gaps")
    assert (page.status, "There are no gaps" in page.text, "Mark a wrong answer" in page.text) == (200, True, True)
    assert "Nothing waits for approval" in (await (await gapped.signed_in(name="eve")).get("/gaps/approval")).text


async def test_no_personal_detail_is_shown(gapped: Console) -> None:
    told = "i'm Marguerite Oyelaran, marguerite@mail.example, 415 555 0142: is shampoo enough? ask for oyelaran"
    await asks(gapped, "told", told, name="Marguerite Oyelaran")
    browser = await gapped.signed_in("admin")
    for page in (await browser.get("/gaps"), await cluster_of(browser, "told")):
        assert "shampoo enough" in page.text
        assert not [word for word in ("Marguerite", "yelaran", "mail.example", "0142") if word in page.html]


async def test_what_is_answered_old_or_a_wish_for_a_person_is_no_gap(gapped: Console) -> None:
    await asks(gapped, "old", "is there a shampoo")
    gapped.clock.passes(days=31)
    await asks(gapped, "answered", "price", kind="answer")
    await asks(gapped, "person", "a human please", kind="handoff", state="offered", verdict="answer")
    await asks(gapped, "button", "Something else", kind="clarify")
    assert "There are no gaps" in (await (await gapped.signed_in()).get("/gaps")).text


async def test_the_second_miss_in_a_row_is_a_gap_although_a_person_was_offered(gapped: Console) -> None:
    await asks(gapped, "again", "but the shampoo", kind="handoff", state="offered")
    assert "but the shampoo" in (await (await gapped.signed_in()).get("/gaps")).text


async def test_other_languages_are_left_out_until_they_are_asked_for(gapped: Console) -> None:
    await asks(gapped, "spanish", "¿cuánto shampoo?", language="es")
    browser = await gapped.signed_in()
    assert "There are no gaps" in (await browser.get("/gaps")).text
    assert "¿cuánto shampoo?" in (await browser.get("/gaps?languages=all")).text


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("reason=held_back", {"dog"}),
        ("reason=clarified", {"shampoo"}),
        ("reason=wrong", {"cost"}),
        ("reason=missing", set()),
        ("channel=sms", {"shampoo"}),
        ("topic=cell_sources", {"dog"}),
    ],
)
async def test_filters(gapped: Console, query: str, seen: set[str]) -> None:
    await asks(gapped, "dog", "for my dog", likeliest=RELIGION)
    await asks(gapped, "shampoo", "shampoo", kind="clarify", topic="cost", channel="sms")
    await asks(gapped, "cost", "total cost", kind="answer")
    browser = await gapped.signed_in()
    await browser.get("/gaps")
    await browser.post("/conversations/cost/mark", sequence=2, verdict="wrong")
    page = await browser.get(f"/gaps?{query}")
    assert {each for each in ("dog", "shampoo", "cost") if f"of={each}.2" in page.html} == seen


async def test_dismissed_questions_are_gone_with_a_reason_in_the_audit(gapped: Console) -> None:
    await ask_about_halal(gapped)
    browser = await gapped.signed_in(name="dana")
    await cluster_of(browser, "halal1")
    page = await browser.post("/gaps/dismiss", question=["halal0.2", "halal1.2"], why="other_subject")
    assert (page.path, "2 questions were dismissed." in page.text, "1 question in 1" in page.text) == (
        "/gaps",
        True,
        True,
    )
    found = await gapped.run(lambda session: audit.trail(session, "halal0"))
    assert [(row.actor, row.act, row.after) for row in found] == [
        ("staff:dana", "gap.dismissed", {"sequences": [2], "reason": "other_subject"})
    ]


async def test_assigned_questions_go_on_to_approval(gapped: Console) -> None:
    await ask_about_halal(gapped)
    browser = await gapped.signed_in(name="dana")
    shown = await cluster_of(browser, "halal2")
    assert f'value="{RELIGION}"' in shown.html
    page = await browser.post("/gaps/assign", question=["halal0.2", "halal2.2"], entry=RELIGION)
    assert page.path == f"/gaps/approval?entry={RELIGION}"
    assert await states(gapped) == {"halal0": "assigned", "halal2": "assigned"}
    assert await trail(gapped, "halal2") == ["staff:dana gap.assigned"]


async def test_two_who_settle_the_same_question_do_it_once(gapped: Console) -> None:
    await ask_about_halal(gapped)
    first, second = await gapped.signed_in(name="dana"), await gapped.signed_in(name="eve")
    await cluster_of(first, "halal0")
    await cluster_of(second, "halal0")
    await first.post("/gaps/dismiss", question="halal0.2", why="no_question")
    page = await second.post("/gaps/assign", question=["halal0.2", "halal1.2"], entry=RELIGION)
    assert "1 question was assigned; 1 had been settled by somebody else." in page.text
    assert await states(gapped) == {"halal0": "dismissed", "halal1": "assigned"}
    assert await trail(gapped, "halal0") == ["staff:dana gap.dismissed"]


@pytest.mark.parametrize(
    ("path", "fields", "problem"),
    [
        ("assign", {"entry": RELIGION}, "No question is ticked"),
        ("assign", {"question": "halal0.2"}, "Entry is missing"),
        ("assign", {"question": "halal0.2", "entry": "cost.nothing"}, "no such entry"),
        ("assign", {"question": "nonsense", "entry": RELIGION}, "One of the questions is none"),
        ("dismiss", {"question": "halal0.2", "why": "because"}, "Why is none of"),
    ],
)
async def test_a_form_that_says_too_little_is_refused(
    gapped: Console, path: str, fields: dict[str, str], problem: str
) -> None:
    await ask_about_halal(gapped)
    browser = await gapped.signed_in()
    await cluster_of(browser, "halal0")
    page = await browser.post(f"/gaps/{path}", **fields)
    assert (page.status, problem in page.text, await states(gapped)) == (400, True, {})


async def test_a_question_that_was_erased_meanwhile_is_settled_by_nobody(gapped: Console) -> None:
    browser = await gapped.signed_in()
    await browser.get("/gaps")
    page = await browser.post("/gaps/dismiss", question="gone.2", why="no_question")
    assert ("0 questions were dismissed" in page.text, await states(gapped)) == (True, {})


async def test_a_settled_question_has_no_page_any_more(gapped: Console) -> None:
    page = await cluster_of(await gapped.signed_in(), "halal0")
    assert (page.status, "no open gap any more" in page.text) == (404, True)


async def test_a_question_is_encoded_once(database: str) -> None:
    encoded: list[str] = []
    async with gap_console(encoded) as console:
        await ask_about_halal(console)
        browser = await console.signed_in()
        await browser.get("/gaps")
        await asks(console, "dog", "for my dog")
        await browser.get("/gaps")
    assert sorted(encoded) == sorted([*HALAL, "for my dog"])


async def test_a_hostile_question_is_words_and_nothing_else(gapped: Console) -> None:
    await asks(gapped, "hostile", "<script>alert(1)</script> shampoo \" onclick='x'")
    browser = await gapped.signed_in()
    for page in (await browser.get("/gaps"), await cluster_of(browser, "hostile")):
        assert "<script>alert" not in page.html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; shampoo" in page.html
