"""Somebody of the staff takes a conversation over: the assistant is silent, but for danger, until it is given back."""

from collections.abc import AsyncIterator

import pytest
from taking_over import Room, room, states

from bot import metrics
from bot.dialogue.assistant import Assistant


@pytest.fixture
async def chat(strand: Assistant) -> AsyncIterator[Room]:
    async with room(strand) as opened:
        yield opened


async def test_a_person_talks_in_the_middle_of_a_check_which_then_goes_on(chat: Room) -> None:
    question = (await chat.is_asked("duration"))[-1]
    await chat.joins()
    assert states(await chat.new()) == ["joined"]
    assert await chat.says("i came off finasteride, does that matter?", "about 2 years now", "1", "?") == []
    await chat.writes("Tell me more about that.")
    assert [item.texts for item in await chat.new()] == [("Tell me more about that.",)]
    assert await chat.says("since spring") == []
    await chat.leaves()
    left, again = await chat.new()
    assert (left.author, left.payload) == ("staff", {"kind": "staff", "state": "left"})
    assert (again.author, again.payload["field"], again.buttons) == ("assistant", "duration", question.buttons)
    assert again.texts == question.texts[-1:]
    (following,) = await chat.says("2 years")
    assert (following.payload["kind"], following.payload["field"]) == ("question", "prior_treatments")


async def test_a_silent_turn_is_counted_as_one(chat: Room) -> None:
    def counted() -> float:
        return metrics.turns.labels(kind="none", channel="web")._value.get()

    await chat.says("hello")
    await chat.joins()
    before, failed = counted(), metrics.turns.labels(kind="error", channel="web")._value.get()
    await chat.says("what does it cost?", "start the suitability check")
    assert counted() == before + 2
    assert metrics.turns.labels(kind="error", channel="web")._value.get() == failed


async def test_what_is_told_beside_the_staff_is_read_by_nobody_else(chat: Room) -> None:
    await chat.is_asked("age")
    await chat.joins()
    assert await chat.says("34", "delete my data", "stop") == []
    await chat.leaves()
    (following,) = await chat.says("41")
    assert following.payload["field"] == "hair_loss_pattern"


async def test_messages_of_the_staff_stay_apart(chat: Room) -> None:
    await chat.says("what does it cost?")
    await chat.joins()
    await chat.writes("Hello, I am Dana.")
    await chat.writes("How can I help?")
    items = await chat.new()
    assert states(items) == ["joined", "message", "message"]
    assert len({item.cursor for item in items}) == 3
    assert "no longer" in items[0].texts[0]


async def test_an_emergency_beside_the_staff_still_gets_its_advice_and_ends_the_check(chat: Room) -> None:
    await chat.is_asked("conditions")
    await chat.joins()
    await chat.writes("I am here.")
    await chat.new()
    (advice,) = await chat.says("i can't breathe and my throat is swelling up")
    assert (advice.author, advice.payload["kind"], advice.payload["class"]) == ("assistant", "urgent", "emergency")
    assert "911" in " ".join(advice.texts)
    assert await chat.says("ok", "my sister drives me") == []
    await chat.leaves()
    assert states(await chat.new()) == ["left"]


async def test_a_danger_that_is_only_suspected_is_asked_about(chat: Room) -> None:
    await chat.says("hello")
    await chat.joins()
    await chat.new()
    (asked,) = await chat.says("i have put my affairs in order, what does a session cost")
    assert (asked.payload["kind"], asked.payload["certain"]) == ("urgent", False)
    assert await chat.says("no, nothing like that, just my hair") == []


async def test_a_hand_off_goes_on_where_it_was(chat: Room) -> None:
    await chat.says("hello", "I want to talk to a person", "34")
    await chat.joins()
    await chat.writes("Hello!")
    assert await chat.says("yes", "my mail is z.quillfeather@mail.example") == []
    await chat.leaves()
    again = (await chat.new())[-1]
    assert (again.payload["kind"], again.payload["state"], again.payload["field"]) == (
        "handoff",
        "consent",
        "consent_share",
    )
    (following,) = await chat.says("yes")
    assert following.payload["field"] == "consent_email"


