"""What staff do all day, in a browser: leads, conversations, gaps, records, and what the audit says of it."""

import re
from typing import Any

import pytest
from browser_console import Member, Office
from playwright.async_api import expect
from sqlalchemy import select

from bot.leads import audit
from bot.leads.tables import contacts, leads
from bot.transcripts.tables import turns

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROWS = "table[data-keys] tbody tr"


async def _lead(office: Office, by_email: bool = False, **wanted: str) -> str:
    """The reference of a lead like that, whose person may be written to by e-mail if wanted."""

    def find(session: Any) -> str:
        query = select(leads.c.reference).filter_by(merged_into=None, **wanted).order_by(leads.c.created_at)
        if by_email:
            query = query.join(contacts).where(contacts.c.email_index.is_not(None))
        return session.execute(query).scalars().first()

    found: str = await office.run(find)
    return found


async def _acts(office: Office, subject: str) -> list[str]:
    entries = await office.run(lambda session: audit.trail(session, subject))
    return [entry.act for entry in entries]


async def _opens_to_change(member: Member, title: str) -> None:
    await member.page.locator("summary", has_text=f"Mark as “{title}”").click()


async def test_a_lead_is_assigned_labelled_noted_and_its_state_changed(office: Office) -> None:
    reference = await _lead(office, status="new", queue="sales")
    member = await (await office.member("reviewer")).goes(f"/leads/{reference}")
    await member.presses("Assign to me")
    await member.page.get_by_label("New label").fill("Weekend")
    await member.presses("Put it on")
    await member.page.get_by_label("New note").fill("Would like a Saturday.")
    await member.presses("Write it down")
    await _opens_to_change(member, "contacted")
    await member.page.get_by_label("Reason").first.select_option("talked")
    await member.presses("Mark as “contacted”")
    await member.reads("Contacted: Talked with them", "dana.demo", "weekend", "Would like a Saturday.")
    acts = await _acts(office, reference)
    assert acts[-4:] == ["lead.assigned", "lead.labelled", "lead.noted", "lead.status"]


async def test_a_contact_detail_is_shown_once_with_a_reason(office: Office) -> None:
    reference = await _lead(office, status="contacted", queue="sales")
    member = await (await office.member("reviewer")).goes(f"/leads/{reference}")
    assert "@mail.example" not in await member.page.locator("main").inner_text()
    reveal = member.page.locator("details", has=member.page.locator("summary", has_text="Show")).first
    await reveal.locator("summary").click()
    await reveal.locator("input:not([type=hidden]), textarea").first.fill("to call back")
    await reveal.locator("button").click()
    await member.reads("The detail is shown this once")
    assert await member.violations() == []
    assert (await _acts(office, reference))[-1] == "lead.revealed"
    await member.goes(f"/leads/{reference}")
    await expect(member.page.locator("main")).not_to_contain_text("The detail is shown this once")


async def test_several_leads_are_assigned_at_once(office: Office) -> None:
    member = await (await office.member("admin")).goes("/leads?view=all")
    for place in (0, 1):
        await member.page.locator(f"{ROWS} input[type=checkbox]").nth(place).check()
    await member.page.get_by_label("Assign the ticked to").select_option("cleo.demo")
    await member.presses("Assign")
    for place in (0, 1):
        await expect(member.page.locator(ROWS).nth(place)).to_contain_text("cleo.demo")


async def test_two_people_do_not_both_take_a_lead(office: Office) -> None:
    reference = await _lead(office, status="new", queue="sales")
    first = await (await office.member("reviewer")).goes(f"/leads/{reference}")
    second = await (await office.member("admin")).goes(f"/leads/{reference}")
    await first.presses("Assign to me")
    await first.reads("dana.demo")
    await second.presses("Assign to me")
    await expect(second.page.get_by_role("heading", level=1)).to_have_text("Somebody was faster")
    await second.goes(f"/leads/{reference}")
    await second.reads("dana.demo")


async def test_two_leads_of_a_person_are_merged(office: Office) -> None:
    one = await _lead(office, by_email=True, status="contacted", queue="sales")
    other = await _lead(office, by_email=True, status="booked", queue="sales")
    member = await (await office.member("admin")).goes(f"/leads/{one}/duplicates?with={other}")
    member.page.on("dialog", lambda dialog: dialog.accept())
    await member.presses(f"Keep {one}, merge {other} into it")
    await member.reads(f"Lead {one}", "merged into this one")
    await member.page.goto(f"{office.address}/leads/{other}")
    await member.reads(one)


async def test_who_thinks_better_of_a_merge_does_not_merge(office: Office) -> None:
    one = await _lead(office, by_email=True, status="contacted", queue="sales")
    other = await _lead(office, by_email=True, status="booked", queue="sales")
    path = f"/leads/{one}/duplicates?with={other}"
    member = await (await office.member("admin")).goes(path)
    member.page.on("dialog", lambda dialog: dialog.dismiss())
    await member.presses(f"Keep {one}, merge {other} into it")
    assert member.page.url.endswith(path)
    assert "lead.merged" not in await _acts(office, one)


