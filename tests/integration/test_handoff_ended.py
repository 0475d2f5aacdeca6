"""A hand-off that ends early leaves no way to reach its person: refused, stopped, a minor's, cut by an emergency."""

from typing import Any

import pytest
from handing_over import AGREES, CONTACT, SENDER, Visitor, all_leads, deliver_all, left_in, rows, told, unsealed

from bot.dialogue.assistant import Assistant
from bot.leads.tables import outbox
from tests.conftest import Configure

EMERGENCY = "my chest hurts and I can't breathe"
# Details that come before anyone asked for them.
OPENING = "I'm Zoë Quillfeather, z.quillfeather@mail.example, (202) 555-0143. can somebody call me"


async def test_who_does_not_want_to_share_leaves_no_detail(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.answers(await visitor.says(OPENING), {"age": "34"})
    assert left_in(await unsealed(visitor.database)), "it was there before the answer"
    assert (await visitor.says("no"))["state"] == "declined"
    assert left_in(await unsealed(visitor.database)) == []
    assert await all_leads(visitor.database) == []
    assert (await visitor.says("what does it cost"))["kind"] == "answer"


async def test_who_wants_no_contact_by_any_way_leaves_no_detail(strand: Assistant) -> None:
    visitor = Visitor(strand)
    refusals = {"age": "34", "consent_share": "yes", "consent_email": "no", "consent_phone": "no", "consent_text": "no"}
    assert (await visitor.answers(await visitor.says(OPENING), refusals))["state"] == "declined"
    assert left_in(await unsealed(visitor.database)) == []
    assert await told(visitor.database) == []


@pytest.mark.parametrize("until", ["name", "preferred_contact", "summary"])
async def test_who_stops_on_the_way_leaves_no_detail(strand: Assistant, until: str) -> None:
    visitor = Visitor(strand)
    await visitor.says(OPENING)
    await visitor.answers(await visitor.says("34"), {**AGREES, "summary": "stop"}, until)
    assert (await visitor.says("stop"))["state"] == "declined"
    assert left_in(await unsealed(visitor.database)) == []
    assert await told(visitor.database) == []


@pytest.mark.parametrize("until", ["email", "summary"])
async def test_an_emergency_on_the_way_ends_it_and_leaves_no_detail(strand: Assistant, until: str) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person(until)
    reply = await visitor.says(EMERGENCY)
    assert (reply["kind"], reply["class"]) == ("urgent", "emergency")
    assert "field" not in reply
    assert left_in(await unsealed(visitor.database)) == []
    assert (await visitor.says("yes"))["kind"] == "urgent"
    assert await all_leads(visitor.database) == []


@pytest.mark.parametrize("until", ["age", "name", "summary"])
async def test_of_a_minor_nothing_is_kept(strand: Assistant, until: str) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person(until)
    reply = await visitor.says("i am 16")
    assert (reply["kind"], reply["outcome"]) == ("assessment", "underage")
    assert left_in(await unsealed(visitor.database), [*CONTACT, "i am 16", "talk to a person"]) == []
    assert (await visitor.says("I want to talk to a person"))["outcome"] == "underage"
    assert await all_leads(visitor.database) == []


async def test_a_minor_who_told_details_before_all_questions_leaves_none(strand: Assistant) -> None:
    visitor = Visitor(strand)
    before = await visitor.says("does insurance pay? my mail is z.quillfeather@mail.example, cell 202 555 0143")
    assert before["kind"] != "handoff"
    assert left_in(await unsealed(visitor.database), ["quillfeather"])
    await visitor.says("start the suitability check", "15")
    assert left_in(await unsealed(visitor.database)) == []


async def test_a_minor_who_was_never_asked_leaves_no_details(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.says("my mail is z.quillfeather@mail.example, is it safe?", "I'm 16 years old, can I get it?")
    assert left_in(await unsealed(visitor.database)) == []


async def test_a_minor_is_told_once_how_long_chats_are_kept(strand: Assistant) -> None:
    visitor = Visitor(strand)
    first = await visitor.says("start the suitability check")
    later = [await visitor.says(text) for text in ("15", "hello", "talk to a person")]
    assert sum("kept for 30 days" in text for text in first["reply"]) == 1
    assert not any("kept for" in text for reply in later for text in reply["reply"])


async def outbox_rows(visitor: Visitor) -> list[Any]:
    return await rows(visitor.database, outbox.c.event, outbox.c.payload, outbox.c.delivered_at)


async def test_a_lead_whose_person_turns_out_to_be_a_minor_is_erased(strand: Assistant, configure: Configure) -> None:
    configure(deliver_contact="file")
    visitor = Visitor(strand)
    await visitor.hands_over()
    await deliver_all(visitor.database)
    await visitor.says("by the way i am 16")
    assert await all_leads(visitor.database) == []
    assert [(row.event, row.delivered_at) for row in await outbox_rows(visitor)] == [("lead.erased", None)]
    assert left_in(await unsealed(visitor.database), CONTACT) == []
    assert (await visitor.says("I want to talk to a person"))["outcome"] == "underage"


async def test_who_never_got_a_minors_lead_is_told_of_none(strand: Assistant, configure: Configure) -> None:
    configure(deliver_contact="file")
    visitor = Visitor(strand)
    await visitor.hands_over()
    await visitor.says("by the way i am 16")
    assert await outbox_rows(visitor) == []
    assert left_in(await unsealed(visitor.database), CONTACT) == []


async def test_an_emergency_after_it_was_sent_leaves_it_to_its_person(strand: Assistant) -> None:
    visitor = Visitor(strand)
    reference = await visitor.hands_over()
    assert (await visitor.says(EMERGENCY))["kind"] == "urgent"
    assert [lead.reference for lead in await all_leads(visitor.database)] == [reference]


async def test_the_address_itself_is_kept_for_the_next_message(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("summary")
    before = await visitor.conversation()
    await visitor.says("stop", "hello")
    assert await visitor.conversation() == before
    assert left_in(await unsealed(visitor.database), [SENDER]) == [SENDER]
