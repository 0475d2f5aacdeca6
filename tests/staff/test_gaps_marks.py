"""Staff mark a turn as wrong or missing, take it back, and find it among the gaps; each time the audit says so."""

from console import Console
from gap_questions import asks, gap_console
from sqlalchemy import select

from bot.leads import audit
from bot.transcripts.reviews import verdicts
from bot.transcripts.tables import reviews
from tests.unit.leads_kept.people import hand_over


async def marked(console: Console, conversation: str) -> dict[int, str]:
    return dict(await console.run(lambda session: verdicts(session, conversation)))


async def test_a_wrong_answer_becomes_a_gap_and_is_taken_back(database: str) -> None:
    async with gap_console() as console:
        await asks(console, "cost", "total cost", kind="answer")
        browser = await console.signed_in(name="dana")
        await browser.get("/gaps")
        page = await browser.post("/conversations/cost/mark", sequence=2, verdict="wrong")
        assert page.path.startswith("/conversations/cost")
        assert await marked(console, "cost") == {2: "wrong"}
        assert "1 marked: wrong answer" in (await browser.get("/gaps")).text
        await browser.post("/conversations/cost/mark", sequence=2, verdict="")
        assert await marked(console, "cost") == {}
        assert "There are no gaps" in (await browser.get("/gaps")).text
        trail = await console.run(lambda session: audit.trail(session, "cost"))
        said = [(row.actor, row.act, row.before["verdict"], row.after["verdict"]) for row in trail]
        assert said == [("staff:dana", "turn.marked", None, "wrong"), ("staff:dana", "turn.marked", "wrong", None)]


async def test_a_settled_question_is_open_again_when_it_is_marked(database: str) -> None:
    async with gap_console() as console:
        await asks(console, "dog", "can my dog have it")
        browser = await console.signed_in()
        await browser.get("/gaps")
        await browser.post("/gaps/dismiss", question="dog.2", why="other_subject")
        await browser.post("/conversations/dog/mark", sequence=2, verdict="missing")
        assert "1 marked: should have been answered" in (await browser.get("/gaps")).text


async def test_only_what_a_visitor_said_is_marked(database: str) -> None:
    async with gap_console() as console:
        await asks(console, "dog", "can my dog have it")
        browser = await console.signed_in()
        await browser.get("/gaps")
        assert (await browser.post("/conversations/dog/mark", sequence=3, verdict="wrong")).status == 404
        assert (await browser.post("/conversations/nobody/mark", sequence=2, verdict="wrong")).status == 404
        assert (await browser.post("/conversations/dog/mark", sequence=2, verdict="right")).status == 400
        assert await console.run(lambda session: session.execute(select(reviews)).all()) == []


async def test_what_a_clinician_sees_first_is_closed_to_reviewers(database: str) -> None:
    async with gap_console() as console:
        await asks(console, "careful", "shampoo with lupus")
        await hand_over("careful")
        reviewer, clinician = await console.signed_in("reviewer"), await console.signed_in("clinician")
        assert "There are no gaps" in (await reviewer.get("/gaps")).text
        assert "shampoo with lupus" in (await clinician.get("/gaps")).text
        assert (await reviewer.post("/conversations/careful/mark", sequence=2, verdict="wrong")).status == 403
        assert (await reviewer.post("/gaps/dismiss", question="careful.2", why="no_question")).status == 403
        await clinician.post("/gaps/assign", question="careful.2", entry="cost.session_price")
        assert "shampoo" in (await clinician.get("/gaps/approval")).text
        assert "Nothing waits for approval" in (await reviewer.get("/gaps/approval")).text


async def test_a_mark_leads_back_to_the_page_that_it_was_set_on(console: Console) -> None:
    browser = await console.signed_in()
    await asks(console, "dog", "can my dog have it")
    await browser.get("/gaps")
    told = {"csrf": browser.token, "sequence": "2", "verdict": "wrong"}
    here = str(console.server.make_url("/conversations/dog?before=7"))
    for referer, back in (
        (here, "/conversations/dog?before=7"),
        (here.replace("dog?before=7", "another"), "/conversations/dog"),
        ("https://elsewhere.example/leads/S-1", "/conversations/dog"),
        ("http://[", "/conversations/dog"),
    ):
        answer = await browser.client.post(
            "/conversations/dog/mark", data=told, headers={"Referer": referer}, allow_redirects=False
        )
        assert (answer.status, answer.headers["Location"]) == (303, f"{back}#turn-2")
