"""What a visitor changes or takes back in the chat is carried out at once, and the targets hear of it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import LeadRefused
from bot.leads.consents import history
from bot.leads.records import Changed, Consent, Contact, Lead, Way, Withdrawn
from bot.leads.tables import contacts, outbox
from tests.unit.leads.handed_over import ALL, QUALIFIED, SAM, World, handed_over, word, words

CALLS = Contact("Sam Quillfeather", phone="+12025550143", preferred_contact="phone")


async def found(world: World, conversation: str = "talk") -> Lead:
    lead = await world.desk.find(conversation)
    assert lead is not None
    return lead


async def begun(world: World, **changes: Any) -> str:
    submitted = await world.desk.submit(handed_over(**changes))
    world.later()
    return submitted.reference


def no(world: World, *purposes: Any, message: str = "m2") -> tuple[Consent, ...]:
    return words(*purposes, given=False, at=world.later(), message=message)


async def test_a_new_number_takes_the_place_of_the_old_one(leads_world: World) -> None:
    reference = await begun(leads_world)
    changed = await leads_world.desk.change("talk", Contact(phone="+12025550199", name=SAM.name))
    assert changed == Changed(reference, ("phone",))
    lead = await found(leads_world)
    assert (lead.contact.phone, lead.contact.email, lead.updated_at) == ("+12025550199", SAM.email, leads_world.now)
    assert leads_world.events() == leads_world.acts() == ["lead.submitted", "lead.changed"]


async def test_a_detail_that_comes_with_its_consent_is_taken(leads_world: World) -> None:
    reference = await begun(leads_world, consents=words("share", "phone"), contact=CALLS)
    agreed = words("email", at=leads_world.later(), message="m2")
    changed = await leads_world.desk.change("talk", Contact(email="sam@mail.example"), agreed)
    assert changed == Changed(reference, ("email",))
    lead = await found(leads_world)
    assert (lead.contact.email, lead.consents["email"]) == ("sam@mail.example", True)


@pytest.mark.parametrize("change", [Contact(email="sam@mail.example"), Contact(preferred_contact="text")])
async def test_a_change_without_its_consent_is_refused_and_nothing_changes(leads_world: World, change: Contact) -> None:
    await begun(leads_world, consents=words("share", "phone"), contact=CALLS)
    with pytest.raises(LeadRefused, match=r"without consent: (email|preferred_contact)"):
        await leads_world.desk.change("talk", change)
    assert (await found(leads_world)).contact == CALLS
    assert leads_world.events() == leads_world.acts() == ["lead.submitted"]


async def test_a_no_that_comes_with_a_change_is_carried_out_as_a_withdrawal(leads_world: World) -> None:
    reference = await begun(leads_world)
    changed = await leads_world.desk.change("talk", Contact(preferred_contact="phone"), no(leads_world, "email"))
    assert changed == Changed(reference, ("email", "preferred_contact"))
    assert (await found(leads_world)).contact.email is None
    assert leads_world.events() == ["lead.submitted", "lead.withdrawn"]


async def test_a_change_that_a_repeated_turn_makes_again_is_made_once(leads_world: World) -> None:
    reference = await begun(leads_world, consents=words("share", "phone"), contact=CALLS)
    agreed = words("email", at=leads_world.later(), message="m2")
    for _ in range(2):
        await leads_world.desk.change("talk", Contact(email="sam@mail.example"), agreed)
    again = await leads_world.desk.change("talk", Contact(email="sam@mail.example"), agreed)
    assert again == Changed(reference, ())
    assert leads_world.do(lambda session: len(history(session, reference))) == 3
    assert leads_world.events() == leads_world.acts() == ["lead.submitted", "lead.changed"]


async def test_without_a_lead_there_is_nothing_to_change_or_to_withdraw(leads_world: World) -> None:
    assert await leads_world.desk.change("talk", SAM) is None
    assert await leads_world.desk.withdraw("talk", words("share")) is None
    assert leads_world.events() == leads_world.acts() == []


@pytest.mark.parametrize(
    ("ways", "rest", "left"),
    [
        (["email"], Contact(SAM.name, None, SAM.phone, None, SAM.preferred_time), {"share", "phone", "text"}),
        (["phone"], SAM, {"share", "email", "text"}),
        (["phone", "text"], Contact(SAM.name, SAM.email, None, "email", SAM.preferred_time), {"share", "email"}),
    ],
)
async def test_of_some_ways_taken_back_only_what_they_needed_is_emptied(
    leads_world: World, ways: list[Way], rest: Contact, left: set[str]
) -> None:
    reference = await begun(leads_world)
    assert await leads_world.desk.withdraw("talk", no(leads_world, *ways)) == Withdrawn(reference, frozenset(left))
    lead = await found(leads_world)
    assert (lead.contact, lead.status) == (rest, "new")
    assert leads_world.events() == leads_world.acts() == ["lead.submitted", "lead.withdrawn"]


@pytest.mark.parametrize(
    ("taken_back", "left"), [(["share"], set()), (["email", "phone", "text"], {"share"}), (["share", "text"], set())]
)
async def test_with_sharing_or_the_last_way_taken_back_no_detail_stays(
    leads_world: World, taken_back: list[Any], left: set[str]
) -> None:
    reference = await begun(leads_world)
    withdrawn = await leads_world.desk.withdraw("talk", no(leads_world, *taken_back))
    assert withdrawn == Withdrawn(reference, frozenset(left))
    lead = await found(leads_world)
    assert (lead.contact, lead.status) == (Contact(), "withdrawn")
    assert not any(lead.consents[way] for way in ("email", "phone", "text"))
    indexes = select(contacts.c.email_index, contacts.c.phone_index)
    assert tuple(leads_world.do(lambda session: session.execute(indexes).one())) == (None, None)
    assert leads_world.events() == ["lead.submitted", "lead.withdrawn"]


async def test_an_agreed_way_without_its_detail_keeps_nothing(leads_world: World) -> None:
    by_mail = Contact(email="sam@mail.example")
    await begun(leads_world, consents=words("share", "email", "phone"), contact=by_mail)
    await leads_world.desk.withdraw("talk", no(leads_world, "email"))
    assert (await found(leads_world)).status == "withdrawn"


async def test_a_withdrawal_that_a_repeated_turn_makes_again_is_made_once(leads_world: World) -> None:
    reference = await begun(leads_world)
    rows = no(leads_world, "share")
    first = await leads_world.desk.withdraw("talk", rows)
    assert await leads_world.desk.withdraw("talk", rows) == first
    assert leads_world.do(lambda session: len(history(session, reference))) == len(ALL) + 4
    assert leads_world.events() == ["lead.submitted", "lead.withdrawn"]


async def test_a_withdrawal_is_written_as_one_whatever_the_row_says(leads_world: World) -> None:
    await begun(leads_world)
    await leads_world.desk.withdraw("talk", (word("email", given=True, message="m2"),))
    assert (await found(leads_world)).contact.email is None


async def test_a_no_to_what_was_never_asked_is_noted_and_tells_nobody(leads_world: World) -> None:
    reference = await begun(leads_world, consents=words("share", "phone"), contact=CALLS)
    await leads_world.desk.withdraw("talk", no(leads_world, "text"))
    lead = await found(leads_world)
    assert (lead.contact, lead.consents["text"]) == (CALLS, False)
    assert leads_world.do(lambda session: history(session, reference))[-1].message_id == "m2"
    assert leads_world.events() == ["lead.submitted"]


async def test_a_withdrawal_reaches_every_lead_of_the_conversation_and_no_other(leads_world: World) -> None:
    await begun(leads_world)
    latest = await begun(leads_world, form_version="form 2")
    await begun(leads_world, conversation="another talk")
    withdrawn = await leads_world.desk.withdraw("talk", no(leads_world, "share"))
    assert withdrawn is not None
    assert withdrawn.reference == latest
    assert leads_world.events() == ["lead.submitted"] * 3 + ["lead.withdrawn"] * 2
    assert (await found(leads_world, "another talk")).contact == SAM


async def test_a_withdrawn_lead_takes_no_changes(leads_world: World) -> None:
    await begun(leads_world)
    await leads_world.desk.withdraw("talk", no(leads_world, "share"))
    agreed = words("share", "email", at=leads_world.later(), message="m3")
    with pytest.raises(LeadRefused, match="withdrawn"):
        await leads_world.desk.change("talk", Contact(email="sam@mail.example"), agreed)
    assert (await found(leads_world)).contact == Contact()


async def test_what_was_withdrawn_leaves_the_messages_that_wait(leads_world: World, configure: Any) -> None:
    world = World(leads_world.url)
    world.desk._settings = configure(deliver_contact="file")
    await begun(world)
    await world.desk.withdraw("talk", no(world, "email"))
    query = select(outbox.c.payload).order_by(outbox.c.created_at)
    payloads = [json.loads(one) for one in world.do(lambda session: session.execute(query).scalars().all())]
    assert [one["data"]["contact"]["email"] for one in payloads] == [None, None]
    assert [one["data"]["contact"]["phone"] for one in payloads] == [SAM.phone, SAM.phone]
    world.database.close()


async def test_with_sharing_taken_back_what_was_told_of_ones_health_goes_too(leads_world: World) -> None:
    await begun(leads_world)
    await leads_world.desk.withdraw("talk", no(leads_world, "share"))
    assessed = (await found(leads_world)).assessed
    assert (assessed.outcome, assessed.findings, assessed.reasons, assessed.answers) == ("qualified", (), (), {})


async def test_a_check_after_the_hand_off_reaches_the_lead_and_who_looks_at_it(leads_world: World) -> None:
    reference = await begun(leads_world)
    later = replace(QUALIFIED, outcome="clinician_review", findings=("anticoagulant",))
    assert await leads_world.desk.reassess("talk", later, "clinician") == Changed(reference, ("assessed",))
    assert await leads_world.desk.reassess("talk", later, "clinician") == Changed(reference, ())
    lead = await found(leads_world)
    assert (lead.assessed, lead.queue) == (later, "clinician")
    assert leads_world.events() == ["lead.submitted", "lead.changed"]


async def test_a_check_after_the_withdrawal_adds_nothing(leads_world: World) -> None:
    await begun(leads_world)
    await leads_world.desk.withdraw("talk", no(leads_world, "share"))
    assert await leads_world.desk.reassess("talk", QUALIFIED, "sales") is None
