"""Staff work on leads: states with reasons, assignment, labels and notes, and nobody overwrites what another did."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import LeadChanged, LeadRefused
from bot.leads import audit, states, work
from bot.leads.records import Contact
from bot.leads.search import index_words
from bot.leads.tables import lead_labels, leads, note_words
from bot.leads.worked import Work, labels_in_use, notes_of, read_work
from tests.unit.leads.handed_over import SAM, World, handed_over

DANA, LEE = "staff:dana", "staff:lee"


async def begun(world: World, **changes: Any) -> str:
    submitted = await world.desk.submit(handed_over(**changes))
    world.later()
    return submitted.reference


def stands(world: World, reference: str) -> Work:
    found = world.do(lambda session: read_work(session, reference))
    assert found is not None
    return found


def moved(
    world: World, reference: str, status: Any, reason: str = "Talked with them", version: int | None = None
) -> None:
    seen = stands(world, reference).version if version is None else version
    world.do(lambda session: work.set_status(session, reference, status, reason, seen, DANA, world.now))


async def test_a_lead_goes_from_new_to_booked_and_the_first_contact_is_noted_once(leads_world: World) -> None:
    reference = await begun(leads_world)
    first = leads_world.now
    moved(leads_world, reference, "contacted")
    leads_world.later()
    moved(leads_world, reference, "booked", "A consultation is booked")
    moved(leads_world, reference, "contacted", "The state before was a mistake")
    found = stands(leads_world, reference)
    assert (found.status, found.reason) == ("contacted", "The state before was a mistake")
    assert (found.first_contact_at, found.version) == (first, 4)
    assert leads_world.acts() == ["lead.submitted", *["lead.status"] * 3]


@pytest.mark.parametrize("status", ["booked", "new", "withdrawn"])
async def test_a_state_that_cannot_follow_is_refused(leads_world: World, status: Any) -> None:
    reference = await begun(leads_world)
    with pytest.raises(LeadRefused, match="cannot become"):
        moved(leads_world, reference, status)
    assert stands(leads_world, reference).version == 1


async def test_no_state_changes_without_a_reason(leads_world: World) -> None:
    reference = await begun(leads_world)
    with pytest.raises(LeadRefused, match="a reason is needed"):
        moved(leads_world, reference, "contacted", "")
    assert leads_world.acts() == ["lead.submitted"]


def test_another_reason_has_to_be_told() -> None:
    assert states.reason_in_words("closed", states.OTHER, "  ") == ""
    assert states.reason_in_words("closed", states.OTHER, "moved  away") == "moved away"
    assert states.reason_in_words("closed", "unreachable", "three calls") == "Could not be reached: three calls"


async def test_nobody_takes_up_a_lead_that_its_person_has_withdrawn(leads_world: World) -> None:
    reference = await begun(leads_world)
    moved(leads_world, reference, "contacted")
    await leads_world.desk.withdraw("talk", handed_over().consents)
    found = stands(leads_world, reference)
    assert (found.status, found.reason) == ("withdrawn", None)
    with pytest.raises(LeadRefused):
        moved(leads_world, reference, "contacted", "They got in touch again")


async def test_two_people_do_not_both_take_a_lead(leads_world: World) -> None:
    reference = await begun(leads_world)
    leads_world.do(lambda session: work.assign(session, reference, "dana", 1, DANA, leads_world.now))
    with pytest.raises(LeadChanged, match=f"{reference}: dana assigned it to dana"):
        leads_world.do(lambda session: work.assign(session, reference, "lee", 1, LEE, leads_world.now))
    assert stands(leads_world, reference).assignee == "dana"
    assert leads_world.acts() == ["lead.submitted", "lead.assigned"]


async def test_what_the_visitor_changed_meanwhile_is_seen_before_staff_act(leads_world: World) -> None:
    reference = await begun(leads_world)
    await leads_world.desk.change("talk", Contact(phone="+12025550199"))
    with pytest.raises(LeadChanged, match="the visitor changed the contact details"):
        moved(leads_world, reference, "contacted", version=1)


async def test_a_lead_that_was_erased_meanwhile_is_said_to_be_gone(leads_world: World) -> None:
    with pytest.raises(LeadChanged, match="was erased"):
        moved(leads_world, "S-AAAAAA", "contacted", version=1)


async def test_a_label_is_there_once_whatever_its_case(leads_world: World) -> None:
    reference = await begun(leads_world)
    for text in ("Call  after six", "call AFTER six ", "vip"):
        leads_world.do(lambda session, text=text: work.add_label(session, reference, text, DANA, leads_world.now))
    assert stands(leads_world, reference).labels == ("call after six", "vip")
    assert leads_world.do(labels_in_use) == ["call after six", "vip"]
    made = leads_world.do(lambda session: session.execute(select(lead_labels.c.created_at, leads.c.created_at)).first())
    assert made[0] == made[1]
    leads_world.do(lambda session: work.remove_label(session, reference, "vip", LEE, leads_world.now))
    assert stands(leads_world, reference).labels == ("call after six",)
    assert leads_world.acts() == ["lead.submitted", "lead.labelled", "lead.labelled", "lead.unlabelled"]


@pytest.mark.parametrize("label", [" ", "x" * 41, "a\x07b"])
async def test_a_label_that_is_none_is_refused(leads_world: World, label: str) -> None:
    reference = await begun(leads_world)
    with pytest.raises(LeadRefused):
        leads_world.do(lambda session: work.add_label(session, reference, label, DANA, leads_world.now))


async def test_a_lead_has_no_more_labels_than_one_can_read(leads_world: World) -> None:
    reference = await begun(leads_world)
    for number in range(work.MOST_LABELS):
        leads_world.do(lambda session, of=number: work.add_label(session, reference, f"l{of}", DANA, leads_world.now))
    with pytest.raises(LeadRefused, match="at most 20"):
        leads_world.do(lambda session: work.add_label(session, reference, "one more", DANA, leads_world.now))


async def test_notes_are_kept_in_order_sealed_and_found_by_their_words(leads_world: World) -> None:
    reference = await begun(leads_world)
    for actor, text in ((DANA, "Prefers Tuesdays."), (LEE, "Asked about PRP")):
        leads_world.do(
            lambda session, actor=actor, text=text: work.add_note(session, reference, text, actor, leads_world.now)
        )
    found = leads_world.do(lambda session: notes_of(session, [reference]))
    assert [(note.staff, note.text) for note in found] == [("dana", "Prefers Tuesdays."), ("lee", "Asked about PRP")]
    indexes = leads_world.do(lambda session: set(session.execute(select(note_words.c.word_index)).scalars()))
    assert indexes == index_words("prefers tuesdays asked about prp")
    assert stands(leads_world, reference).version == 3


async def test_a_look_at_a_number_needs_a_reason_and_leaves_a_row(leads_world: World) -> None:
    reference = await begun(leads_world)
    with pytest.raises(LeadRefused):
        leads_world.do(lambda session: work.reveal_detail(session, reference, "phone", "", DANA, leads_world.now))
    seen = leads_world.do(
        lambda session: work.reveal_detail(session, reference, "phone", "to call", DANA, leads_world.now)
    )
    assert seen == SAM.phone
    row = leads_world.do(lambda session: audit.trail(session, reference))[-1]
    assert (row.actor, row.act, row.after) == (DANA, "lead.revealed", {"contact": ["phone"], "why": "to call"})


async def test_a_detail_that_is_not_there_leaves_no_row(leads_world: World) -> None:
    reference = await begun(leads_world, contact=Contact(email=SAM.email, preferred_contact="email"))
    seen = leads_world.do(
        lambda session: work.reveal_detail(session, reference, "phone", "to call", DANA, leads_world.now)
    )
    assert seen is None
    assert leads_world.acts() == ["lead.submitted"]


async def test_of_two_who_take_a_lead_at_one_instant_one_has_it(leads_world: World) -> None:
    reference = await begun(leads_world)

    async def takes(name: str) -> bool:
        try:
            await leads_world.database.run(
                lambda session: work.assign(session, reference, name, 1, f"staff:{name}", leads_world.now)
            )
        except LeadChanged:
            return False
        return True

    names = [f"nurse{number}" for number in range(6)]
    took = await asyncio.gather(*map(takes, names))
    assert took.count(True) == 1
    assert stands(leads_world, reference).assignee == names[took.index(True)]
    assert leads_world.acts().count("lead.assigned") == 1
