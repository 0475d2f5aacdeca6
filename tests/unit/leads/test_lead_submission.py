"""A hand-off becomes one lead, however often and from wherever it is sent; and nothing of it is readable at rest."""

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.errors import DatabaseUnavailable, LeadRefused
from bot.leads import references, store
from bot.leads.audit import verify
from bot.leads.consents import history
from bot.leads.desk import LeadDesk, open_desk
from bot.leads.duplicates import probable_duplicates
from bot.leads.records import Contact, Submitted
from bot.leads.tables import consents, contacts, leads, outbox
from bot.settings import settings
from bot.storage.database import Database
from bot.storage.schema import migrate
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.unit.leads.handed_over import ALL, NOON, QUALIFIED, SAM, World, handed_over, words


def counts(world: World) -> dict[str, int]:
    def count(session: Session) -> dict[str, int]:
        tables = (leads, contacts, consents, outbox)
        return {table.name: session.execute(select(func.count()).select_from(table)).scalar() for table in tables}

    return dict(world.do(count))


async def test_what_was_handed_over_is_found_again_as_it_was(leads_world: World) -> None:
    submitted = await leads_world.desk.submit(handed_over())
    lead = await leads_world.desk.find("talk")
    assert lead is not None
    assert submitted == Submitted(lead.reference, first=True)
    assert (lead.contact, lead.assessed, lead.status, lead.queue) == (SAM, QUALIFIED, "new", "sales")
    assert lead.consents == {"share": True, "email": True, "phone": True, "text": True}
    assert (lead.created_at, lead.updated_at) == (NOON, NOON)
    assert leads_world.do(lambda session: history(session, lead.reference)) == list(ALL)
    assert leads_world.events() == leads_world.acts() == ["lead.submitted"]
    assert await leads_world.desk.find("another talk") is None


async def test_sending_it_again_finds_the_same_lead_and_changes_nothing(leads_world: World) -> None:
    first = await leads_world.desk.submit(handed_over())
    before = counts(leads_world)
    leads_world.later()
    again = await leads_world.desk.submit(handed_over(contact=replace(SAM, name="Somebody Else")))
    assert again == Submitted(first.reference, first=False)
    assert counts(leads_world) == before
    found = await leads_world.desk.find("talk")
    assert found is not None
    assert (found.contact, found.updated_at) == (SAM, NOON)
    assert leads_world.events() == leads_world.acts() == ["lead.submitted"]


async def test_sent_many_times_at_the_same_instant_it_is_one_lead(leads_world: World) -> None:
    other = LeadDesk(Database(leads_world.url, 10), settings())
    desks = [leads_world.desk, other] * 4
    came = await asyncio.gather(*(desk.submit(handed_over()) for desk in desks))
    assert len({one.reference for one in came}) == 1
    assert sorted(one.first for one in came) == [False] * 7 + [True]
    assert counts(leads_world) == {"leads": 1, "contacts": 1, "consents": 4, "outbox": 1}
    assert leads_world.do(verify).broken is None


def submit_in_a_process(numbers: list[int]) -> list[Submitted]:
    async def every() -> list[Submitted]:
        return [await open_desk().submit(handed_over(f"talk {number}")) for number in numbers]

    return asyncio.run(every())


def test_two_processes_that_send_the_same_hand_offs_make_each_of_them_once(leads_world: World) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        ours, theirs = pool.map(submit_in_a_process, [list(range(10)), list(range(10))])
    for one, other in zip(ours, theirs, strict=True):
        assert one.reference == other.reference
        assert {one.first, other.first} == {True, False}
    assert counts(leads_world)["leads"] == 10
    verified = leads_world.do(verify)
    assert (verified.rows, verified.broken) == (10, None)


async def test_another_version_of_the_form_makes_another_lead(leads_world: World) -> None:
    first = await leads_world.desk.submit(handed_over())
    leads_world.later()
    other = await leads_world.desk.submit(handed_over(form_version="form 2"))
    found = await leads_world.desk.find("talk")
    assert found is not None
    assert found.reference == other.reference != first.reference


async def test_a_reference_that_is_taken_by_chance_is_not_given_twice(
    leads_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["S-333333", "S-333333", "S-444444"])
    monkeypatch.setattr(store, "new_reference", lambda kind: next(drawn))
    assert (await leads_world.desk.submit(handed_over("one"))).reference == "S-333333"
    assert await leads_world.desk.submit(handed_over("two")) == Submitted("S-444444", first=True)


