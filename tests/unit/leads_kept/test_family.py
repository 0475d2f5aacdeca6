"""Leads that staff have merged are one person's: they are erased together, and stay together where one goes alone."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from bot.leads.erasure import erase_conversation, erase_lead, remove_lead
from bot.leads.family import family_of
from bot.leads.tables import contacts, erasures, lead_labels, leads, note_words, notes, notices
from bot.transcripts.tables import conversations, tracker_events
from tests.unit.leads_kept.people import NOON, count, hand_over, inside, opened, somebody_else, talk

LATER = NOON + timedelta(hours=1)


async def merged(one: str, into: str) -> None:
    await inside(
        lambda session: session.execute(update(leads).where(leads.c.reference == one).values(merged_into=into))
    )


def _work_on(session, reference: str) -> None:
    note = {"lead_reference": reference, "staff": "dana", "at": LATER, "text": "Marguerite prefers mornings"}
    number = session.execute(insert(notes).values(note)).inserted_primary_key[0]
    session.execute(insert(note_words).values(word_index="0" * 64, note_id=number))
    session.execute(insert(lead_labels).values(label="mornings", created_at=NOON, lead_reference=reference))
    session.execute(insert(notices).values(kind="waiting", subject=reference, at=LATER))


async def worked_on(reference: str) -> None:
    """What staff leave on a lead."""
    await inside(lambda session: _work_on(session, reference))


async def heads() -> dict[str, str | None]:
    query = select(leads.c.reference, leads.c.merged_into)
    return await inside(lambda session: {row.reference: row.merged_into for row in session.execute(query)})


async def test_what_staff_left_on_a_lead_goes_with_it(database: str) -> None:
    reference = await hand_over("hers")
    await worked_on(reference)
    gone = await erase_conversation(opened(), "hers", "operator", LATER)
    assert await count(leads, notes, note_words, lead_labels, notices) == 0
    assert (gone.counts["notes"], gone.counts["labels"], gone.counts["notices"]) == (1, 1, 1)


async def test_one_of_a_family_takes_the_whole_family_with_all_conversations(database: str) -> None:
    for name in ("web", "phone", "slack", "a stranger's"):
        await talk(name)
    first, second, third = [await hand_over(name) for name in ("web", "phone", "slack")]
    await hand_over("a stranger's", contact=somebody_else(1))
    await merged(first, second)
    await merged(second, third)
    await worked_on(second)
    gone = await inside(lambda session: erase_lead(session, first, "staff:ada", LATER))
    assert (gone.counts["leads"], gone.counts["conversations"]) == (3, 3)
    assert await count(leads, contacts, conversations, tracker_events) == 4
    assert await count(notes, erasures) == 1


async def test_who_asks_in_one_chat_is_erased_in_the_other_too(database: str) -> None:
    """The chat's own transcript is for its turn to delete; those of the others are gone with the leads."""
    await talk("web")
    await talk("phone")
    one, other = await hand_over("web"), await hand_over("phone")
    await merged(one, other)
    await erase_conversation(opened(), "web", "visitor", LATER, keep_transcript=True)
    assert await count(leads) == 0
    kept = await inside(lambda session: session.execute(select(conversations.c.id)).scalars().all())
    assert kept == ["web"]


async def test_those_who_stay_belong_together_still(database: str) -> None:
    oldest = await hand_over("a", NOON - timedelta(days=3))
    middle = await hand_over("b", NOON - timedelta(days=2))
    youngest = await hand_over("c", NOON - timedelta(days=1))
    await merged(middle, oldest)
    await merged(youngest, oldest)
    await inside(lambda session: remove_lead(session, oldest, LATER))
    assert await heads() == {youngest: None, middle: youngest}


async def test_a_link_of_a_chain_that_goes_leaves_no_gap(database: str) -> None:
    one, two, three = [await hand_over(name) for name in "abc"]
    await merged(one, two)
    await merged(two, three)
    await inside(lambda session: remove_lead(session, two, LATER))
    assert await heads() == {one: three, three: None}


async def test_nobody_has_no_family(database: str) -> None:
    family = await inside(lambda session: family_of(session, reference="S-NOBODY"))
    assert (family.references, family.conversations) == ((), ())