async def test_an_offer_from_before_is_no_offer_after(chat: Room) -> None:
    await chat.is_asked("timeline")
    await chat.says("soon", "yes")
    await chat.joins()
    await chat.leaves()
    await chat.new()
    (reply,) = await chat.says("yes")
    assert reply.payload["kind"] != "handoff"


async def test_the_assistant_answers_again_after_many_messages_of_the_staff(chat: Room) -> None:
    await chat.says("hello")
    await chat.joins()
    for number in range(40):
        await chat.writes(f"Message {number}")
    assert await chat.says("what does it cost?") == []
    await chat.leaves()
    (reply,) = [item for item in await chat.says("what does it cost?") if item.author == "assistant"]
    assert reply.payload["kind"] == "answer"


async def test_what_waits_is_known_until_somebody_answers(chat: Room) -> None:
    await chat.says("hello")
    await chat.joins()
    await chat.writes("Hello!")
    taken = await chat.taken()
    assert taken
    assert taken.waiting_since is None
    assert taken.answered_at
    await chat.says("are you there?")
    first = (await chat.taken()).waiting_since
    assert first
    await chat.says("hello?")
    assert (await chat.taken()).waiting_since == first
    await chat.writes("Yes, I am.")
    assert (await chat.taken()).waiting_since is None


async def test_nobody_answers_and_a_call_is_offered_once(chat: Room) -> None:
    await chat.says("what does it cost?")
    await chat.joins()
    await chat.new()
    await chat.says("is anybody there?")
    await chat.looks_late(minutes=4)
    assert await chat.taken()
    await chat.looks_late(minutes=6)
    await chat.looks_late(minutes=6)
    left, offer = await chat.new()
    assert (states([left]), offer.payload["state"], offer.buttons) == (
        ["left"],
        "offered",
        ("Yes, please", "No, thank you"),
    )
    assert await chat.ended() == [("dana", "nobody")]
    (question,) = await chat.says("Yes, please")
    assert (question.payload["kind"], question.payload["field"]) == ("handoff", "age")


async def test_nobody_answers_in_the_middle_of_a_check_which_waits_then(chat: Room) -> None:
    await chat.is_asked("duration")
    await chat.joins()
    await chat.new()
    await chat.looks_late(minutes=6)
    _, offer = await chat.new()
    assert any("go on" in text for text in offer.texts)
    declined = await chat.says("No, thank you")
    assert declined[-1].payload["state"] == "declined"
    (again,) = await chat.says("go on")
    assert again.payload["field"] == "duration"


async def test_nobody_answers_in_the_middle_of_a_hand_off_which_goes_on(chat: Room) -> None:
    await chat.says("hello", "I want to talk to a person", "34")
    await chat.joins()
    await chat.new()
    await chat.looks_late(minutes=6)
    _, again = await chat.new()
    assert again.payload["field"] == "consent_share"
    (following,) = await chat.says("yes")
    assert following.payload["field"] == "consent_email"


async def test_a_minor_beside_the_staff_ends_the_hand_off_and_becomes_no_lead(chat: Room) -> None:
    await chat.says("hello", "I want to talk to a person", "34", "yes", "yes", "no", "no")
    await chat.joins()
    await chat.says("i am 16, my mail is z.quillfeather@mail.example")
    assert "under 18" in chat.desk.live()[-1]  # it is said, and not kept
    assert await chat.says("yes", "it is zoe") == []
    await chat.leaves()
    assert [item.payload.get("field") for item in await chat.new()] == [None]
    await chat.says("I want to talk to a person")
    assert "under 18" in chat.desk.live()[-1]


async def test_a_minor_is_not_offered_a_call(chat: Room) -> None:
    await chat.says("i am 15, can i get this done?")
    await chat.joins()
    await chat.new()
    await chat.looks_late(minutes=6)
    _, sorry = await chat.new()
    assert (sorry.payload["kind"], sorry.buttons) == ("smalltalk", ())
