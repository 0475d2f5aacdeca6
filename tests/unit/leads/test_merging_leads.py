"""Two leads of one person become one: nothing of either is lost, and a no in either is a no in both."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import LeadChanged, LeadRefused
from bot.leads import audit, dossier, merging, work
from bot.leads.consents import history
from bot.leads.erasure import erase
from bot.leads.records import Assessed, Contact, Lead
from bot.leads.store import read_lead
from bot.leads.worked import Work, read_work
from bot.settings import settings
from tests.unit.leads.handed_over import AGED, ALL, QUALIFIED, SAM, World, handed_over, words

DANA = "staff:dana"
CALLED = Contact("Sam", None, SAM.phone, "phone", "morning")
MEDICINE = {"value": "told", "findings": ["anticoagulant"], "status": "current"}
REASON = {"field": "medications", "finding": "anticoagulant", "outcome": "clinician_review"}
CAREFUL = Assessed(
    "clinician_review", "table 3", (REASON,), ("anticoagulant",), {**AGED, "medications": [MEDICINE]}, ("RF-20",)
)


async def begun(world: World, conversation: str, **changes: Any) -> str:
    submitted = await world.desk.submit(handed_over(conversation, **changes))
    world.later()
    return submitted.reference


def merged(world: World, kept: str, other: str) -> merging.Plan:
    def merge(session: Any) -> Any:
        works = [read_work(session, one) for one in (kept, other)]
        versions = (works[0].version, works[1].version)
        return merging.merge(session, kept, other, versions, settings(), DANA, world.now)

    made: merging.Plan = world.do(merge)
    return made


def lead(world: World, reference: str) -> Lead:
    found = world.do(lambda session: read_lead(session, reference))
    assert found is not None
    return found


def stands(world: World, reference: str) -> Work:
    found = world.do(lambda session: read_work(session, reference))
    assert found is not None
    return found


async def test_the_kept_lead_takes_what_it_lacks_and_every_consent_stays(leads_world: World) -> None:
    kept = await begun(leads_world, "talk", contact=CALLED, consents=words("share", "phone"))
    other = await begun(leads_world, "chat", contact=replace(SAM, name=None), consents=words("share", "email", "phone"))
    before = leads_world.do(lambda session: (history(session, kept), history(session, other)))
    made = merged(leads_world, kept, other)
    assert (made.taken, made.emptied) == (("email",), ())
    after = lead(leads_world, kept)
    assert (after.contact.email, after.contact.phone, after.contact.name) == (SAM.email, SAM.phone, "Sam")
    assert (after.contact.preferred_contact, after.contact.preferred_time) == ("phone", "morning")
    assert after.consents == {"share": True, "phone": True, "email": True}
    rows = leads_world.do(lambda session: (history(session, kept), history(session, other)))
    assert rows[1] == before[1]
    assert rows[0][:2] == before[0]
    assert rows[0][2:] == [before[1][1]]


async def test_a_no_in_either_is_a_no_in_both(leads_world: World) -> None:
    kept = await begun(leads_world, "talk")
    refusing = (*words("share", "email"), *words("phone", "text", given=False))
    other = await begun(leads_world, "chat", contact=Contact("Sam", SAM.email), consents=refusing)
    made = merged(leads_world, kept, other)
    assert made.emptied == ("phone",)
    after = lead(leads_world, kept)
    assert after.consents == {"share": True, "email": True, "phone": False, "text": False}
    assert (after.contact.phone, after.contact.email) == (None, SAM.email)
    assert leads_world.events() == ["lead.submitted", "lead.submitted", "lead.withdrawn"]
    assert len(leads_world.do(lambda session: history(session, kept))) == len(ALL) + 2


async def test_a_no_of_the_kept_lead_reaches_the_other_too(leads_world: World) -> None:
    refusing = (*words("share", "email"), *words("phone", given=False))
    kept = await begun(leads_world, "talk", contact=Contact("Sam", SAM.email), consents=refusing)
    other = await begun(leads_world, "chat", consents=words("share", "email", "phone"))
    merged(leads_world, kept, other)
    after = lead(leads_world, other)
    assert (after.contact.phone, after.consents["phone"]) == (None, False)


async def test_nobody_is_merged_into_being_out_of_reach(leads_world: World) -> None:
    kept = await begun(
        leads_world, "talk", contact=CALLED, consents=(*words("share", "phone"), *words("email", given=False))
    )
    by_mail = (*words("share", "email"), *words("phone", given=False))
    other = await begun(leads_world, "chat", contact=Contact("Sam", SAM.email), consents=by_mail)
    with pytest.raises(LeadRefused, match="no way to reach them"):
        merged(leads_world, kept, other)
    assert stands(leads_world, other).merged_into is None


async def test_a_withdrawn_lead_stays_by_itself(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    await leads_world.desk.withdraw("chat", ALL)
    with pytest.raises(LeadRefused, match=f"{other} was withdrawn"):
        merged(leads_world, kept, other)


async def test_the_more_careful_check_wins(leads_world: World) -> None:
    kept = await begun(leads_world, "talk")
    other = await begun(leads_world, "chat", assessed=CAREFUL, queue="clinician")
    merged(leads_world, kept, other)
    after = lead(leads_world, kept)
    assert (after.assessed.outcome, after.queue, after.assessed.flagged) == ("clinician_review", "clinician", True)
    assert [reason["finding"] for reason in after.assessed.reasons] == ["anticoagulant", "none"]
    assert after.assessed.answers == {**AGED, "medications": [MEDICINE]}
    assert set(after.assessed.findings) == {"anticoagulant", "diabetes"}
    assert leads_world.acts()[-2:] == ["lead.merged", "lead.merged"]


async def test_whoever_was_called_already_is_not_called_again(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    at = leads_world.now
    leads_world.do(lambda session: work.set_status(session, other, "contacted", "Talked with them", 1, DANA, at))
    leads_world.do(lambda session: work.assign(session, other, "lee", 2, DANA, at))
    leads_world.later()
    merged(leads_world, kept, other)
    found = stands(leads_world, kept)
    assert (found.status, found.reason, found.assignee) == ("contacted", "Talked with them", "lee")
    assert found.first_contact_at == at


async def test_labels_notes_and_both_histories_show_on_the_kept_lead(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    for reference, text in ((kept, "first"), (other, "second")):
        for add in (work.add_label, work.add_note):
            leads_world.do(
                lambda session, add=add, of=reference, text=text: add(session, of, text, DANA, leads_world.now)
            )
    merged(leads_world, kept, other)
    found = leads_world.do(lambda session: dossier.open_dossier(session, kept))
    assert found.work.labels == ("first", "second")
    assert [(note.reference, note.text) for note in found.notes] == [(kept, "first"), (other, "second")]
    assert {entry.subject for entry in found.trail} == {kept, other}
    assert [shown.lead.reference for shown in found.merged] == [other]
    assert list(found.others) == []


async def test_merging_goes_once_and_never_in_circles(leads_world: World) -> None:
    one, two, three = [await begun(leads_world, name) for name in ("one", "two", "three")]
    merged(leads_world, two, three)
    merged(leads_world, one, two)
    for kept, other in ((two, one), (three, one), (one, two)):
        with pytest.raises(LeadChanged, match="merged it into"):
            merged(leads_world, kept, other)
    for member in (one, two, three):
        assert leads_world.do(lambda session, of=member: merging.family(session, of)) == (one, two, three)
    with pytest.raises(LeadRefused):
        leads_world.do(lambda session: merging.merge(session, one, one, (1, 1), settings(), DANA, leads_world.now))


async def test_a_merge_of_what_was_changed_meanwhile_is_refused_whole(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    leads_world.do(lambda session: work.add_note(session, other, "not the same person", DANA, leads_world.now))
    with pytest.raises(LeadChanged, match="dana wrote a note"):
        leads_world.do(lambda session: merging.merge(session, kept, other, (1, 1), settings(), DANA, leads_world.now))
    assert stands(leads_world, kept).version == 1


async def test_who_withdraws_in_one_chat_is_not_contacted_because_of_the_other(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    merged(leads_world, kept, other)
    refusals = words("share", given=False, at=leads_world.later(), message="m2")
    told = await leads_world.desk.withdraw("chat", refusals)
    assert told is not None
    assert told.reference == other
    assert {lead(leads_world, one).status for one in (kept, other)} == {"withdrawn"}
    assert lead(leads_world, kept).contact == Contact()


async def test_no_texts_in_one_chat_is_no_texts_in_the_other(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    merged(leads_world, kept, other)
    told = words("text", given=False, at=leads_world.later(), message="m2")
    await leads_world.desk.change("chat", Contact(name="Sam"), told)
    assert lead(leads_world, kept).consents["text"] is False


async def test_a_later_check_in_the_other_chat_makes_the_kept_lead_careful(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    merged(leads_world, kept, other)
    await leads_world.desk.reassess("chat", CAREFUL, "clinician")
    assert (lead(leads_world, kept).queue, lead(leads_world, kept).assessed.outcome) == ("clinician", CAREFUL.outcome)
    await leads_world.desk.reassess("chat", QUALIFIED, "sales")
    assert lead(leads_world, kept).queue == "clinician"


async def test_who_hands_over_again_after_a_withdrawal_is_a_lead_of_their_own(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    merged(leads_world, kept, other)
    await leads_world.desk.withdraw("chat", words("share", given=False, at=leads_world.later(), message="m2"))
    anew = words("share", "email", "phone", "text", at=leads_world.later(), message="m3")
    await leads_world.desk.submit(handed_over("chat", consents=anew))
    assert stands(leads_world, other).merged_into is None
    assert stands(leads_world, other).status == "new"


async def test_an_erasure_takes_the_whole_family(leads_world: World) -> None:
    kept, other = await begun(leads_world, "talk"), await begun(leads_world, "chat")
    merged(leads_world, kept, other)
    leads_world.do(lambda session: erase(session, "chat", "visitor", leads_world.now))
    assert leads_world.do(lambda session: (read_lead(session, kept), read_lead(session, other))) == (None, None)
    assert leads_world.do(audit.verify).broken is None


async def test_duplicates_name_the_lead_that_is_kept(leads_world: World) -> None:
    one, two, three = [await begun(leads_world, name) for name in ("one", "two", "three")]
    merged(leads_world, two, three)
    others = leads_world.do(lambda session: dossier.others_of(session, [one]))
    assert [other.reference for other in others] == [two]


async def test_two_who_merge_crosswise_at_one_instant_make_no_circle(leads_world: World) -> None:
    one, two = await begun(leads_world, "talk"), await begun(leads_world, "chat")

    async def merges(kept: str, other: str) -> bool:
        try:
            await leads_world.database.run(
                lambda session: merging.merge(session, kept, other, (1, 1), settings(), DANA, leads_world.now)
            )
        except LeadChanged:
            return False
        return True

    assert sorted(await asyncio.gather(merges(one, two), merges(two, one))) == [False, True]
    into = {stands(leads_world, reference).merged_into for reference in (one, two)}
    assert None in into
    assert len(into) == 2
