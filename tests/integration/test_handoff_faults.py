"""The database fails in the middle of a hand-off, or a visitor never comes back: nothing is lost, doubled or kept."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from handing_over import (
    AGREES,
    CONTACT,
    EMAIL,
    SENDER,
    Visitor,
    all_leads,
    left_in,
    refusing,
    rows,
    the_lead,
    told,
    unsealed,
)

from bot.dialogue.assistant import Assistant
from bot.leads.retention import retain
from bot.leads.tables import erasures
from bot.settings import settings
from tests.conftest import Configure
from tests.fakes.postgres import Cluster

SENT_ONCE = [("lead.submitted", False)]


def is_told_to_retry(reply: dict[str, Any]) -> bool:
    return (reply["kind"], reply.get("retry")) == ("error", True) and len(reply["reply"]) == 1


@pytest.mark.parametrize("again", ["Send it again", "yes"])
async def test_a_submit_that_fails_is_told_and_sent_once_when_they_say_so(strand: Assistant, again: str) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("summary")
    with refusing(visitor.database, "leads"):
        failed = await visitor.says("yes")
        assert (failed["kind"], failed["state"], failed["field"]) == ("handoff", "failed", "summary")
        assert [button["title"] for button in failed["buttons"]] == ["Send it again"]
        assert await all_leads(visitor.database) == []
        assert (await visitor.says(again))["state"] == "failed"
    sent = await visitor.says(again)
    lead = await the_lead(visitor.database)
    assert (sent["state"], sent["reference"]) == ("submitted", lead.reference)
    assert (lead.contact.email, lead.contact.phone) == (EMAIL, "+12025550143")
    assert await told(visitor.database) == SENT_ONCE


@pytest.mark.parametrize("table", ["contacts", "outbox", "audit"])
async def test_a_submit_that_fails_half_way_leaves_nothing_half_done(strand: Assistant, table: str) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("summary")
    with refusing(visitor.database, table):
        assert (await visitor.says("yes"))["state"] == "failed"
    assert await all_leads(visitor.database) == []
    assert (await visitor.says("send it again"))["state"] == "submitted"
    assert await told(visitor.database) == SENT_ONCE


async def test_a_visitor_who_asks_for_something_else_after_a_failure_loses_nothing(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("summary")
    with refusing(visitor.database, "leads"):
        await visitor.says("yes")
    between = await visitor.says("what does it cost")
    assert (between["kind"], between["field"]) == ("answer", "summary")
    assert (await visitor.says("send it again"))["state"] == "submitted"


async def test_a_turn_that_is_lost_after_its_lead_was_stored_says_the_same_reference_when_done_again(
    strand: Assistant,
) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("summary")
    with refusing(visitor.database, "tracker_events"):
        assert is_told_to_retry(await visitor.says("yes"))
        assert is_told_to_retry(await visitor.says("yes"))
    stored = (await the_lead(visitor.database)).reference
    sent = await visitor.says("yes")
    assert (sent["state"], sent["reference"]) == ("submitted", stored)
    assert (await visitor.says("yes"))["reference"] == stored
    assert len(await all_leads(visitor.database)) == 1
    assert await told(visitor.database) == SENT_ONCE


@pytest.fixture
def gone(request: pytest.FixtureRequest, configure: Configure, database: str) -> Iterator["Gone"]:
    """A database that can be taken away in the middle."""
    configure(database_seconds=1)
    made = Gone(request)
    yield made
    made.come_back()


class Gone:
    """Takes the database away, each kind in its way."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._postgres: Cluster | None = None
        self._lock: sqlite3.Connection | None = None
        if settings().database_url:
            self._postgres = request.getfixturevalue("postgres")

    def go(self) -> None:
        if self._postgres:
            self._postgres.stop()
            return
        self._lock = sqlite3.connect(settings().state_dir / "strand.db", isolation_level=None)
        self._lock.execute("BEGIN IMMEDIATE")

    def come_back(self) -> None:
        if self._postgres:
            self._postgres.ensure_up()
        if self._lock:
            self._lock.close()
            self._lock = None


