"""Members of the staff in front of the console, without a browser: they read pages and send forms as one does."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import Any

import numpy as np
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.settings import settings
from bot.staff import accounts
from bot.staff.app import make_app
from bot.staff.context import ChatLink
from bot.storage.database import Database, open_database

PASSWORD = "correct horse battery"
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Clock:
    """A time that goes on when it is told to."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 15, 0, tzinfo=timezone.utc))

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Page:
    """What the browser got, after it followed where it was sent."""

    status: int
    path: str
    html: str
    headers: Any

    @property
    def text(self) -> str:
        """What can be read on it, with single spaces."""
        body = re.sub(r"<(script|style).*?</\\1>", " ", self.html, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


class Browser:
    """A browser that keeps cookies as one does, on a console."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.token = ""

    async def get(self, path: str, **options: Any) -> Page:
        """Open a page."""
        return await self._page(self.client.get(path, **options))

    async def post(self, path: str, _token: str | None = None, **fields: Any) -> Page:
        """Send a form, with the token of the page that was read last unless another one is given."""
        data = {"csrf": self.token if _token is None else _token, **fields}
        return await self._page(self.client.post(path, data=data))

    async def _page(self, request: Any) -> Page:
        async with request as response:
            html = await response.text()
            found = TOKEN.search(html)
            self.token = unescape(found[1]) if found else self.token
            return Page(response.status, response.url.path_qs, html, response.headers)

    async def signs_in(self, name: str, password: str = PASSWORD) -> Page:
        """Sign in by the form."""
        await self.get("/sign-in")
        return await self.post("/sign-in", name=name, password=password)


@dataclass
class Console:
    """A console on a database; `browser()` opens one more browser, `signed_in(role)` one of a new account."""

    server: TestServer
    database: Database
    clock: Clock
    told: list[tuple[str, bool]]
    browsers: list[TestClient] = field(default_factory=list)

    async def browser(self) -> Browser:
        """A browser that was never here."""
        jar = CookieJar(unsafe=True, treat_as_secure_origin=URL(str(self.server.make_url("/"))))
        client = TestClient(self.server, cookie_jar=jar)
        await client.start_server()
        self.browsers.append(client)
        return Browser(client)

    async def account(self, name: str, role: accounts.Role = "reviewer") -> None:
        """Make an account with the usual password."""
        now = self.clock()
        await self.run(lambda session: accounts.add(session, name, role, PASSWORD, now))

    async def signed_in(self, role: accounts.Role = "reviewer", name: str | None = None) -> Browser:
        """A browser in which somebody of that role is signed in."""
        await self.account(name or role, role)
        browser = await self.browser()
        assert (await browser.signs_in(name or role)).status in (200, 404)
        return browser

    async def run(self, work: Callable[[Any], Any]) -> Any:
        """Do something in the database."""
        return await self.database.run(work)


def _far(texts: Any) -> list[list[float]]:
    """Vectors of one length by which no two different texts are alike; for pages that need none."""
    chances = [np.random.default_rng(list(text.encode())).normal(size=64) for text in texts]
    return [(chance / np.linalg.norm(chance)).tolist() for chance in chances]


@asynccontextmanager
async def opened(chat: ChatLink | None = None) -> AsyncIterator[Console]:
    """A console on the database of the settings, which is migrated already; `chat` unless there is none."""
    database, clock, told = open_database(settings().database, 30), Clock(), []
    link = chat or ChatLink(lambda _: nullcontext(), lambda *news: told.append(news), _far)
    server = TestServer(make_app(settings(), database, link, clock))
    await server.start_server()
    console = Console(server, database, clock, told)
    try:
        yield console
    finally:
        for client in console.browsers:
            await client.session.close()
        await server.close()