def test_references_are_easy_to_read_aloud() -> None:
    made = {references.new_reference("S") for _ in range(500)}
    assert len(made) > 495
    assert all(one.startswith("S-") and len(one) == 8 and not set(one[2:]) & set("01258ABDEGILNOSUVZ") for one in made)


async def test_a_lead_that_was_withdrawn_is_taken_up_again_by_new_consents(leads_world: World) -> None:
    first = await leads_world.desk.submit(handed_over())
    await leads_world.desk.withdraw("talk", words("share", at=leads_world.later(), message="m2"))
    again = handed_over(contact=Contact(phone="+12025550199"), consents=words("share", "phone", at=leads_world.later()))
    assert await leads_world.desk.submit(again) == Submitted(first.reference, first=True)
    lead = await leads_world.desk.find("talk")
    assert lead is not None
    assert (lead.status, lead.contact, lead.created_at) == ("new", Contact(phone="+12025550199"), NOON)
    assert lead.consents == {"share": True, "phone": True, "email": False, "text": False}
    assert leads_world.events() == ["lead.submitted", "lead.withdrawn", "lead.changed"]
    assert await leads_world.desk.submit(again) == Submitted(first.reference, first=False)


async def test_an_old_message_that_comes_again_takes_no_withdrawal_back(leads_world: World) -> None:
    await leads_world.desk.submit(handed_over())
    await leads_world.desk.withdraw("talk", words("share", at=leads_world.later(), message="m2"))
    with pytest.raises(LeadRefused, match="older"):
        await leads_world.desk.submit(handed_over())
    lead = await leads_world.desk.find("talk")
    assert lead is not None
    assert (lead.status, lead.contact) == ("withdrawn", Contact())


async def test_the_same_person_in_another_conversation_is_shown_and_not_merged(leads_world: World) -> None:
    people = {
        "first": SAM,
        "same e-mail": Contact("S.", "sam@quillfeather.EXAMPLE"),
        "same phone": Contact("Quill", phone="+12025550143"),
        "another": Contact("Sam Quillfeather", "other@mail.example", "+12025550177"),
    }
    made = {}
    for conversation, contact in people.items():
        leads_world.later()
        made[conversation] = (await leads_world.desk.submit(handed_over(conversation, contact=contact))).reference

    def others(name: str) -> list[str]:
        return list(leads_world.do(lambda session: probable_duplicates(session, made[name])))

    assert others("first") == [made["same e-mail"], made["same phone"]]
    assert others("same phone") == [made["first"]]
    assert others("another") == []
    assert leads_world.do(lambda session: probable_duplicates(session, "S-NOBODY")) == []
    assert counts(leads_world)["leads"] == 4


async def test_nothing_of_a_person_stands_in_the_file_in_the_clear(configure: Configure, tmp_path: Path) -> None:
    configure(deliver_contact="file")
    migrate(settings().database)
    world = World(settings().database)
    await world.desk.submit(handed_over())
    await world.desk.change("talk", Contact(name="Samantha Quillfeather", phone="+12025550188"))
    await world.desk.withdraw("talk", words("email", at=NOON + timedelta(hours=1), message="m9"))
    world.database.close()
    wrote = b"".join(file.read_bytes() for file in (tmp_path / "var").iterdir() if file.name != "keys.json").lower()
    assert b"email_wording" in wrote
    for trace in (b"quillfeather", b"2025550143", b"2025550188", b"late shift", b"diabetes"):
        assert trace not in wrote


async def test_a_database_that_is_gone_is_an_error_and_stores_nothing(configure: Configure, postgres: Cluster) -> None:
    url = postgres.make_database()
    configure(database_url=url)
    migrate(url)
    postgres.stop()
    desk = LeadDesk(Database(url, 0.5), settings())
    with pytest.raises(DatabaseUnavailable):
        await desk.submit(handed_over())
    with pytest.raises(DatabaseUnavailable):
        await desk.find("talk")
    postgres.ensure_up()
    assert await LeadDesk(Database(url, 5), settings()).find("talk") is None


async def test_a_lead_whose_message_to_the_targets_cannot_be_written_is_not_stored_either(leads_world: World) -> None:
    leads_world.do(lambda session: session.execute(text("ALTER TABLE outbox RENAME TO elsewhere")))
    with pytest.raises(DatabaseUnavailable):
        await leads_world.desk.submit(handed_over())
    leads_world.do(lambda session: session.execute(text("ALTER TABLE elsewhere RENAME TO outbox")))
    assert set(counts(leads_world).values()) == {0}
    assert leads_world.acts() == []
    assert (await leads_world.desk.submit(handed_over())).first
