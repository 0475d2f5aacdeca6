"""Whatever the dialogue did: nothing is stored without consent, of a minor, or of somebody in danger."""

import asyncio
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import LeadRefused
from bot.leads.guard import refuse_unless_allowed, tidy
from bot.leads.records import PURPOSES, Assessed, Consent, Contact, NewLead
from tests.unit.leads.handed_over import AGED, ALL, QUALIFIED, SAM, World, handed_over, word, words

OUTCOMES = ("qualified", "clinician_review", "not_now", "none", "urgent", "underage")
TALKS = count()


def aged(*ages: object) -> Assessed:
    values = [{"value": age, "findings": [], "status": "current"} for age in ages]
    return replace(QUALIFIED, answers={"age": values})


REFUSED = {
    "no consent at all": {"consents": ()},
    "nothing may be shared": {"consents": words("email", "phone", "text")},
    "sharing was refused": {"consents": (word("share", given=False), *words("email", "phone", "text"))},
    "sharing was taken back before it was sent": {"consents": (*ALL, word("share", given=False, message="m2"))},
    "no way of contact": {"consents": words("share")},
    "every way refused": {"consents": (*words("share"), *words("email", "phone", "text", given=False))},
    "an e-mail address without its consent": {"consents": words("share", "phone")},
    "a phone number without its consent": {"consents": words("share", "email")},
    "a preferred way without its consent": {
        "consents": words("share", "text"), "contact": Contact(phone="+12025550143", preferred_contact="phone"),
    },
    "no detail for the agreed way": {"consents": words("share", "email"), "contact": Contact("Sam")},
    "a blank detail": {"consents": words("share", "email"), "contact": Contact("Sam", "  ")},
    "danger": {"assessed": replace(QUALIFIED, outcome="urgent")},
    "a minor": {"assessed": replace(QUALIFIED, outcome="underage")},
    "an age under 18": {"assessed": aged(17)},
    "no age": {"assessed": aged(None)},
    "an age under 18 that was corrected": {"assessed": aged(16, 26)},
}  # fmt: skip


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED.keys())
async def test_a_hand_off_that_may_not_be_is_refused_without_a_trace(leads_world: World, changes: Any) -> None:
    with pytest.raises(LeadRefused) as refused:
        await leads_world.desk.submit(handed_over(**changes))
    assert not any(detail in str(refused.value) for detail in ("Sam", "quillfeather", "2025550143"))
    assert await leads_world.desk.find("talk") is None
    assert leads_world.events() == leads_world.acts() == []


@pytest.mark.parametrize(
    ("consents", "contact"),
    [
        (words("share", "email"), Contact(email="sam@mail.example", preferred_contact="email")),
        (words("share", "phone"), Contact(phone="+12025550143")),
        (words("share", "text"), Contact("Sam", phone="+12025550143", preferred_contact="text")),
        ((word("share", given=False), *ALL), SAM),
        (
            (*words("share", "email"), word("phone", given=False), word("text", given=False)),
            Contact(email="s@m.example"),
        ),
    ],
)
async def test_one_way_that_was_agreed_to_is_enough(leads_world: World, consents: Any, contact: Contact) -> None:
    await leads_world.desk.submit(handed_over(consents=consents, contact=contact))
    lead = await leads_world.desk.find("talk")
    assert lead is not None
    assert lead.contact == contact


@pytest.mark.parametrize("assessed", [aged(18), aged(41, None)])
async def test_an_adult_is_handed_over(leads_world: World, assessed: Assessed) -> None:
    assert (await leads_world.desk.submit(handed_over(assessed=assessed))).first


def consent_rows() -> st.SearchStrategy[tuple[Consent, ...]]:
    """Each purpose was asked, or not, or more than once; most people share, else little would come through."""
    ways = st.lists(st.builds(word, st.sampled_from(PURPOSES[1:]), st.booleans()), min_size=1, max_size=4)
    rest = st.lists(st.builds(word, st.sampled_from(PURPOSES), st.booleans()), max_size=1)
    return st.builds(
        lambda share, asked, later: (*share, *asked, *later), st.sampled_from([words("share"), ()]), ways, rest
    )


def leads_of_all_kinds() -> st.SearchStrategy[NewLead]:
    contacts = st.builds(
        Contact,
        st.sampled_from(["Sam", "", None]),
        st.sampled_from(["sam@mail.example", None, ""]),
        st.sampled_from(["+12025550143", None, " "]),
        st.sampled_from([None, "email", "phone", "text"]),
        st.sampled_from([None, "evening"]),
    )
    ages = st.lists(st.sampled_from([None, 17, 18, 41]), min_size=1, max_size=2).map(
        lambda values: aged(*values).answers
    )
    outcomes = st.one_of(st.just("qualified"), st.sampled_from(OUTCOMES))
    assessed = st.builds(Assessed, outcomes, st.just("table 3"), answers=st.one_of(st.just(AGED), ages))
    make = st.builds(lambda *parts: parts, assessed, contacts, consent_rows())
    return make.map(lambda parts: handed_over(assessed=parts[0], contact=parts[1], consents=parts[2]))


def may_be(new: NewLead) -> bool:
    """Whether the contract lets this hand-off be stored, said once more in other words."""
    said = {
        purpose: [row.given for row in new.consents if row.purpose == purpose][-1:] == [True] for purpose in PURPOSES
    }
    mail, number = bool(new.contact.email), bool((new.contact.phone or "").strip())
    ages = [value["value"] for value in new.assessed.answers.get("age", ())]
    return (
        said["share"]
        and new.assessed.outcome not in ("urgent", "underage")
        and 17 not in ages
        and any(ages)
        and (said["email"] or not mail)
        and (said["phone"] or said["text"] or not number)
        and (mail or number)
        and (new.contact.preferred_contact is None or said[new.contact.preferred_contact])
    )


@given(new=leads_of_all_kinds())
@settings(max_examples=400, deadline=None)
def test_the_last_door_lets_through_just_what_may_be(new: NewLead) -> None:
    try:
        refuse_unless_allowed(replace(new, contact=tidy(new.contact)))
    except LeadRefused:
        assert not may_be(new)
    else:
        assert may_be(new)


@given(new=leads_of_all_kinds())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_handed_over_is_stored_just_where_it_may_be(leads_world: World, new: NewLead) -> None:
    new = replace(new, conversation=f"talk {next(TALKS)}")
    try:
        asyncio.run(leads_world.desk.submit(new))
    except LeadRefused:
        assert not may_be(new)
        assert asyncio.run(leads_world.desk.find(new.conversation)) is None
    else:
        assert may_be(new)
        assert asyncio.run(leads_world.desk.find(new.conversation)) is not None