async def test_a_database_that_is_gone_at_the_submit_is_told_and_loses_nothing(gone: Gone, strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("summary")
    gone.go()
    assert is_told_to_retry(await visitor.says("yes"))
    gone.come_back()
    assert await all_leads(visitor.database) == []
    sent = await visitor.says("yes")
    assert sent.get("state") == "submitted", sent
    lead = await the_lead(visitor.database)
    assert (lead.reference, lead.contact.email) == (sent["reference"], EMAIL)
    assert await told(visitor.database) == SENT_ONCE


async def test_a_database_that_is_gone_in_the_middle_leaves_the_question_open(gone: Gone, strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("email")
    gone.go()
    assert is_told_to_retry(await visitor.says(EMAIL))
    gone.come_back()
    assert (await visitor.answers(await visitor.says(EMAIL), AGREES))["state"] == "submitted"
    assert (await the_lead(visitor.database)).contact.email == EMAIL


async def test_a_withdrawal_that_fails_is_told_and_done_when_they_say_it_again(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over()
    before = await the_lead(visitor.database)
    with refusing(visitor.database, "consents"):
        assert is_told_to_retry(await visitor.says("don't call me"))
    assert await the_lead(visitor.database) == before
    assert (await visitor.says("don't call me"))["action"] == "withdrawn"
    assert (await the_lead(visitor.database)).contact.phone is None


async def test_a_change_that_fails_is_told_and_done_when_they_say_it_again(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over()
    with refusing(visitor.database, "contacts", "UPDATE"):
        assert is_told_to_retry(await visitor.says("change my number to 202 555 0188"))
    assert (await the_lead(visitor.database)).contact.phone == "+12025550143"
    assert (await visitor.says("change my number to 202 555 0188"))["action"] == "changed"
    assert (await the_lead(visitor.database)).contact.phone == "+12025550188"


async def test_a_deletion_that_fails_half_way_is_told_and_done_when_they_say_it_again(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.hands_over()
    with refusing(visitor.database, "tracker_events", "DELETE"):
        assert is_told_to_retry(await visitor.says("delete my data"))
    assert (await visitor.says("delete my data"))["action"] == "deleted"
    assert left_in(await unsealed(visitor.database), [*CONTACT, SENDER]) == []
    assert len(await rows(visitor.database, erasures.c.receipt)) == 2


async def retain_after(visitor: Visitor, **time: float) -> Any:
    return await retain(visitor.database, settings(), datetime.now(timezone.utc) + timedelta(**time))


@pytest.mark.parametrize("until", ["phone", "summary"])
async def test_a_hand_off_that_was_left_is_forgotten_after_a_day(strand: Assistant, until: str) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person(until)
    assert (await retain_after(visitor, hours=23)).expired == 0
    assert left_in(await unsealed(visitor.database), [EMAIL])
    assert (await retain_after(visitor, hours=25)).expired == 1
    assert left_in(await unsealed(visitor.database), CONTACT) == []
    assert (await visitor.says("yes")).get("state") is None
    asked = await visitor.says("I want to talk to a person")
    assert (asked["state"], asked["field"]) == ("offered", "age")
    await visitor.answers(asked, AGREES)
    assert len(await all_leads(visitor.database)) == 1


async def test_a_hand_off_that_may_be_saved_waits_for_its_person(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("phone")
    await visitor.says("later", "yes")
    assert (await retain_after(visitor, days=29)).expired == 0
    back = await visitor.says("go on")
    assert back["field"] == "phone"
    assert (await visitor.answers(back, AGREES))["state"] == "submitted"
    assert (await the_lead(visitor.database)).contact.email == EMAIL


async def test_a_hand_off_that_may_not_be_saved_is_forgotten_after_a_day(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.asks_for_a_person("phone")
    await visitor.says("later", "no")
    assert (await retain_after(visitor, hours=25)).expired == 1
    assert left_in(await unsealed(visitor.database), CONTACT) == []
    assert (await visitor.says("go on")).get("field") is None
