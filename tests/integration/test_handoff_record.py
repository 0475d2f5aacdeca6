"""What a hand-off leaves in the record: what was agreed to and nothing else, once, and for the right staff."""

from pathlib import Path

import pytest
from handing_over import (
    AGREES,
    EMAIL,
    NAME,
    PHONE,
    Visitor,
    all_consents,
    all_leads,
    load_anew,
    purposes,
    the_lead,
    told,
)

from bot.dialogue.assistant import Assistant
from bot.handoff.form import read_form
from bot.leads.records import Contact
from bot.settings import settings

YES_NO = [("share", True), ("email", True), ("phone", True), ("text", False)]


async def test_the_record_has_what_was_agreed_to_and_nothing_else(strand: Assistant) -> None:
    visitor = Visitor(strand)
    reference = await visitor.hands_over()
    lead = await the_lead(visitor.database)
    assert (lead.reference, lead.conversation, lead.status) == (reference, await visitor.conversation(), "new")
    assert (lead.channel, lead.language) == ("rest", "en")
    assert lead.contact == Contact(NAME, EMAIL, "+12025550143", "email", "morning")
    assert lead.consents == dict(YES_NO)
    assert await told(visitor.database) == [("lead.submitted", False)]


async def test_each_consent_has_its_wording_as_it_was_shown_its_time_and_its_message(strand: Assistant) -> None:
    visitor = Visitor(strand)
    shown = await visitor.asks_for_a_person(until="consent_phone")
    await visitor.answers(shown, AGREES)
    given, form = await all_consents(visitor.database), read_form(settings().assessment_dir, settings().clinic)
    assert purposes(given) == YES_NO
    assert given[2].shown == shown["reply"][-1]
    for row in given:
        wording = form.consents.of(row.purpose)
        assert (row.wording_id, row.shown) == (wording.id, form.shown(row.purpose))
        assert (row.wording_version, row.language, row.channel) == (form.consents.version, "en", "rest")
    assert [row.at for row in given] == sorted(row.at for row in given)
    assert len({row.message_id for row in given}) == 4
    assert set(await visitor.message_ids(*["yes"] * 3, "no")) >= {row.message_id for row in given}


async def test_without_a_check_the_sales_staff_look(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over()
    lead = await the_lead(visitor.database)
    assert (lead.queue, lead.assessed.outcome, lead.assessed.findings, lead.assessed.flagged) == (
        "sales",
        "none",
        (),
        False,
    )


async def test_after_a_check_that_nothing_held_up_the_sales_staff_look(strand: Assistant) -> None:
    visitor = Visitor(strand)
    assert (await visitor.is_checked())["outcome"] == "qualified"
    offered = await visitor.says("yes")
    assert offered["field"] == "consent_share", "the age is known"
    await visitor.answers(offered, AGREES)
    lead = await the_lead(visitor.database)
    assert (lead.queue, lead.assessed.outcome, lead.assessed.flagged) == ("sales", "qualified", False)
    assert lead.assessed.answers["age"][0]["value"] == 34


async def test_a_blood_thinner_that_is_mentioned_on_the_way_sends_it_to_a_clinician(strand: Assistant) -> None:
    visitor = Visitor(strand)
    asked = await visitor.asks_for_a_person(until="consent_phone")
    asked = await visitor.says("i take eliquis, is that a problem?")
    assert (asked["kind"], asked["field"]) == ("answer", "consent_phone")
    await visitor.answers(asked, AGREES)
    lead = await the_lead(visitor.database)
    assert (lead.queue, lead.assessed.outcome, lead.assessed.findings) == ("clinician", "none", ("anticoagulant",))
    assert purposes(await all_consents(visitor.database)) == YES_NO


async def test_who_is_told_not_now_and_asks_for_a_person_is_flagged(strand: Assistant) -> None:
    visitor = Visitor(strand)
    assert (await visitor.is_checked(pregnancy_or_breastfeeding="I am pregnant"))["outcome"] == "not_now"
    await visitor.hands_over()
    lead = await the_lead(visitor.database)
    assert (lead.queue, lead.assessed.outcome, lead.assessed.flagged) == ("clinician", "not_now", True)
    assert "pregnant" in lead.assessed.findings
    assert lead.assessed.reasons


@pytest.mark.parametrize("again", ["yes", "Yes, send it", "I want to talk to a person"])
async def test_a_second_yes_hears_the_same_reference(strand: Assistant, again: str) -> None:
    visitor = Visitor(strand)
    reference = await visitor.hands_over()
    for _ in range(2):
        reply = await visitor.says(again)
        assert (reply["kind"], reply["state"], reply["reference"]) == ("handoff", "submitted", reference)
        assert reference in reply["reply"][0]
    assert [lead.reference for lead in await all_leads(visitor.database)] == [reference]
    assert await told(visitor.database) == [("lead.submitted", False)]


async def test_a_yes_to_something_else_is_none_to_the_hand_off(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over()
    await visitor.says("how much does it cost")
    assert (await visitor.says("yes"))["kind"] != "handoff"


async def test_two_clicks_at_once_make_one_lead(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person(until="summary")
    first, second = await visitor.says_at_once("Yes, send it", "Yes, send it")
    assert first["state"] == second["state"] == "submitted"
    assert first["reference"] == second["reference"]
    assert len(await all_leads(visitor.database)) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_process_that_starts_anew_knows_what_was_sent(strand: Assistant, model: Path) -> None:
    visitor = Visitor(strand)
    reference = await visitor.hands_over()
    half = Visitor(strand, "other")
    asked = await half.asks_for_a_person(until="phone")
    restarted = await load_anew(model)
    for text in ("yes", "Yes, send it"):
        assert (await Visitor(restarted).says(text))["reference"] == reference
    there = Visitor(restarted, "other")
    await there.answers(await there.says(PHONE), AGREES)
    assert asked["field"] == "phone"
    assert len(await all_leads(visitor.database)) == 2


async def test_after_all_was_deleted_the_same_sender_makes_a_lead_of_another_conversation(strand: Assistant) -> None:
    visitor = Visitor(strand)
    reference, before = await visitor.hands_over(), await visitor.conversation()
    await visitor.says("delete my data")
    assert await all_leads(visitor.database) == []
    again = await visitor.hands_over()
    lead = await the_lead(visitor.database)
    assert (lead.reference, again != reference) == (again, True)
    assert lead.conversation != before
    assert (await visitor.says("yes"))["reference"] == again
