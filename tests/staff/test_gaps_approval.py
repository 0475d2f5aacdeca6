"""Assigned questions become examples only with a person's yes, and never with a personal detail."""

from collections.abc import AsyncIterator, Sequence

import pytest
from console import Browser, Console
from gap_questions import RELIGION, asks, gap_console
from sqlalchemy import Text, select, type_coerce

from bot.leads import audit
from bot.transcripts.examples import approved
from bot.transcripts.tables import examples, reviews


@pytest.fixture
async def gapped(database: str) -> AsyncIterator[Console]:
    """A console of the gaps on each kind of database."""
    async with gap_console() as made:
        yield made


async def assigned(console: Console, *texts: str, name: str | None = None) -> Browser:
    """Somebody before the approval of questions, which are called q0, q1, … ."""
    for number, text in enumerate(texts):
        await asks(console, f"q{number}", text, likeliest=RELIGION, name=name)
    browser = await console.signed_in(name="dana")
    await browser.get("/gaps")
    await browser.post("/gaps/assign", question=[f"q{number}.2" for number in range(len(texts))], entry=RELIGION)
    return browser


def decided(*decisions: tuple[str, str]) -> dict[str, object]:
    """The fields of the form, for q0, q1, …: what is decided, and the words."""
    fields: dict[str, object] = {"question": [f"q{number}.2" for number in range(len(decisions))]}
    for number, (decision, text) in enumerate(decisions):
        fields |= {f"decision:q{number}.2": decision, f"text:q{number}.2": text}
    return fields


async def kept(console: Console) -> Sequence[tuple[str, str]]:
    return [(one.text, one.entry) for one in await console.run(approved)]


async def states(console: Console) -> list[tuple[str, str]]:
    query = select(reviews.c.conversation_id, reviews.c.state).order_by(reviews.c.conversation_id)
    return [tuple(row) for row in await console.run(lambda session: session.execute(query).all())]


async def test_words_are_approved_edited_left_out_put_back_or_left_for_later(gapped: Console) -> None:
    browser = await assigned(gapped, "does the mosque allow it", "mosque?", "what says a priest", "kosher at all", "eh")
    page = await browser.post(
        "/gaps/approval",
        **decided(
            ("approve", "does the mosque allow it"),
            ("approve", "would my mosque allow that"),
            ("leave_out", "what says a priest"),
            ("give_back", "kosher at all"),
            ("later", "eh"),
        ),
    )
    assert "2 approved as examples, 2 settled otherwise." in page.text
    assert await kept(gapped) == [("does the mosque allow it", RELIGION), ("would my mosque allow that", RELIGION)]
    assert await states(gapped) == [
        ("q0", "approved"), ("q1", "approved"), ("q2", "dismissed"), ("q4", "assigned")
    ]  # fmt: skip
    trail = await gapped.run(lambda session: audit.trail(session, "q0", "q2", "q3"))
    acts = [(row.subject, row.act) for row in trail if row.act != "gap.assigned"]
    assert acts == [("q0", "gap.approved"), ("q2", "gap.left_out"), ("q3", "gap.reopened")]
    assert "kosher at all" in (await browser.get("/gaps")).text


async def test_details_are_taken_out_before_anybody_sees_them(gapped: Console) -> None:
    browser = await assigned(gapped, "i'm Dana Reyes, +1 415 555 0142. halal for oyelaran?", name="Tola Oyelaran")
    page = await browser.get("/gaps/approval")
    assert "i'm (name), (number). halal for (name)?" in page.text
    assert "Something personal was taken out" in page.text
    assert not [word for word in ("Reyes", "0142", "oyelaran") if word in page.html]


async def test_a_detail_that_was_written_in_again_is_refused_and_taken_out(gapped: Console) -> None:
    browser = await assigned(gapped, "halal?", "kosher for my family", name="Tola Oyelaran")
    page = await browser.post(
        "/gaps/approval", **decided(("approve", "halal, asks oyelaran"), ("approve", "kosher for my family"))
    )
    assert page.status == 400
    assert "There was still something that looks like a personal detail" in page.text
    assert "halal, asks (name)" in page.text
    assert (await kept(gapped), [state for _, state in await states(gapped)]) == ([], ["assigned", "assigned"])


