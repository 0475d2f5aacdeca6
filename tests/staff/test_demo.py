"""The demonstration is alive, is nobody's, is never sent, and can be taken out again without touching anybody real."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from browser_console import COUNT, PEOPLE, Invented
from sqlalchemy import func, insert, select

from bot.cli import demo
from bot.cli.demonstration.people import people
from bot.cli.demonstration.removing import remove
from bot.cli.demonstration.visits import SPAN, visits
from bot.errors import SettingError
from bot.leads import audit, outbox
from bot.leads.delivery.targets import read_targets
from bot.leads.desk import LeadDesk
from bot.leads.notices import due
from bot.leads.records import Assessed, Consent, Contact, NewLead
from bot.leads.store import read_lead
from bot.leads.tables import contacts, disabled_targets, leads, notices
from bot.leads.tables import outbox as messages
from bot.settings import settings
from bot.staff import accounts
from bot.storage.database import Database, open_database
from bot.transcripts.demonstration import identifier, is_invented
from bot.transcripts.tables import conversations, replies, reviews, takeovers, tracker_events, turns

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=timezone.utc)
AGE = {"age": [{"value": 44, "findings": [], "status": "current"}]}
CONTACT = Contact("Somebody Real", "somebody@real.example", None, "email")

Configure = Callable[..., Any]


@pytest.fixture
def filled(invented: Invented, configure: Configure, tmp_path: Path) -> Database:
    """A database with the demonstration in it."""
    invented.copy_to(tmp_path / "var")
    return open_database(configure().database, 30)


async def _column(database: Database, column: Any) -> list[Any]:
    return list(await database.run(lambda session: session.execute(select(column)).scalars().all()))


async def _count(database: Database, *tables: Any) -> int:
    queries: Sequence[Any] = [select(func.count()).select_from(table) for table in tables]
    return await database.run(lambda session: sum(session.execute(query).scalar_one() for query in queries))


async def _hand_in(conversation: str) -> str:
    """A real lead, from the chat."""
    agreed = tuple(
        Consent(purpose, True, purpose, "1", "en", "May we?", NOW, "web", purpose) for purpose in ("share", "email")
    )
    new = NewLead(conversation, "1", "web", "en", "sales", Assessed("none", "1", answers=AGE), CONTACT, agreed)
    desk = LeadDesk(open_database(settings().database, 30), settings(), lambda: NOW)
    return (await desk.submit(new)).reference


async def test_every_part_of_the_console_has_something_to_show(filled: Database) -> None:
    assert len(await _column(filled, conversations.c.id)) > 0.9 * COUNT
    assert {"new", "contacted"} < set(await _column(filled, leads.c.status))
    assert {"sales", "clinician"} == set(await _column(filled, leads.c.queue))
    assert {"answer", "clarify", "out_of_scope", "question", "assessment"} < set(await _column(filled, turns.c.kind))
    assert len(set(await _column(filled, conversations.c.channel))) > 3
    for table in (takeovers, reviews, messages):
        assert await _count(filled, table) > 0


async def test_nobody_in_it_can_be_reached(filled: Database) -> None:
    emails = [email for email in await _column(filled, contacts.c.email) if email]
    phones = [phone for phone in await _column(filled, contacts.c.phone) if phone]
    assert all(email.endswith("@mail.example") for email in emails)
    assert all(phone[-7:-2] == "55501" for phone in phones)
    assert await _count(filled, replies) == 0


async def test_nothing_of_it_is_ever_sent(filled: Database, configure: Configure) -> None:
    own = configure(email_to="desk@clinic.example", email_from="strand@clinic.example", smtp_host="127.0.0.1")
    now = datetime.now(timezone.utc)
    names = [target.name for target in read_targets(own)]
    assert not await filled.run(lambda session: outbox.due(session, names, now))
    assert await filled.run(lambda session: outbox.lag(session, now).waiting) == 0
    assert await filled.run(lambda session: due(session, own, now)) == []
    reference = (await _column(filled, leads.c.reference))[0]
    told = await filled.run(
        lambda session: outbox.enqueue(session, "lead.changed", read_lead(session, reference), own, now)
    )
    assert told == 0


async def test_the_audit_of_what_was_invented_holds(filled: Database) -> None:
    assert (await filled.run(audit.verify)).holds


async def test_taken_out_it_leaves_what_is_real(filled: Database) -> None:
    reference = await _hand_in("a real conversation")
    await filled.run(lambda session: accounts.add(session, "dana", "admin", "correct horse battery", NOW))
    gone, members = await remove(filled, NOW)
    assert gone > 0.9 * COUNT
    assert members == len(PEOPLE)
    assert await _column(filled, leads.c.reference) == [reference]
    assert await _column(filled, contacts.c.lead_reference) == [reference]
    tables = (conversations, tracker_events, turns, takeovers, reviews, notices, disabled_targets)
    assert await _count(filled, *tables) == 0
    assert set(await _column(filled, messages.c.lead_reference)) <= {reference}
    assert [account.name for account in await filled.run(accounts.everyone)] == ["dana"]
    assert (await filled.run(audit.verify)).holds


def test_where_somebody_real_has_talked_it_is_refused(filled: Database) -> None:
    asyncio.run(_hand_in("a real conversation"))
    with pytest.raises(SettingError, match="real"):
        demo.refuse_unless_fresh(filled, settings())


def test_it_is_not_put_in_twice_and_not_in_production(filled: Database, configure: Configure) -> None:
    with pytest.raises(SettingError, match="already"):
        demo.refuse_unless_fresh(filled, settings())
    with pytest.raises(SettingError, match="production"):
        demo.refuse_unless_fresh(filled, configure(env="production"))


def test_a_conversation_of_another_shape_is_no_invented_one(filled: Database) -> None:
    assert is_invented(identifier(7))
    assert not any(map(is_invented, ("demo-", "demo-00001", "demo-abcd", "Jm3b8mPq1wq3GDT0H8Eo4A", "xdemo-0001")))
    row = {"id": "demo-abcd", "last_sequence": 1, "snapshot": "{}", "updated_at": NOW}

    async def put() -> None:
        await filled.run(lambda session: session.execute(insert(conversations).values(row)))
        await remove(filled, NOW)
        assert await _column(filled, conversations.c.id) == ["demo-abcd"]

    asyncio.run(put())


def test_the_same_seed_invents_the_same_visits() -> None:
    one, same, other = (visits(30, Random(seed), NOW) for seed in (1, 1, 2))
    assert one == same
    assert one != other
    assert all(NOW - SPAN <= visit.began <= NOW for visit in one)
    assert sorted(visit.began for visit in one) == [visit.began for visit in one]


def test_people_are_of_story_books() -> None:
    source = people(Random(1))
    found = [next(source) for _ in range(100)]
    assert len({person.name for person in found}) == 100
    assert all(person.email.isascii() and person.email.endswith(".example") for person in found)


def test_the_passwords_are_printed_and_fit(invented: Invented, filled: Database) -> None:
    assert set(invented.passwords) == set(PEOPLE.values())
    assert "--remove" in invented.printed


@pytest.mark.parametrize("count", ["0", "10000"])
def test_a_count_that_makes_no_sense_is_refused(configure: Configure, count: str) -> None:
    configure()
    parser = argparse.ArgumentParser()
    demo.configure(parser)
    with pytest.raises(SettingError, match="--count"):
        demo.run(parser.parse_args(["--count", count]))
