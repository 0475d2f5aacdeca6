"""Time passes: what is too old goes, whoever comes back is kept, and a dry run says the same beforehand."""

import asyncio
import json
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Text, select, type_coerce, update

from bot.errors import DatabaseUnavailable
from bot.leads import audit, retention
from bot.leads.erasure import EVENT
from bot.leads.retention import Retained, months_before, retain
from bot.leads.tables import contacts, erasures, leads, outbox
from bot.settings import settings
from bot.transcripts.tables import addresses, conversations, tracker_events
from tests.conftest import Configure
from tests.unit.leads_kept.people import (
    NOON,
    SECRETS,
    count,
    files,
    hand_over,
    inside,
    note_address,
    opened,
    somebody_else,
    talk,
)

DAY = timedelta(days=1)
# 24 calendar months before noon of 1 July 2026.
OLD = datetime(2024, 7, 1, 12, tzinfo=timezone.utc)


async def passed(dry_run: bool = False) -> Retained:
    return await retain(opened(), settings(), NOON, dry_run)


async def foretold() -> Retained:
    """What goes, which a dry run has said before."""
    said = await passed(dry_run=True)
    assert await passed() == said
    return said


async def there(column) -> list[str]:
    return await inside(lambda session: sorted(session.execute(select(column)).scalars()))


async def said() -> str:
    """All events of all conversations."""
    query = select(tracker_events.c.data)
    return "\n".join(await inside(lambda session: session.execute(query).scalars().all()))


async def test_nothing_old_is_there(database: str) -> None:
    assert await foretold() == Retained()
    assert await count(erasures) == 0


async def test_a_conversation_that_nobody_used_goes_after_its_days(database: str) -> None:
    await talk("old", NOON - 31 * DAY)
    await talk("new", NOON - 29 * DAY)
    assert await foretold() == Retained(conversations=1, addresses=1)
    assert await there(conversations.c.id) == ["new"]
    assert await count(tracker_events, addresses, erasures) == 3


async def test_a_conversation_lives_as_long_as_its_lead(database: str) -> None:
    await talk("hers", OLD + DAY)
    await hand_over("hers", OLD + timedelta(seconds=1))
    assert await foretold() == Retained()
    assert await count(conversations, leads) == 2


async def test_a_lead_goes_with_its_conversation_after_its_months(database: str) -> None:
    await talk("hers", OLD)
    reference = await hand_over("hers", OLD - timedelta(seconds=1))
    assert await foretold() == Retained(conversations=1, leads=1, deliveries=1, addresses=1)
    assert await count(conversations, tracker_events, addresses, leads, contacts) == 0
    told = await inside(lambda session: session.execute(select(outbox.c.event, outbox.c.lead_reference)).all())
    assert [tuple(row) for row in told] == [(EVENT, reference)]
    (receipt,) = await inside(lambda session: session.execute(select(erasures)).all())
    assert (receipt.asked_by, json.loads(receipt.counts)["leads"]) == ("retention", 1)
    assert (await inside(audit.verify)).broken is None


async def test_a_conversation_used_since_stays_without_the_person_when_its_lead_goes(database: str) -> None:
    await talk("hers", NOON - DAY)
    await hand_over("hers", OLD - DAY)
    assert await foretold() == Retained(leads=1, deliveries=1)
    kept = await said()
    assert not any(secret in kept for secret in SECRETS[:4])
    assert await there(conversations.c.id) == ["hers"]


async def test_a_younger_lead_of_the_same_conversation_keeps_it(database: str) -> None:
    await talk("hers", OLD)
    await hand_over("hers", OLD - DAY, form="1")
    younger = await hand_over("hers", NOON - 40 * DAY, form="2")
    assert await foretold() == Retained(leads=1, deliveries=1)
    assert await there(leads.c.reference) == [younger]
    assert SECRETS[2] in await said()


async def test_what_was_left_half_finished_is_emptied_when_its_time_is_up(database: str) -> None:
    await talk("late", NOON - DAY, expires=NOON)
    await talk("in time", NOON - DAY, expires=NOON + timedelta(seconds=1))
    assert await foretold() == Retained(expired=1)
    query = select(conversations.c.snapshot).where(conversations.c.id == "late")
    (snapshot,) = await inside(lambda session: session.execute(query).scalars().all())
    assert not any(secret in snapshot for secret in SECRETS)
    assert await count(conversations) == 2
    assert await foretold() == Retained()


