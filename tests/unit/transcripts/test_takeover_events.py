"""What a takeover writes into a conversation is there for the next turn, whichever part of the events is read."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from sqlalchemy import select

from bot.errors import TakeoverRefused
from bot.settings import PROJECT, settings
from bot.storage.database import Database, open_database
from bot.transcripts import addresses, archive, reading, takeover
from bot.transcripts.tables import takeovers
from bot.transcripts.tail import Snapshot, rebuild
from bot.transcripts.takeover import Regret
from bot.transcripts.tracker_store import BoundedTrackerStore

NOW = datetime(2026, 11, 22, 15, tzinfo=timezone.utc)
LISTEN = "action_listen"
QUESTION = {"kind": "question", "field": "duration"}
BUTTONS = [{"title": "Skip", "payload": "Skip"}]
REGRET = Regret("Back.", "Sorry.", "It waits.", ("Shall I?",), ("Yes", "No"))


@pytest.fixture
def opened(database: str) -> Database:
    return open_database(settings().database, 30)


def turn(text: str, *events: Any, said: str = "All right.") -> list[Any]:
    answer = BotUttered(said, {"custom": {"kind": "answer"}})
    return [UserUttered(text, input_channel="web"), *events, answer, ActionExecuted(LISTEN)]


async def talk(
    database: Database, *turns: list[Any], slots: dict[str, Any] | None = None, loop: str | None = None
) -> str:
    def work(session: Any) -> str:
        conversation = addresses.find_or_make(session, "web", "ann", NOW)
        events = [ActionExecuted(LISTEN), *(event for each in turns for event in each)]
        archive.append(session, conversation, events, Snapshot(slots or {}, loop), 0)
        return conversation

    return await database.run(work)


def asked(field: str = "duration", *beside: Any) -> list[Any]:
    """A turn that leaves the check open at a question."""
    put = BotUttered("How long?", {"buttons": BUTTONS})
    return [
        UserUttered("slow thinning"),
        *(ActiveLoop("assessment_form"), SlotSet("requested_slot", field)),
        *(BotUttered("Noted."), put, BotUttered(None, {"custom": {**QUESTION, "field": field}})),
        *beside,
        ActionExecuted(LISTEN),
    ]


async def joined(database: Database, conversation: str, name: str = "dana") -> bool:
    return await database.run(lambda session: takeover.join(session, conversation, name, "A person is here.", NOW))


async def items(database: Database, conversation: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    page = await database.run(lambda session: reading.after(session, conversation, 0))
    return [(item.author, item.texts, item.buttons) for item in page.items]


@pytest.mark.parametrize("most", [1, 3, 30, None])
async def test_the_next_turn_knows_of_it_whichever_part_is_read(opened: Database, most: int | None) -> None:
    conversation = await talk(opened, turn("hello", SlotSet("offered", True)), slots={"offered": True})
    await joined(opened, conversation)
    slots = Domain.load(str(PROJECT / "domain.yml")).slots
    found = await opened.run(lambda session: archive.read(session, conversation, most))
    tracker = rebuild(conversation, slots, found.events, found.before)
    assert takeover.is_taken_over(tracker)
    assert (tracker.get_slot("takeover")["by"], tracker.get_slot("offered")) == ("dana", None)
    await opened.run(lambda session: takeover.leave(session, conversation, "dana", "Back.", NOW))
    found = await opened.run(lambda session: archive.read(session, conversation, most))
    assert not takeover.is_taken_over(rebuild(conversation, slots, found.events, found.before))


async def test_a_long_conversation_is_not_read_whole(opened: Database, configure: Callable[..., Any]) -> None:
    conversation = await talk(opened, *(turn(f"message {number}") for number in range(500)))
    await joined(opened, conversation)
    tracker = await BoundedTrackerStore(Domain.load(str(PROJECT / "domain.yml"))).retrieve(conversation)
    assert tracker
    assert takeover.is_taken_over(tracker)
    assert len(tracker.events) < 50


async def test_a_turn_that_began_before_cannot_be_stored(opened: Database) -> None:
    conversation = await talk(opened, turn("hello"))
    store = BoundedTrackerStore(Domain.load(str(PROJECT / "domain.yml")))
    begun = await store.retrieve(conversation)
    assert begun
    await joined(opened, conversation)
    begun.update(UserUttered("too late"))
    with pytest.raises(Exception, match="another process wrote"):
        await store.save(begun)


async def test_the_open_question_is_asked_again_with_its_buttons(opened: Database) -> None:
    slots = {"requested_slot": "duration", "check": {"open": "duration"}}
    conversation = await talk(opened, asked(), slots=slots, loop="assessment_form")
    await joined(opened, conversation)
    for number in range(60):
        text = f"Message {number}"
        await opened.run(lambda session, said=text: takeover.say(session, conversation, "dana", said, NOW))
    await opened.run(lambda session: takeover.leave(session, conversation, "dana", "Back.", NOW))
    *_, left, again = await items(opened, conversation)
    assert (left, again) == (("staff", ("Back.",), ()), ("assistant", ("How long?",), ("Skip",)))


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ([BotUttered("It costs.", {}), BotUttered("How long?", {"buttons": BUTTONS})], ("How long?",)),
        (
            [BotUttered("Which one? How long?", {"buttons": [{"title": "This", "payload": "This"}]})],
            ("Which one? How long?",),
        ),
    ],
)
async def test_of_an_answer_in_between_only_the_question_is_said_again(
    opened: Database, last: list[Any], said: tuple[str, ...]
) -> None:
    kind = "answer" if len(last) == 2 else "clarify"
    between = [UserUttered("price?"), *last, BotUttered(None, {"custom": {"kind": kind, "field": "duration"}})]
    slots = {"requested_slot": "duration"}
    conversation = await talk(opened, asked(), [*between, ActionExecuted(LISTEN)], slots=slots, loop="assessment_form")
    await joined(opened, conversation)
    await opened.run(lambda session: takeover.leave(session, conversation, "dana", "Back.", NOW))
    again = (await items(opened, conversation))[-1]
    assert again == ("assistant", said, ("Skip",) if kind == "answer" else ())


async def test_a_question_whose_words_were_taken_out_is_not_asked(opened: Database) -> None:
    slots = {"requested_slot": "email"}
    redacted = [UserUttered("yes"), BotUttered("", {}), ActionExecuted(LISTEN)]
    conversation = await talk(opened, redacted, slots=slots, loop="handoff_form")
    await joined(opened, conversation)
    await opened.run(lambda session: takeover.leave(session, conversation, "dana", "Back.", NOW))
    assert (await items(opened, conversation))[-1][0] == "staff"


@pytest.mark.parametrize("act", ["say", "leave", "types"])
async def test_whoever_is_not_in_can_do_nothing(opened: Database, act: str) -> None:
    conversation = await talk(opened, turn("hello"))
    texts = [] if act == "types" else ["Hello", NOW]
    for name, words in (("robin", "nobody is in this conversation"), ("robin", "dana is in this conversation")):
        with pytest.raises(TakeoverRefused, match=words):
            await opened.run(lambda session, who=name: getattr(takeover, act)(session, conversation, who, *texts))
        await joined(opened, conversation)


async def test_nobody_joins_what_is_not_there(opened: Database) -> None:
    with pytest.raises(TakeoverRefused) as refused:
        await joined(opened, "nothing")
    assert refused.value.gone


@pytest.mark.parametrize("slots", [{"underage": True}, {"danger": {"id": "x"}}, {"handoff": {"reference": "S-1"}}])
async def test_no_call_is_offered_where_that_would_be_wrong(opened: Database, slots: dict[str, Any]) -> None:
    conversation = await talk(opened, turn("hello"), slots=slots)
    await joined(opened, conversation)
    later = NOW + timedelta(minutes=5)
    await opened.run(lambda session: takeover.give_up(session, conversation, later, REGRET, later))
    assert (await items(opened, conversation))[-1] == ("assistant", ("Sorry.",), ())


async def test_a_call_is_offered_once(opened: Database) -> None:
    conversation = await talk(opened, turn("hello"))
    await joined(opened, conversation)
    later = NOW + timedelta(minutes=5)
    for _ in range(2):
        await opened.run(lambda session: takeover.give_up(session, conversation, later, REGRET, later))
    assert (await items(opened, conversation))[-2:] == [
        ("staff", ("Back.",), ()),
        ("assistant", ("Sorry.", "Shall I?"), ("Yes", "No")),
    ]
    assert await opened.run(lambda session: takeover.overdue(session, later)) == []
    rows = await opened.run(lambda session: session.execute(select(takeovers.c.ended_by)).scalars().all())
    assert rows == ["nobody"]
    assert await joined(opened, conversation, "robin")