async def test_an_example_that_is_there_already_is_told(gapped: Console) -> None:
    browser = await assigned(gapped, "price pls", "Price, pls!", "does a rabbi mind the cells")
    page = await browser.get("/gaps/approval")
    assert page.text.count("This is an example of cost.session_price already") == 1
    fields = decided(("leave_out", "x"), ("leave_out", "x"), ("approve", "does a rabbi mind the cells"))
    await browser.post("/gaps/approval", **fields)
    await asks(gapped, "q3", "Does a rabbi mind the cells?")
    await browser.post("/gaps/assign", question="q3.2", entry=RELIGION)
    assert f"This is an example of {RELIGION} already" in (await browser.get("/gaps/approval")).text


async def test_the_same_words_are_not_approved_twice_at_once(gapped: Console) -> None:
    browser = await assigned(gapped, "rabbi says yes?", "rabbi")
    page = await browser.post(
        "/gaps/approval", **decided(("approve", "rabbi says yes?"), ("approve", "Rabbi says yes"))
    )
    assert (page.status, await kept(gapped)) == (400, [])


def in_one_form(decision: str, text: str, number: int) -> dict[str, object]:
    """The fields of a form for q0, q1, … , which asked the same."""
    return {**decided((decision, text)), "same:q0.2": [f"q{place}.2" for place in range(1, number)]}


async def test_what_many_ask_in_the_same_words_is_decided_once(gapped: Console) -> None:
    browser = await assigned(gapped, *["may a rabbi do it?", "May a rabbi do it", "may a rabbi, do it!"] * 3, "other")
    page = await browser.get("/gaps/approval")
    assert (page.html.count("<textarea"), page.html.count('name="same:q0.2"')) == (2, 8)
    assert "Asked 9 times in these words" in page.text
    page = await browser.post("/gaps/approval", **in_one_form("approve", "may a rabbi do it?", 9))
    assert "1 approved as examples" in page.text
    assert await kept(gapped) == [("may a rabbi do it?", RELIGION)]
    assert sorted(state for _, state in await states(gapped)) == ["approved"] * 9 + ["assigned"]
    trail = await gapped.run(lambda session: audit.trail(session, "q8"))
    assert [row.act for row in trail] == ["gap.assigned", "gap.approved"]


async def test_the_same_question_counts_though_somebody_settled_the_first_meanwhile(gapped: Console) -> None:
    browser = await assigned(gapped, "may a rabbi do it", "may a rabbi do it", "may a rabbi do it")
    other = await gapped.signed_in(name="eve")
    await other.get("/gaps/approval")
    await other.post("/gaps/approval", **decided(("give_back", "x")))
    await browser.get("/gaps/approval")
    page = await browser.post("/gaps/approval", **in_one_form("leave_out", "x", 3))
    assert "0 approved as examples, 1 settled otherwise." in page.text
    assert await states(gapped) == [("q1", "dismissed"), ("q2", "dismissed")]


async def test_words_that_were_edited_and_left_for_later_stay_on_the_page(gapped: Console) -> None:
    browser = await assigned(gapped, "kosher?", "what of rabbis", "halal at all")
    page = await browser.post(
        "/gaps/approval", **decided(("approve", "is it kosher"), ("later", "what would rabbis say"), ("later", "halal"))
    )
    assert "1 approved as examples, 0 settled otherwise." in page.text
    assert "what would rabbis say</textarea>" in page.html
    assert "halal</textarea>" in page.html
    assert await kept(gapped) == [("is it kosher", RELIGION)]
    page = await browser.post("/gaps/approval", **decided(("later", "x"), ("approve", "rabbis?"), ("later", "halal")))
    assert "halal</textarea>" in page.html
    assert len(await kept(gapped)) == 2


async def test_nothing_is_no_example(gapped: Console) -> None:
    page = await (await assigned(gapped, "rabbi?")).post("/gaps/approval", **decided(("approve", " ")))
    assert (page.status, "There are no words left" in page.text, await kept(gapped)) == (400, True, [])


async def test_two_who_approve_the_same_question_make_one_example(gapped: Console) -> None:
    first = await assigned(gapped, "what does a rabbi say")
    second = await gapped.signed_in(name="eve")
    await second.get("/gaps/approval")
    fields = decided(("approve", "what does a rabbi say"))
    await first.post("/gaps/approval", **fields)
    assert "0 approved as examples" in (await second.post("/gaps/approval", **fields)).text
    assert len(await kept(gapped)) == 1


async def test_what_is_kept_is_sealed_and_of_no_conversation(gapped: Console) -> None:
    browser = await assigned(gapped, "what does a rabbi say")
    await browser.post("/gaps/approval", **decided(("approve", "what does a rabbi say")))
    assert "conversation_id" not in examples.c
    stored = await gapped.run(lambda session: session.execute(select(type_coerce(examples.c.text, Text))).scalar())
    assert "rabbi" not in stored
