"""What visitors ask to be done with what they sent is done at once, in the record as in the transcript."""

from datetime import datetime, timezone
from typing import Any

import pytest
from handing_over import (
    AGREES,
    CONTACT,
    EMAIL,
    NAME,
    SENDER,
    Visitor,
    all_consents,
    all_leads,
    deliver_all,
    left_in,
    purposes,
    rows,
    the_lead,
    told,
    unsealed,
)

from bot.dialogue.assistant import Assistant
from bot.leads.records import Contact
from bot.leads.tables import audit, erasures, outbox
from bot.transcripts.tables import conversations, tracker_events
from tests.conftest import Configure

BY_EMAIL = {"consent_phone": "no", "preferred_contact": "e-mail"}
NEW = "change my number to 202 555 0188"


async def payloads(visitor: Visitor) -> dict[str, str]:
    found = await rows(visitor.database, outbox.c.event, outbox.c.payload)
    return {row.event: row.payload for row in found}


async def test_who_asks_is_shown_what_was_sent_and_no_more_is_kept_of_it(strand: Assistant) -> None:
    visitor = Visitor(strand)
    reference = await visitor.hands_over()
    before = await the_lead(visitor.database)
    reply = await visitor.says("what did I send you?")
    assert (reply["kind"], reply["action"]) == ("account", "shown")
    assert all(text in reply["reply"][0] for text in (reference, NAME, EMAIL, "+12025550143", "morning"))
    assert await the_lead(visitor.database) == before
    assert await told(visitor.database) == [("lead.submitted", False)]


