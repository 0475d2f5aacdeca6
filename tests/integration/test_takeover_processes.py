"""Staff in a program of their own, beside the chat on the same PostgreSQL: visitors see what they do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import CookieJar
from taking_over import Room, room, states
from test_process_faults import START_SECONDS, start
from web_client import Browser as Visitor
from web_client import browser, web_chat
from yarl import URL

from bot.dialogue.assistant import Assistant
from bot.settings import settings
from bot.staff import accounts
from bot.staff.context import ChatLink, no_chat
from bot.staff.takeover import words
from bot.staff.takeover.watch import Watch
from bot.storage.database import Database
from bot.storage.types import utc_now
from bot.transcripts import addresses, takeover
from bot.transcripts.sessions import verify
from tests.conftest import Configure
from tests.staff.console import PASSWORD
from tests.staff.console import Browser as Staff

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@asynccontextmanager
async def console(model: Path, database: Database) -> AsyncIterator[Staff]:
    """Dana, signed in at a program that plays the staff role alone."""
    await database.run(lambda session: accounts.add(session, "dana", "reviewer", PASSWORD, utc_now()))
    process = await start(model, "staff")
    assert process.stdout
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), START_SECONDS)).decode()
        assert line.startswith("Ready on http://127.0.0.1:"), await process.communicate()
        address = URL(line.removeprefix("Ready on ").strip())
        jar = CookieJar(unsafe=True, treat_as_secure_origin=address)
        async with aiohttp.ClientSession(address, cookie_jar=jar) as session:
            staff = Staff(session)  # type: ignore[arg-type]
            assert (await staff.signs_in("dana")).status in (200, 404)
            yield staff
    finally:
        process.kill()
        await process.wait()


async def page_of(visitor: Visitor, database: Database) -> str:
    """The console's page of a visitor's conversation."""
    address = verify(visitor.token, utc_now())
    found = await database.run(lambda session: addresses.find(session, "web", address))
    return f"/conversations/{found}"


async def said_by_staff(visitor: Visitor) -> tuple[str, str]:
    while True:
        found = [item for item in (await visitor.hear("news"))["items"] if item["from"] == "staff"]
        if found:
            return found[0]["payload"]["state"], found[0]["texts"][0]


async def test_a_person_talks_from_a_program_without_the_chat(strand: Assistant, configure: Configure) -> None:
    configure(staff_port=0)
    database = strand.agent.tracker_store.database
    async with web_chat(strand) as client, browser(client) as ann, console(Path("none"), database) as dana:
        await ann.ask("what does it cost?")
        page = await page_of(ann, database)
        assert (await dana.get(page)).status == 200
        await dana.post(f"{page}/join")
        assert await said_by_staff(ann) == ("joined", await words.joined(settings()))
        assert (await dana.post(f"{page}/typing")).status == 204
        await ann.hear("typing")
        await ann.say("who is there?")
        (heard,) = (await ann.hear("news"))["items"]
        assert heard["text"] == "who is there?"
        await dana.post(f"{page}/say", text="Dana, from the clinic.")
        assert await said_by_staff(ann) == ("message", "Dana, from the clinic.")
        await dana.post(f"{page}/leave")
        assert await said_by_staff(ann) == ("left", await words.left(settings()))
        assert await ann.ask("is it fda approved?")


@asynccontextmanager
async def another() -> AsyncIterator[tuple[Database, ChatLink]]:
    """The database as another program without the chat has it."""
    database = Database(settings().database, 30)
    yield database, no_chat(database, lambda texts: [])
    database.close()


@pytest.fixture
async def chat(strand: Assistant) -> AsyncIterator[Room]:
    async with room(strand) as opened:
        await opened.says("hello")
        yield opened


async def test_of_two_programs_one_gives_a_conversation_back(chat: Room, configure: Configure) -> None:
    own = configure(takeover_minutes=0)
    await chat.joins()
    await chat.new()
    async with another() as (first, link), another() as (second, other):
        watches = [Watch(own, first, link), Watch(own, second, other)]
        await asyncio.gather(*(watch.look() for watch in watches))
    assert states(await chat.new()) == ["left", "handoff"]
    assert await chat.ended() == [("dana", "nobody")]


async def test_of_two_who_join_at_once_one_is_in(chat: Room) -> None:
    where, now = await chat.conversation(), utc_now()

    async def joins(name: str, database: Database, link: ChatLink) -> bool:
        async with link.hold(where):
            return await database.run(lambda session: takeover.join(session, where, name, "Hello", now))

    async with another() as (first, link), another() as (second, other):
        told = await asyncio.gather(joins("dana", first, link), joins("robin", second, other), return_exceptions=True)
    refused = [each for each in told if isinstance(each, Exception)]
    assert (len(refused), told.count(True)) == (1, 1)
    taken = await chat.taken()
    assert taken
    assert str(refused[0]) == f"{taken.staff} is in this conversation"
    assert states(await chat.new()) == ["joined"]
