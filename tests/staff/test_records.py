"""Somebody asks for what is kept of them, or wants it gone: an administrator finds it, hands it out, erases it."""

import csv
import io
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from console import Console, opened
from spoken_events import asked, said, store
from sqlalchemy import insert, select

from bot.leads import audit
from bot.leads.tables import contacts, erasures, leads, notices
from bot.staff.context import ChatLink
from bot.transcripts.tables import conversations, reviews, takeovers, turns
from tests.integration.everything_written import found_in, stored
from tests.unit.leads_kept.people import CONTACT, NOON, count, hand_over, somebody_else, talk


async def handed_over() -> str:
    await talk("hers")
    return await hand_over("hers")


async def acts(console: Console) -> list[tuple[str, str]]:
    rows = await console.run(lambda session: audit.newest(session, audit.Asked()))
    return [(entry.actor, entry.act) for entry in rows]


@pytest.mark.parametrize("who", ["marguerite@mail.example", "(415) 555-0142", "hers"])
async def test_a_person_is_found_and_their_details_are_masked(console: Console, who: str) -> None:
    reference = await handed_over()
    browser = await console.signed_in("admin")
    await browser.get("/records")
    page = await browser.post("/records", who=who)
    assert page.path == f"/records/of/{reference}"
    assert "m•••@•••" in page.text
    assert not found_in(page.html.encode(), [CONTACT.email, CONTACT.phone, CONTACT.name])


async def test_several_who_share_a_number_are_listed(console: Console) -> None:
    one, other = await hand_over("a"), await hand_over("b")
    browser = await console.signed_in("admin")
    await browser.get("/records")
    page = await browser.post("/records", who=CONTACT.phone)
    assert (page.status, page.path) == (200, "/records")
    assert one in page.text
    assert other in page.text
    page = await browser.get(f"/records/of/{one}")
    assert f"not part of this record: {other}" in page.text


async def test_nobody_is_found(console: Console) -> None:
    browser = await console.signed_in("admin")
    await browser.get("/records")
    page = await browser.post("/records", who="nobody@mail.example")
    assert "Nothing is kept of that" in page.text
    assert (await browser.get("/records/of/S-AAAAAA")).status == 404


async def test_a_record_is_handed_out_and_the_audit_has_it(console: Console) -> None:
    reference = await handed_over()
    browser = await console.signed_in("admin")
    await browser.get(f"/records/of/{reference}")
    page = await browser.post("/records/export", subject=reference, format="json")
    assert json.loads(page.html)["leads"][0]["contact"][0]["email"] == CONTACT.email
    assert "attachment" in page.headers["Content-Disposition"]
    assert page.headers["Cache-Control"] == "no-store"
    page = await browser.post("/records/export", subject=reference, format="csv")
    assert [row["reference"] for row in csv.DictReader(io.StringIO(page.html))] == [reference]
    assert (await acts(console)).count(("staff:admin", "record.exported")) == 2
    assert (await browser.post("/records/export", subject=reference, format="xls")).status == 400
    assert (await browser.post("/records/export", subject="S-AAAAAA", format="csv")).status == 404


async def test_all_leads_are_handed_out_and_the_audit_has_it(console: Console) -> None:
    references = {await hand_over(f"c{place}", contact=somebody_else(place)) for place in range(3)}
    console.clock.now = NOON + timedelta(days=1)
    browser = await console.signed_in("admin")
    await browser.get("/records")
    page = await browser.post("/leads/export", format="csv")
    assert {row["reference"] for row in csv.DictReader(io.StringIO(page.html))} == references
    assert page.headers["Content-Disposition"] == 'attachment; filename="leads-2026-07-02.csv"'
    assert ("staff:admin", "leads.exported") in await acts(console)


async def test_an_erasure_asks_first_and_leaves_a_receipt(console: Console) -> None:
    reference = await handed_over()
    browser = await console.signed_in("admin")
    page = await browser.get(f"/records/of/{reference}/erase")
    assert "What goes" in page.text
    assert "cannot be brought back" in page.text
    page = await browser.post("/records/erase", subject=reference, reason="asked", typed="yes")
    assert (page.status, await count(leads)) == (400, 1)
    page = await browser.post("/records/erase", subject=reference, reason="asked", typed=reference.lower())
    assert page.path.startswith("/records/receipts/E-")
    assert "On whose word staff:admin" in page.text
    assert await count(leads, contacts, conversations) == 0
    details = [CONTACT.email, CONTACT.phone, CONTACT.name, "plaquenil"]
    assert not found_in(page.html.encode(), details)
    assert not found_in(stored(console.database), details)
    assert (await browser.get(f"/records/of/{reference}")).status == 404


