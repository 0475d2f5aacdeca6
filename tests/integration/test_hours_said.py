"""Outside the hours of business visitors hear when somebody is there again; else they do not."""

from datetime import datetime, timedelta, timezone

import pytest
from handing_over import Visitor
from taking_over import room

from bot.dialogue.assistant import Assistant
from bot.hours import DAYS
from tests.conftest import Configure

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

AGAIN = "Somebody is there again on "


def opened_later() -> str:
    """Hours in three days' time."""
    return f"{DAYS[(datetime.now(timezone.utc) + timedelta(days=3)).weekday()]} 09:00-17:00"


async def test_the_offer_and_the_end_of_a_hand_off_say_when_somebody_is_there(
    strand: Assistant, configure: Configure
) -> None:
    configure(hours=opened_later(), leads_file="off")
    visitor = Visitor(strand)
    offer = await visitor.is_checked()
    assert (AGAIN in offer["reply"][-2], "at 9:00 in the morning (UTC)" in offer["reply"][-2]) == (True, True)
    assert offer["reply"][-1].endswith("Shall I?")
    asked = await visitor.says("yes")
    assert (asked["field"], AGAIN in asked["reply"][-2]) == ("consent_share", True)
    sent = await visitor.hands_over()
    assert sent


async def test_what_was_sent_is_seen_when_somebody_is_there(strand: Assistant, configure: Configure) -> None:
    configure(hours=opened_later(), leads_file="off")
    sent = await Visitor(strand).asks_for_a_person()
    assert (sent["state"], AGAIN in sent["reply"][-1]) == ("submitted", True)


async def test_whoever_got_no_answer_twice_hears_it_too(strand: Assistant, configure: Configure) -> None:
    configure(hours=opened_later())
    said = await Visitor(strand).says("how do i fix a bicycle tyre", "who won the football last night")
    assert any(AGAIN in text for text in said["reply"])


@pytest.mark.parametrize("hours", ["", "mon-sun 00:00-24:00"])
async def test_nothing_is_said_of_hours_where_none_are_set_or_somebody_is_there(
    strand: Assistant, configure: Configure, hours: str
) -> None:
    configure(hours=hours, leads_file="off")
    visitor = Visitor(strand)
    sent = await visitor.asks_for_a_person()
    assert sent["state"] == "submitted"
    assert not any("there again" in text or "Nobody is there" in text for text in sent["reply"])


async def test_a_call_is_offered_with_the_hours_where_nobody_answers(strand: Assistant, configure: Configure) -> None:
    configure(hours=opened_later())
    async with room(strand) as chat:
        await chat.says("hello")
        await chat.joins()
        await chat.new()
        await chat.looks_late(minutes=6)
        _, offer = await chat.new()
    assert AGAIN in offer.texts[-2]
