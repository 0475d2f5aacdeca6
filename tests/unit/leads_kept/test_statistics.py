"""The figures of the dashboard count what happened, on the day on which the reader says that it did."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update

from bot.leads.days import Period
from bot.leads.statistics import Question, Statistics, channels, read_statistics
from bot.leads.tables import leads, outbox
from bot.transcripts.tables import conversations, takeovers, turns
from tests.unit.leads_kept.people import NOON, hand_over, inside, opened, somebody_else

SPANS = (timedelta(minutes=5), timedelta(hours=1))
UTC = timezone.utc
WEEK = Period(UTC, NOON, 7)


async def read(period: Period = WEEK, channel: str | None = None) -> Statistics:
    return await read_statistics(opened(), period, channel, SPANS)


async def said(conversation: str, *rows: dict, at: datetime = NOON, channel: str = "web") -> None:
    """The turns of a conversation, one after another."""
    common = {"conversation_id": conversation, "place": 0, "at": at, "channel": channel, "kind": "answer"}
    for number, row in enumerate(rows, start=1):
        await inside(lambda session: session.execute(insert(turns).values({**common, "sequence": number, **row})))  # noqa: B023


async def test_nothing_happened(database: str) -> None:
    found = await read()
    assert (found.talked, found.people, found.questions, found.contacts.made) == ({}, 0, [], 0)
    assert found.contacts.spread.median is None


async def test_a_conversation_counts_once_a_day_however_long_it_is(database: str) -> None:
    await said("one", {}, {}, {"kind": "clarify"})
    await said("two", {}, channel="sms")
    await said("old", {}, at=NOON - timedelta(days=8))
    found = await read()
    assert found.talked == {("2026-07-01", "web"): 1, ("2026-07-01", "sms"): 1}
    assert found.people == 2
    assert found.kinds == {("2026-07-01", "answer"): 3, ("2026-07-01", "clarify"): 1}
    assert (await read(channel="sms")).people == 1
    assert await inside(lambda session: channels(session, WEEK)) == ["sms", "web"]


async def test_further_entries_of_a_turn_are_no_further_turns(database: str) -> None:
    await said("one", {}, {"sequence": 1, "place": 1})
    assert (await read()).kinds == {("2026-07-01", "answer"): 1}


async def test_a_turn_belongs_to_the_day_of_the_reader(database: str) -> None:
    """Also on the days around a change of the clocks, and where a zone is half an hour off."""
    winter, summer = datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 3, 29, 22, 30, tzinfo=UTC)
    await said("winter", {}, at=winter)
    await said("summer", {}, at=summer)
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)
    days = {zone: await read(Period(ZoneInfo(zone), now, 7)) for zone in ("Europe/Berlin", "Asia/Kolkata", "UTC")}
    assert [sorted({day for day, _ in found.talked}) for found in days.values()] == [
        ["2026-03-29", "2026-03-30"], ["2026-03-29", "2026-03-30"], ["2026-03-28", "2026-03-29"],
    ]  # fmt: skip


def test_a_period_ends_today() -> None:
    period = Period(ZoneInfo("America/New_York"), datetime(2026, 7, 1, 2, tzinfo=UTC), 2)
    assert [str(day) for day in period.days] == ["2026-06-29", "2026-06-30"]
    assert period.since == datetime(2026, 6, 29, 4, tzinfo=UTC)


async def test_who_stops_at_a_question_is_seen_there(database: str) -> None:
    age, pattern = {"kind": "question", "field": "age"}, {"kind": "question", "field": "hair_loss_pattern"}
    await said("finishes", age, pattern, {"kind": "assessment", "outcome": "qualified"})
    await said("stops at the second", age, {"kind": "answer", "field": "age"}, pattern)
    await said("stops at the first", age, {"kind": "answer"})
    await said("is in danger", age, {"kind": "urgent", "class": "emergency", "outcome": "urgent"})
    found = await read()
    assert sorted(found.questions, key=lambda each: each.field) == [
        Question("check", "age", 4, 2),
        Question("check", "hair_loss_pattern", 2, 1),
    ]
    assert found.outcomes == {"qualified": 1, "urgent": 1}
    assert found.flags == {("2026-07-01", "emergency"): 1}


async def test_the_same_question_of_the_check_and_of_the_hand_off_is_told_apart(database: str) -> None:
    age, pattern = {"kind": "question", "field": "age"}, {"kind": "question", "field": "hair_loss_pattern"}
    check = {**age, "topic": "start_assessment"}
    offered, consent = ({"kind": "handoff", "state": one} for one in ("offered", "consent"))
    person, share = {**offered, "field": "age"}, {**consent, "field": "consent_share"}
    review = {"kind": "handoff", "state": "review", "field": "summary"}
    sent, summary = {"kind": "handoff", "state": "submitted"}, {"kind": "question", "field": "summary"}
    await said("a hand-off alone", person, age, {"kind": "answer", "field": "age"}, share, review, sent)
    await said("a check, then its hand-off", check, pattern, summary, {"kind": "assessment"}, share, review)
    await said("no age in the check, then a hand-off", check, person, share, {"kind": "handoff", "state": "declined"})
    await said("a hand-off, then a check", person, offered, check, age, pattern)
    await said("asks at the summary", pattern, summary, {"kind": "answer", "field": "summary"})
    found = {(each.part, each.field): (each.asked, each.went_on) for each in (await read()).questions}
    assert found == {
        ("check", "age"): (3, 2),
        ("check", "hair_loss_pattern"): (3, 2),
        ("check", "summary"): (2, 1),
        ("handoff", "age"): (3, 2),
        ("handoff", "consent_share"): (3, 2),
        ("handoff", "summary"): (2, 1),
    }


async def test_a_state_of_the_hand_off_counts_conversations(database: str) -> None:
    offered, sent = {"kind": "handoff", "state": "offered"}, {"kind": "handoff", "state": "submitted"}
    await said("one", offered, offered, sent)
    await said("two", offered)
    assert (await read()).states == {"offered": 2, "submitted": 1}


async def test_the_time_to_first_contact(database: str) -> None:
    made = NOON - timedelta(hours=5)
    waits = (timedelta(minutes=4), timedelta(minutes=30), timedelta(hours=3), None)
    for place, wait in enumerate(waits):
        reference = await hand_over(f"c{place}", made, somebody_else(place))
        values = {"first_contact_at": made + wait if wait else None}
        changed = update(leads).where(leads.c.reference == reference).values(values)
        await inside(lambda session: session.execute(changed))  # noqa: B023
    found = (await read()).contacts
    assert (found.made, found.spread.number) == (4, 3)
    assert found.spread.median == timedelta(minutes=30)
    assert found.spread.most == timedelta(hours=3)
    assert list(found.within.values()) == [1, 2]
    assert (await read(channel="sms")).contacts.made == 0


async def test_how_long_deliveries_took_and_what_waits(database: str) -> None:
    made = NOON - timedelta(hours=5)
    await hand_over("a", made)
    await hand_over("b", made, somebody_else(1))
    await hand_over("c", NOON - timedelta(minutes=10), somebody_else(2))
    arrived = update(outbox).where(outbox.c.created_at == made).values(delivered_at=made + timedelta(seconds=30))
    await inside(lambda session: session.execute(arrived))
    found = await read()
    (delivered,) = found.delivered.values()
    assert (delivered.number, round(delivered.mean.total_seconds())) == (2, 30)
    assert (found.lag.waiting, found.lag.oldest) == (1, timedelta(minutes=10))


async def test_takeovers_and_how_long_people_waited(database: str) -> None:
    state = {"id": "one", "last_sequence": 1, "snapshot": "{}", "updated_at": NOON, "channel": "web"}
    await inside(lambda session: session.execute(insert(conversations).values(state)))
    joined = NOON - timedelta(hours=1)
    row = {"conversation_id": "one", "staff": "dana", "joined_at": joined, "ended_at": NOON}
    answered = {**row, "answered_at": joined + timedelta(seconds=40), "ended_by": "dana"}
    ended = {**row, "answered_at": None, "ended_by": "nobody"}
    await inside(lambda session: session.execute(insert(takeovers), [answered, ended]))
    found = (await read()).helped
    assert (found.by_day, found.unanswered, found.waits.number) == ({"2026-07-01": 2}, 1, 1)
    assert round(found.waits.median.total_seconds()) == 40
    assert (await read(channel="sms")).helped.by_day == {}