async def test_the_second_time_the_receipt_has_zeros(console: Console) -> None:
    reference = await handed_over()
    browser = await console.signed_in("admin")
    await browser.get(f"/records/of/{reference}/erase")
    form = {"subject": reference, "reason": "asked", "typed": reference}
    first = await browser.post("/records/erase", **form)
    second = await browser.post("/records/erase", **form)
    assert first.path != second.path
    assert "0 rows: there was nothing any more" in second.text
    assert await count(erasures) == 2


async def test_an_erasure_notes_why_and_nothing_of_the_person(console: Console) -> None:
    reference = await handed_over()
    browser = await console.signed_in("admin")
    await browser.get(f"/records/of/{reference}/erase")
    assert (
        await browser.post("/records/erase", subject=reference, reason="because of Jane", typed=reference)
    ).status == 400
    await browser.post("/records/erase", subject=reference, reason="guardian", typed=reference)
    row = (await console.run(lambda session: audit.newest(session, audit.Asked(act="record.erased"))))[0]
    assert row.after["reason"] == "guardian"
    assert row.actor == "staff:admin"


async def test_turns_are_held_off_and_open_chats_ended_while_a_person_is_erased(database: str) -> None:
    reference = await handed_over()
    seen: list[str] = []

    @asynccontextmanager
    async def hold(conversation: str):
        seen.append(f"held {conversation}")
        yield
        seen.append(f"{await count(leads)} leads, let go {conversation}")

    chat = ChatLink(hold, lambda *_: None, lambda texts: [], lambda conversation: seen.append(f"ended {conversation}"))
    async with opened(chat) as console:
        browser = await console.signed_in("admin")
        await browser.get(f"/records/of/{reference}/erase")
        await browser.post("/records/erase", subject=reference, reason="asked", typed=reference)
    assert seen == ["held hers", "0 leads, let go hers", "ended hers"]


async def test_what_came_in_meanwhile_is_not_erased_unseen(database: str) -> None:
    """Somebody merges another lead into the family while its locks are waited for."""
    reference, other = await handed_over(), await hand_over("another")

    @asynccontextmanager
    async def hold(_conversation: str):
        merge = leads.update().where(leads.c.reference == other).values(merged_into=reference)
        await console.run(lambda session: session.execute(merge))
        yield

    async with opened(ChatLink(hold, lambda *_: None, lambda texts: [])) as console:
        browser = await console.signed_in("admin")
        await browser.get(f"/records/of/{reference}/erase")
        page = await browser.post("/records/erase", subject=reference, reason="asked", typed=reference)
    assert page.status == 409
    assert await count(leads) == 2


async def test_a_conversation_without_a_lead_is_a_record_too(console: Console) -> None:
    await talk("hers")
    row = {"conversation_id": "hers", "sequence": 1, "place": 0, "at": NOON, "channel": "rest", "kind": "answer"}
    await console.run(lambda session: session.execute(insert(turns).values(row)))
    browser = await console.signed_in("admin")
    page = await browser.get("/records/of/hers")
    assert "No lead" in page.text
    await browser.get("/records/of/hers/erase")
    await browser.post("/records/erase", subject="hers", reason="unneeded", typed="hers")
    assert await count(conversations, turns) == 0


@pytest.mark.parametrize("role", ["reviewer", "clinician"])
async def test_others_get_nothing_of_it(console: Console, role: str) -> None:
    reference = await handed_over()
    browser = await console.signed_in(role)
    await browser.get("/dashboard")
    for path in ("/records", f"/records/of/{reference}", f"/records/of/{reference}/erase", "/audit"):
        assert (await browser.get(path)).status == 403
    for path in ("/records", "/records/export", "/leads/export", "/records/erase", "/audit/verify"):
        assert (await browser.post(path, subject=reference, format="csv", typed=reference)).status == 403
    kept = await console.run(lambda session: session.execute(select(leads.c.reference)).scalars().all())
    assert kept == [reference]


async def test_a_receipt_counts_what_the_record_listed(console: Console) -> None:
    now = console.clock()

    def left_by_staff(session: Any) -> None:
        store(session, "talk", [asked("how much?"), said("It depends.", kind="answer")])
        session.execute(insert(takeovers).values(conversation_id="talk", staff="dana", joined_at=now))
        mark = {
            "conversation_id": "talk",
            "sequence": 1,
            "verdict": "wrong",
            "state": "open",
            "staff": "dana",
            "at": now,
        }
        session.execute(insert(reviews).values(mark))
        session.execute(insert(notices).values(kind="red_flag", subject="talk", at=now))

    await console.run(left_by_staff)
    browser = await console.signed_in("admin")
    record = await browser.get("/records/of/talk")
    receipt = await browser.post("/records/erase", subject="talk", reason="asked", typed="talk")
    for words in ("Turns 1", "Takeovers 1", "Marks of turns 1", "Notices 1"):
        assert words in record.text, words
        assert words in receipt.text, words
