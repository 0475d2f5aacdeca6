"""Members of the staff in a real browser, in front of a console that is full of invented leads."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from bot.settings import PROJECT, settings
from bot.staff.app import make_app
from bot.staff.context import ChatLink
from bot.storage.database import Database, open_database

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 15_000.0
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
DESK = {"width": 1280, "height": 800}
COUNT = 60
LONG = 1024
PASSWORD = re.compile(r"^  (\w+)\.demo +(\S+)", re.MULTILINE)
PEOPLE = {"reviewer": "dana", "clinician": "cleo", "admin": "adam"}
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

Contexts = Callable[..., Awaitable[BrowserContext]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, one for all tests of a process."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("the console's browser tests want Chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_context(browser: Browser) -> AsyncIterator[Contexts]:
    """Makes browser contexts; nothing of one test is left for the next."""
    made: list[BrowserContext] = []

    async def make(width: int = 1280, height: int = 800, **options: Any) -> BrowserContext:
        given = {"locale": "en-US", "timezone_id": "America/New_York", "reduced_motion": "reduce", **options}
        context = await browser.new_context(viewport={"width": width, "height": height}, **given)
        context.set_default_timeout(PATIENCE)
        made.append(context)
        return context

    yield make
    for context in made:
        await context.close()


@dataclass(frozen=True)
class Invented:
    """A state directory that `./strand demo` has filled, and the passwords that it printed."""

    folder: Path
    passwords: dict[str, str]
    printed: str

    def copy_to(self, folder: Path) -> None:
        """Put its database and keys into a state directory of the test's own."""
        beside = shutil.ignore_patterns("encoder", "logs")
        shutil.copytree(self.folder, folder, dirs_exist_ok=True, ignore=beside)


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    """The demonstration, made once for all processes of a test run."""
    root = tmp_path_factory.getbasetemp()
    shared = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder, note = shared / "demo", shared / "demo.json"
        if not note.exists():
            note.write_text(json.dumps(_made(folder)), encoding="utf-8")
    printed = json.loads(note.read_text(encoding="utf-8"))
    return Invented(folder, dict(PASSWORD.findall(printed)), printed)


def _made(folder: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STRAND_")}
    environment = {**kept, "STRAND_STATE_DIR": str(folder), "STRAND_ENV": "development"}
    words = [sys.executable, "-m", "bot.cli", "demo", "--count", str(COUNT)]
    done = subprocess.run(words, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass
class Member:
    """Somebody of the staff in front of a page. `faults` collects what went wrong in it."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        self.page.on("console", self._read)

    def _read(self, line: ConsoleMessage) -> None:
        # That an answer was a refusal is the browser's remark, and what some of these tests are about.
        if line.type == "error" and not line.text.startswith("Failed to load resource:"):
            self.faults.append(f"console: {line.text}")

    async def goes(self, path: str) -> "Member":
        """Open a page of the console, and expect it to be one."""
        answer = await self.page.goto(self.address + path)
        assert answer
        assert answer.status == 200, (path, answer.status, await self.page.locator("main").inner_text())
        return self

    async def signs_in(self, name: str, password: str) -> "Member":
        await self.page.goto(f"{self.address}/sign-in")
        await self.page.get_by_label("Name").fill(name)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Sign in").click()
        await expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()
        return self

    async def presses(self, title: str) -> "Member":
        """Press a button of the page's main part."""
        await self.page.locator("main").get_by_role("button", name=title, exact=True).first.click()
        return self

    async def reads(self, *texts: str) -> "Member":
        """Wait until the page says something."""
        for text in texts:
            await expect(self.page.locator("main")).to_contain_text(text)
        return self

    async def violations(self) -> list[str]:
        """What axe-core finds against all of WCAG 2.0 to 2.2, A and AA."""
        options = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
        found = await Axe().run(self.page, options=options)
        return [
            f"{rule['id']}: {node['target']} {node.get('failureSummary', '')} {node['html'][:160]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]

    async def sideways(self) -> int:
        """By how many pixels the page is wider than its window."""
        found: int = await self.page.evaluate(WIDE)
        return found


@dataclass
class Office:
    """A console on a copy of the demonstration; `member("admin")` is somebody of that role, signed in."""

    address: str
    database: Database
    passwords: dict[str, str]
    new_context: Contexts
    members: list[Member] = field(default_factory=list)

    async def stranger(self, **options: Any) -> Member:
        """Somebody who is not signed in."""
        context = await self.new_context(**options)
        member = Member(await context.new_page(), self.address)
        self.members.append(member)
        return member

    async def member(self, role: str = "admin", **options: Any) -> Member:
        """Somebody of a role, signed in by the form."""
        name = PEOPLE[role]
        return await (await self.stranger(**options)).signs_in(f"{name}.demo", self.passwords[name])

    async def run(self, work: Callable[[Any], Any]) -> Any:
        """Do something in the database."""
        return await self.database.run(work)


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    invented: Invented, configure: Callable[..., Any], tmp_path: Path, new_context: Contexts
) -> AsyncIterator[Office]:
    """A console, at an address of its own; whatever went wrong in a page fails the test."""
    invented.copy_to(tmp_path / "var")
    database = open_database(configure().database, 30)
    chat = ChatLink(lambda _: nullcontext(), lambda *_: None, _apart)
    server = TestServer(make_app(settings(), database, chat))
    await server.start_server()
    made = Office(str(server.make_url("")).rstrip("/"), database, invented.passwords, new_context)
    yield made
    await server.close()
    database.close()
    for member in made.members:
        assert member.faults == []


def _apart(texts: Sequence[str]) -> list[list[float]]:
    """Vectors of one length by which only equal texts are alike, but for chance."""
    places = [zlib.crc32(text.encode()) % LONG for text in texts]
    return [[1.0 if place == each else 0.0 for place in range(LONG)] for each in places]