async def test_a_number_is_changed_where_calls_are_agreed_to(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over()
    reply = await visitor.says(NEW)
    assert (reply["kind"], reply["action"]) == ("account", "changed")
    lead = await the_lead(visitor.database)
    assert (lead.contact.phone, lead.contact.email, lead.status) == ("+12025550188", EMAIL, "new")
    assert [event for event, _ in await told(visitor.database)] == ["lead.submitted", "lead.changed"]
    assert len(await all_consents(visitor.database)) == 4
    shown = await visitor.says("what did I send you?")
    assert "+12025550188" in shown["reply"][0]


async def test_a_number_is_kept_after_a_yes_to_calls_that_came_with_it(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over(**BY_EMAIL)
    assert (await the_lead(visitor.database)).contact.phone is None
    asked = await visitor.says(NEW)
    assert (asked["kind"], asked["field"]) == ("handoff", "consent_phone")
    assert (await the_lead(visitor.database)).contact.phone is None
    assert (await visitor.says("yes"))["action"] == "changed"
    lead = await the_lead(visitor.database)
    assert (lead.contact.phone, lead.consents["phone"]) == ("+12025550188", True)
    added = (await all_consents(visitor.database))[-1]
    assert (added.purpose, added.given, added.shown) == ("phone", True, asked["reply"][-1])


async def test_a_number_without_a_yes_to_calls_or_texts_is_not_kept_in_the_record(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over(**BY_EMAIL)
    before = await the_lead(visitor.database)
    assert (await visitor.says(NEW, "no"))["field"] == "consent_text"
    reply = await visitor.says("no")
    assert (reply["kind"], reply["action"]) == ("account", "shown")
    assert await the_lead(visitor.database) == before
    assert [event for event, _ in await told(visitor.database)] == ["lead.submitted"]


async def test_who_wants_no_calls_has_no_number_left(strand: Assistant, configure: Configure) -> None:
    configure(deliver_contact="file")
    visitor = Visitor(strand)
    reference = await visitor.hands_over()
    reply = await visitor.says("don't call me")
    assert (reply["kind"], reply["action"]) == ("account", "withdrawn")
    assert reference in reply["reply"][0]
    lead = await the_lead(visitor.database)
    assert (lead.status, lead.contact) == ("new", Contact(NAME, EMAIL, None, "email", "morning"))
    assert (lead.consents["phone"], lead.consents["email"], lead.consents["share"]) == (False, True, True)
    assert left_in(await unsealed(visitor.database), ["5550143", "555-0143"]) == []
    assert EMAIL in (await payloads(visitor))["lead.submitted"], "that may still be delivered"
    assert [event for event, _ in await told(visitor.database)] == ["lead.submitted", "lead.withdrawn"]


async def test_who_wants_no_contact_at_all_leaves_no_way_to_be_reached(strand: Assistant, configure: Configure) -> None:
    configure(deliver_contact="file")
    visitor = Visitor(strand)
    await visitor.is_checked(conditions="I have lupus")
    await visitor.answers(await visitor.says("yes"), AGREES)
    reply = await visitor.says("don't contact me any more")
    assert (reply["kind"], reply["action"]) == ("account", "withdrawn")
    lead = await the_lead(visitor.database)
    assert (lead.status, lead.contact, lead.assessed.findings) == ("withdrawn", Contact(), ())
    assert not any(lead.consents.values())
    given = purposes(await all_consents(visitor.database))
    assert given[:4] == [("share", True), ("email", True), ("phone", True), ("text", False)]
    assert {("share", False), ("email", False), ("phone", False)} <= set(given[4:])
    assert left_in(await unsealed(visitor.database), CONTACT) == []
    again = await visitor.says("what did I send you?")
    assert left_in(again["reply"][0], CONTACT) == []


async def test_who_withdrew_and_asks_again_has_the_same_reference_with_new_consents(strand: Assistant) -> None:
    visitor = Visitor(strand)
    reference = await visitor.hands_over()
    await visitor.says("don't contact me any more")
    assert await visitor.hands_over() == reference
    lead = await the_lead(visitor.database)
    assert (lead.status, lead.contact.email) == ("new", EMAIL)
    events = [event for event, _ in await told(visitor.database)]
    assert events == ["lead.submitted", "lead.withdrawn", "lead.changed"]


async def receipts(visitor: Visitor) -> list[Any]:
    return await rows(visitor.database, erasures)


async def test_who_wants_all_deleted_is_unknown_afterwards_but_for_a_receipt(
    strand: Assistant, configure: Configure
) -> None:
    configure(deliver_contact="file")
    visitor = Visitor(strand)
    await visitor.is_checked(conditions="lupus, since my quokkafever")
    await visitor.answers(await visitor.says("yes"), AGREES)
    await deliver_all(visitor.database)
    reply = await visitor.says("delete my data")
    assert (reply["kind"], reply["action"]) == ("account", "deleted")
    (receipt,) = await receipts(visitor)
    assert receipt.receipt in reply["reply"][0]
    assert (receipt.asked_by, "leads" in receipt.counts) == ("visitor", True)
    assert left_in(await unsealed(visitor.database), [*CONTACT, "lupus", "quokkafever", SENDER]) == []
    assert [row.id for row in await rows(visitor.database, conversations.c.id)] == []
    assert [row.id for row in await rows(visitor.database, tracker_events.c.id)] == []
    (note,) = await rows(visitor.database, outbox.c.event, outbox.c.payload)
    assert note.event == "lead.erased"
    contents = [tuple(row) for row in await rows(visitor.database, audit.c.subject, audit.c.before, audit.c.after)]
    assert all(subject == receipt.receipt or (before, after) == (None, None) for subject, before, after in contents)


async def test_the_next_message_begins_anew_with_the_line_on_how_long_chats_are_kept(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over()
    before = await visitor.conversation()
    deleted = await visitor.says("delete my data")
    assert not any("kept for" in text for text in deleted["reply"])
    reply = await visitor.says("what did I send you?")
    assert "kept for 30 days" in reply["reply"][-1]
    assert reply["kind"] == "answer", "there is nothing to show"
    assert await visitor.conversation() != before
    assert await all_leads(visitor.database) == []


@pytest.mark.parametrize("until", ["email", "summary"])
async def test_in_the_middle_of_a_hand_off_all_is_deleted_too(strand: Assistant, until: str) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person(until)
    assert (await visitor.says("delete my data"))["action"] == "deleted"
    assert left_in(await unsealed(visitor.database), [*CONTACT, SENDER]) == []
    (receipt,) = await receipts(visitor)
    assert receipt.at <= datetime.now(timezone.utc)


async def test_nobody_reaches_what_somebody_else_sent(strand: Assistant) -> None:
    visitor, other = Visitor(strand), Visitor(strand, "somebody else")
    reference = await visitor.hands_over()
    for text in ("what did I send you?", f"what did I send you? my reference is {reference}", "don't call me"):
        reply = await other.says(text)
        assert left_in(" ".join(reply["reply"]), CONTACT) == []
    await other.says("delete my data")
    lead = await the_lead(visitor.database)
    assert (lead.reference, lead.contact.phone) == (reference, "+12025550143")