async def test_a_reviewer_does_not_see_the_clinicians_leads(office: Office) -> None:
    reference = await _lead(office, queue="clinician", outcome="clinician_review")
    reviewer, clinician = await office.member("reviewer"), await office.member("clinician")
    answer = await reviewer.page.goto(f"{office.address}/leads/{reference}")
    assert answer
    assert answer.status == 403
    await clinician.goes(f"/leads/{reference}")
    await clinician.reads("What the check came to", "Rule")


async def test_a_clinician_clears_a_conflict_between_answers(office: Office) -> None:
    reviewed = await office.run(
        lambda session: session.execute(select(leads.c.reference).filter_by(outcome="clinician_review")).scalars().all()
    )
    member = await office.member("clinician")
    clear = member.page.locator("details", has_text="Clear this conflict").first
    for reference in reviewed:
        await member.goes(f"/leads/{reference}")
        if await clear.count():
            break
    await clear.locator("summary").click()
    await clear.locator("textarea").fill("The family doctor says there never was one.")
    await clear.get_by_role("button").click()
    await expect(clear).to_have_count(0)
    assert (await _acts(office, reference))[-1] == "lead.conflict_cleared"


async def test_a_wrong_answer_becomes_a_training_example(office: Office) -> None:
    def asked(session: Any) -> Any:
        answered = select(turns.c.conversation_id, turns.c.sequence, turns.c.entry).where(turns.c.kind == "answer")
        return session.execute(answered.order_by(turns.c.conversation_id)).first()

    turn = await office.run(asked)
    member = await (await office.member("admin")).goes(f"/conversations/{turn.conversation_id}")
    said = member.page.locator(f"#turn-{turn.sequence}")
    if not await said.get_by_role("button", name="Take the mark back").count():
        await said.get_by_role("button", name="Wrong answer").click()
        await member.reads("Wrong answer")
    await member.goes("/gaps?reason=wrong")
    await member.page.locator(f"{ROWS} a").first.click()
    await member.page.get_by_label("Entry", exact=True).fill(turn.entry)
    await member.presses("Assign the ticked questions")
    await member.goes("/gaps/approval")
    await member.page.get_by_label("Decision").first.select_option("approve")
    await member.presses("Carry out")
    await member.goes("/gaps")
    await member.reads("not exported yet")


async def test_the_reasons_of_a_turn_are_shown_and_hidden(office: Office) -> None:
    conversation = await office.run(
        lambda session: (
            session.execute(select(turns.c.conversation_id).where(turns.c.kind == "answer")).scalars().first()
        )
    )
    member = await (await office.member("admin")).goes(f"/conversations/{conversation}")
    why = member.page.locator("details.why").first
    await expect(why.locator("dl")).not_to_be_visible()
    await member.page.get_by_role("link", name="Show all details").click()
    await expect(why.locator("dl")).to_be_visible()
    await expect(why).to_contain_text("Understood")


async def test_a_record_is_handed_out_then_erased_with_a_receipt(office: Office) -> None:
    reference = await _lead(office, status="closed")
    member = await (await office.member("admin")).goes("/records")
    await member.page.get_by_label("Who").fill(reference)
    await member.presses("Find")
    await expect(member.page.get_by_role("heading", level=1)).to_contain_text(reference)
    async with member.page.expect_download() as download:
        await member.presses("Export")
    assert (await download.value).suggested_filename.endswith(".json")
    await member.page.get_by_role("link", name=re.compile("Erase this record")).click()
    assert await member.violations() == []
    await member.page.get_by_label(f"Type {reference} to confirm").fill(reference)
    await member.presses("Erase for good")
    await member.reads("Receipt")
    assert await member.violations() == []
    answer = await member.page.goto(f"{office.address}/leads/{reference}")
    assert answer
    assert answer.status == 404


async def test_the_audit_is_verified_on_its_page(office: Office) -> None:
    member = await (await office.member("admin")).goes("/audit")
    await member.presses("Verify the chain")
    await member.reads("The audit is whole", "Rows read")
    assert await member.violations() == []


async def test_knowledge_is_read_as_a_visitor_sees_it(office: Office) -> None:
    member = await (await office.member("reviewer")).goes("/knowledge?q=prp")
    await member.page.locator(f"{ROWS} a").first.click()
    await member.reads("As a visitor sees it", "Sources", "Next review")


async def test_the_dashboard_has_a_table_beside_each_plot(office: Office) -> None:
    member = await (await office.member("reviewer")).goes("/dashboard")
    plots = await member.page.locator("svg.plot").count()
    assert plots > 3
    assert await member.page.locator("table").count() >= plots
