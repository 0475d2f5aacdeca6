"""GET /metrics: who may read it, what is counted in a talk, and that nothing of the talk is on it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from replies import eventually
from sqlalchemy import update

from bot.chat import metrics_page
from bot.dialogue.assistant import Assistant, load
from bot.dialogue.intake import Intake
from bot.leads.desk import throwaway_desk
from bot.settings import settings
from bot.storage.database import open_database
from bot.transcripts import inbox, replies
from bot.transcripts.inbox import Inbound
from bot.transcripts.tables import replies as replies_table
from tests.conftest import Configure
from tests.fakes.postgres import Cluster
from tests.unit.leads.handed_over import World, handed_over

WORDS = ("zanzibar", "quillfeather", "please", "hello")


async def open_page() -> TestClient:
    database = open_database(settings().database, settings().database_seconds)
    app = web.Application()
    metrics_page.add_route(app, settings(), database)
    client = TestClient(TestServer(app))
    await client.start_server()
    return client


@pytest.fixture
async def page(database: str) -> AsyncIterator[TestClient]:
    opened = await open_page()
    yield opened
    await opened.close()


async def read(page: TestClient) -> str:
    response = await page.get("/metrics")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    return await response.text()


async def value(page: TestClient, name: str, **labels: str) -> float:
    """The value of a series; nothing has been counted where there is none."""
    for family in text_string_to_metric_families(await read(page)):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return 0.0


class Difference:
    """How much series have grown since `begin`: other tests count in the same process."""

    def __init__(self, page: TestClient) -> None:
        self._page = page
        self._before: dict[str, float] = {}

    async def _all(self) -> dict[str, float]:
        families = list(text_string_to_metric_families(await read(self._page)))
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in families
            for sample in family.samples
            if family.name.startswith("strand") and not sample.name.endswith(("_bucket", "_sum"))
        }

    async def begin(self) -> None:
        self._before = await self._all()

    async def grown(self) -> dict[str, float]:
        after = await self._all()
        grown = {name: count - self._before.get(name, 0) for name, count in after.items()}
        return {name: count for name, count in grown.items() if count and not name.endswith("_seconds")}


@pytest.fixture
async def difference(page: TestClient) -> Difference:
    made = Difference(page)
    await made.begin()
    return made


async def test_a_turn_is_counted_by_what_it_was(assistant: Assistant, difference: Difference) -> None:
    await assistant.turns.answer_from("rest", "ann", "hello")
    await assistant.turns.answer_from("rest", "ann", "please shout")
    await assistant.turns.answer_from("rest", "ann", "please break")
    await assistant.turns.answer_from("rest", "ann", "?")
    assert await difference.grown() == {
        "strand_turns_total rest answer": 1,
        "strand_turns_total rest smalltalk": 1,
        "strand_turns_total rest error": 1,
        "strand_turn_seconds_count rest": 3,
        "strand_failures_total action": 1,
        "strand_failures_total turn": 1,
    }


async def test_a_message_is_counted_once_however_often_it_is_sent(assistant: Assistant, difference: Difference) -> None:
    intake = Intake(assistant.turns, assistant.agent.tracker_store.database)
    heard: list[object] = []
    intake.listen(heard.append)
    for number, text in enumerate(("hello", "please break")):
        inbound = Inbound("web", "an address of the web", f"message-{number}", text)
        await intake.accept(inbound)
        await eventually(lambda: len(heard) > number)  # noqa: B023
        if text == "hello":
            await intake.accept(inbound)
    await intake.close()
    assert await difference.grown() == {
        "strand_messages_total web": 2,
        "strand_turns_total web answer": 1,
        "strand_turns_total web error": 1,
        "strand_turn_seconds_count web": 2,
        "strand_failures_total action": 1,
        "strand_failures_total turn": 1,
    }


async def test_nothing_is_counted_of_what_nobody_keeps(
    assistant: Assistant, small_model: Path, difference: Difference
) -> None:
    await assistant.rehearse("hello")
    await assistant.rehearse("please break")
    asked = await load(small_model, throwaway=True)
    await asked.turns.answer("as ./strand ask does", "hello")
    await asked.turns.answer("as ./strand ask does", "please break")
    assert await difference.grown() == {}


async def test_nothing_that_was_said_is_on_the_page(assistant: Assistant, page: TestClient) -> None:
    for sender in ("quillfeather", "+12025550143"):
        await assistant.turns.answer_from("rest", sender, "hello from zanzibar")
        await assistant.turns.answer(f"talk of {sender}", "please break zanzibar", channel="zanzibar")
    text = (await read(page)).lower()
    assert not [word for word in (*WORDS, "12025550143") if word in text]
    assert 'channel="other"' in text


async def test_a_lead_is_counted_once_by_its_outcome(database: str, difference: Difference) -> None:
    world = World(database)
    for conversation in ("one", "one", "two"):
        await world.desk.submit(handed_over(conversation))
    world.database.close()
    grown = await difference.grown()
    assert grown.pop("strand_leads_total qualified") == 2
    assert grown == {"strand_outbox_waiting": 2}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_lead_that_goes_with_the_process_is_not_counted(difference: Difference) -> None:
    throwaway_desk.cache_clear()  # another test's is sealed with that test's keys
    submitted = await throwaway_desk().submit(handed_over("tried"))
    throwaway_desk.cache_clear()
    assert submitted.first
    assert await difference.grown() == {}


async def test_what_waits_is_read_from_the_database(page: TestClient, database: str) -> None:
    asked = open_database(settings().database, settings().database_seconds)
    now = datetime.now(timezone.utc)
    await asked.run(lambda session: inbox.accept(session, Inbound("sms", "+1", "1", "hi"), now - timedelta(hours=1)))
    for conversation in ("one", "two"):
        await asked.run(lambda session: replies.put(session, conversation, "sms", conversation, {}, now))  # noqa: B023
    given_up = update(replies_table).where(replies_table.c.conversation_id == "one").values(dead_at=now)
    await asked.run(lambda session: session.execute(given_up))
    assert await value(page, "strand_inbox_waiting") == 1
    assert 3600 <= await value(page, "strand_inbox_oldest_seconds") < 7200
    assert await value(page, "strand_replies_waiting") == 1
    assert await value(page, "strand_replies_dead") == 1
    assert await value(page, "strand_outbox_dead") == 0
    assert await value(page, "strand_database_up") == 1


async def test_a_database_that_is_gone_leaves_out_its_own_numbers(postgres: Cluster, configure: Configure) -> None:
    configure(database_url=postgres.make_database(), database_seconds=0.5)
    postgres.stop()
    page = await open_page()
    text = await read(page)
    assert "strand_database_up 0.0" in text
    assert "strand_failures_total" in text
    assert "strand_outbox" not in text
    assert "strand_inbox" not in text
    await page.close()


async def status(page: TestClient, **headers: str) -> int:
    named = {name.replace("_", "-"): given for name, given in headers.items()}
    response = await page.get("/metrics", headers=named)
    if response.status != 200:
        assert set(await response.json()) == {"error"}
    return response.status


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_only_callers_on_this_machine_read_it(page: TestClient) -> None:
    assert await status(page) == 200
    assert await status(page, X_Forwarded_For="127.0.0.1") == 403
    assert await status(page, Host="strand.example") == 403


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_with_a_token_whoever_has_it_reads_it(database: str, configure: Configure) -> None:
    configure(token="a secret", env="production")
    page = await open_page()
    assert await status(page) == 401
    assert await status(page, Authorization="Bearer a secret", X_Forwarded_For="192.0.2.1") == 200
    await page.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_in_production_without_a_token_it_is_off(database: str, configure: Configure) -> None:
    configure(env="production")
    page = await open_page()
    assert await status(page) == 403
    await page.close()