async def test_rows_of_messages_that_arrived_long_ago_go_and_no_others(database: str) -> None:
    at = {"arrived": NOON - 31 * DAY, "lately": NOON - 29 * DAY}
    made = {name: await hand_over(name, NOON - 40 * DAY, somebody_else(n)) for n, name in enumerate(
        ("arrived", "lately", "given up", "waits"))}  # fmt: skip
    for name, reference in made.items():
        values = {"delivered_at": at.get(name), "dead_at": NOON - 35 * DAY if name == "given up" else None}
        change = update(outbox).where(outbox.c.lead_reference == reference).values(values)
        await inside(lambda session, change=change: session.execute(change))
    assert await foretold() == Retained(deliveries=1)
    assert made["arrived"] not in await there(outbox.c.lead_reference)
    assert await count(outbox, leads) == 7


async def test_an_address_whose_message_was_never_stored_goes(database: str) -> None:
    await note_address("never came", NOON - 31 * DAY)
    await note_address("just now", NOON - DAY)
    await hand_over("lead only", NOON - 40 * DAY)
    await note_address("lead only", NOON - 40 * DAY)
    assert await foretold() == Retained(addresses=1)
    assert await there(addresses.c.conversation_id) == ["just now", "lead only"]


async def test_more_than_a_batch_goes_too(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        await talk(f"talked {number}", NOON - 31 * DAY)
        await talk(f"handed over {number}", OLD - DAY)
        await hand_over(f"handed over {number}", OLD - DAY, somebody_else(number))
        await talk(f"late {number}", NOON - DAY, expires=NOON - DAY)
    assert await foretold() == Retained(conversations=10, leads=5, expired=5, deliveries=5, addresses=10)
    assert await count(erasures) < 10


async def test_whoever_comes_back_in_the_middle_is_kept(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await talk("gone", NOON - 33 * DAY)
    await talk("comes back", NOON - 32 * DAY)
    used = update(conversations).where(conversations.c.id == "comes back").values(updated_at=NOON)
    take = retention._take

    def comes_back_first(session, **found):
        assert "comes back" in found["found"]
        session.execute(used)
        return take(session, **found)

    monkeypatch.setattr(retention, "_take", comes_back_first)
    assert await passed() == Retained(conversations=1, addresses=1)
    assert await there(conversations.c.id) == ["comes back"]


async def test_two_runs_at_once_take_everything_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(4):
        await talk(f"talked {number}", NOON - 31 * DAY)
        await hand_over(f"handed over {number}", OLD - DAY, somebody_else(number))
    one, other = await asyncio.gather(passed(), passed())
    assert (one.conversations + other.conversations, one.leads + other.leads) == (4, 4)
    assert await count(conversations, leads, contacts, addresses) == 0
    assert (await inside(audit.verify)).broken is None


async def test_a_run_that_is_cut_short_is_taken_up_by_the_next(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    for number in range(3):
        await talk(f"talked {number}", NOON - 31 * DAY)
    take, calls = retention._take, []

    def cut_short(session, **found):
        counts = take(session, **found)
        calls.append(counts)
        if len(calls) == 2:
            raise OSError("the power went")
        return counts

    with monkeypatch.context() as patched:
        patched.setattr(retention, "_take", cut_short)
        with pytest.raises(DatabaseUnavailable):
            await passed()
    assert await count(conversations, tracker_events, addresses) == 6
    assert (await passed()).conversations == 2


async def test_the_settings_say_how_long(configure: Configure, database: str) -> None:
    configure(conversation_days=5, lead_months=1)
    await talk("hers", NOON - 40 * DAY)
    await hand_over("hers", datetime(2026, 6, 1, 11, 59, tzinfo=timezone.utc))
    await talk("talked", NOON - 6 * DAY)
    assert await foretold() == Retained(conversations=2, leads=1, deliveries=1, addresses=2)


async def test_nothing_of_what_went_can_be_read_in_the_file(migrated: None) -> None:
    """Not by whoever has the keys either: what was sealed is overwritten."""
    await talk("talked", NOON - 31 * DAY)
    query = select(type_coerce(tracker_events.c.data, Text))
    sealed = await inside(lambda session: session.execute(query).scalar())
    assert sealed.encode() in files()
    await passed()
    assert sealed.encode() not in files()


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ((2026, 7, 1), 24, (2024, 7, 1)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2024, 2, 29), 24, (2022, 2, 28)),
        ((2026, 12, 1), 12, (2025, 12, 1)),
        ((2026, 5, 5), 0, (2026, 5, 5)),
    ],
)
def test_months_are_those_of_the_calendar(now: tuple, months: int, then: tuple) -> None:
    assert months_before(datetime(*now, tzinfo=timezone.utc), months) == datetime(*then, tzinfo=timezone.utc)
