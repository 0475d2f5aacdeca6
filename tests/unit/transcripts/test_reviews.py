"""Reviews of turns go their way: open, assigned, approved or dismissed; whoever comes second changes nothing."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import insert, select

from bot.transcripts import examples, reviews
from bot.transcripts.tables import conversations, tracker_events
from bot.transcripts.tables import reviews as rows
from tests.unit.leads_kept.people import inside

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
TURN = ("talk", 1)


async def talk() -> None:
    """A conversation in which a visitor speaks, and then the assistant does."""

    def stored(session: Any) -> None:
        row = {"id": "talk", "last_sequence": 2, "snapshot": "{}", "updated_at": NOON}
        session.execute(insert(conversations).values(row))
        for sequence, kind in ((1, "user"), (2, "bot")):
            event = {"conversation_id": "talk", "sequence": sequence, "type": kind, "timestamp": 0.0}
            session.execute(insert(tracker_events).values({**event, "data": json.dumps({"event": kind})}))

    await inside(stored)


async def state() -> list[tuple[Any, ...]]:
    query = select(rows.c.verdict, rows.c.state, rows.c.entry, rows.c.staff)
    return [tuple(row) for row in await inside(lambda session: session.execute(query).all())]


async def settle(state: reviews.State, name: str = "dana", *turns: reviews.Turn) -> list[reviews.Turn]:
    entry = "cost.session_price" if state == "assigned" else None
    return await inside(lambda session: reviews.settle(session, turns or [TURN], state, entry, name, NOON))


async def conclude(state: reviews.State) -> bool:
    return await inside(lambda session: reviews.conclude(session, TURN, state, "dana", NOON))


async def mark(verdict: reviews.Verdict | None, sequence: int = 1) -> bool:
    return await inside(lambda session: reviews.mark(session, ("talk", sequence), verdict, "dana", NOON))


async def test_only_a_visitors_turn_is_marked(database: str) -> None:
    await talk()
    assert [await mark("wrong", sequence) for sequence in (1, 2, 3)] == [True, False, False]
    assert await inside(lambda session: reviews.verdicts(session, "talk")) == {1: "wrong"}


async def test_a_mark_that_is_taken_back_leaves_nothing(database: str) -> None:
    await talk()
    await mark("wrong")
    await mark("missing")
    assert await state() == [("missing", "open", None, "dana")]
    await mark(None)
    assert await state() == []


async def test_a_mark_that_is_taken_back_keeps_what_became_of_the_question(database: str) -> None:
    await talk()
    await mark("wrong")
    await settle("dismissed")
    await mark(None)
    assert await state() == [(None, "dismissed", None, "dana")]


async def test_only_the_first_settles_a_question(database: str) -> None:
    await talk()
    assert await settle("assigned") == [TURN]
    assert await settle("dismissed", "eve") == []
    assert await state() == [(None, "assigned", "cost.session_price", "dana")]


async def test_what_is_not_there_is_not_settled(database: str) -> None:
    await talk()
    assert await settle("dismissed", "dana", ("talk", 2), ("nobody", 1), TURN) == [TURN]


async def test_only_an_assigned_question_is_concluded_and_only_once(database: str) -> None:
    await talk()
    assert not await conclude("approved")
    await settle("assigned")
    assert [await conclude("approved"), await conclude("dismissed")] == [True, False]
    assert await state() == [(None, "approved", "cost.session_price", "dana")]


async def test_a_question_goes_back_to_the_gaps_with_its_mark(database: str) -> None:
    await talk()
    await settle("assigned")
    await conclude("open")
    assert await state() == []
    await mark("missing")
    await settle("assigned")
    await conclude("open")
    assert await state() == [("missing", "open", None, "dana")]


async def test_examples_are_handed_out_once_unless_all_are_asked_for(database: str) -> None:
    for text in ("how much", "what price"):
        await inside(lambda session, text=text: examples.add(session, text, "cost.session_price", "dana", NOON))
    first, _ = await inside(examples.approved)
    await inside(lambda session: examples.mark_exported(session, [first.id], NOON + timedelta(hours=1)))
    waiting = await inside(lambda session: examples.approved(session, again=False))
    assert [each.text for each in waiting] == ["what price"]
    assert await inside(examples.count_waiting) == 1
    assert len(await inside(examples.approved)) == 2
