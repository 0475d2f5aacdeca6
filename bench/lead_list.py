"""The section of the console's list of leads: how long a page takes where there are very many, on each database.

Run as a module, it reads a job from standard input, fills its database, and prints the milliseconds of each page.
"""

import asyncio
import json
import random
import re
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from yarl import URL

from bench.databases import databases
from bench.figures import Row, Wanted
from bench.many_leads import CHANNELS, LABELS, LANGUAGES, NOW, STAFF, address_of, fill, phone_of, reference_of
from bench.plan import Plan
from bench.processes import Show, environment, run_job
from bot.leads.paging import STATUSES
from bot.leads.places import Place
from bot.settings import Settings
from bot.staff import accounts
from bot.staff.app import make_app
from bot.staff.context import no_chat
from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.storage.schema import migrate

NAME, PASSWORD = "dana", "correct horse battery"
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
LONG_SECONDS = 600.0
ROUNDS = 7
COMBINATIONS = 80
SLOWEST = 3
WANTED = Wanted("value", "≤", 50.0, "≤ 50 ms")
MIDDLE = Place(0, NOW - timedelta(days=365), "S-9")
OUTCOMES = ("qualified", "clinician_review", "not_now", "none")
FILTERS: Mapping[str, Iterable[str]] = {
    "status": STATUSES,
    "outcome": OUTCOMES,
    "channel": CHANNELS,
    "language": LANGUAGES,
    "assignee": ("-", *filter(None, STAFF)),
    "label": LABELS,
    "since": ("2026-11-21", "2025-11-22"),
    "until": ("2024-12-01", "2025-11-22"),
    "sort": ("newest", "waiting"),
}
PAGES = {
    "a view": {"view": "new"},
    "all, the first page": {"view": "all"},
    "all, a page in the middle": {"view": "all", "after": MIDDLE.as_text()},
    "the same, longest waiting first": {"view": "all", "after": MIDDLE.as_text(), "sort": "waiting"},
    "nobody's": {"view": "all", "assignee": "-"},
    "a frequent label": {"view": "all", "label": "call back"},
    "a rare label": {"view": "all", "label": "press"},
    "filters that nothing fits": {
        "view": "all",
        "status": "new",
        "channel": "slack",
        "language": "es",
        "label": "press",
    },
}
SEARCHES = {
    "a reference": reference_of(12_000),
    "an e-mail address": address_of(12_000),
    "a phone number": phone_of(12_000),
    "a rare word": "exosomes crown",
    "frequent words": "called prefers mornings",
}


@dataclass(frozen=True)
class Job:
    """Fill the empty database of `url` with `count` leads, and open pages."""

    url: str
    count: int


def lead_list(plan: Plan, folder: Path, show: Show) -> list[Row]:
    """Pages of the list as a browser gets them, with the counts of all views, and the search."""
    rows = []
    with databases(folder, durable=False) as found:
        for name, url in found.items():
            show(f"Listing {plan.listed_leads:,} leads, {name}")
            variables = environment(STRAND_ENV="development", STRAND_STATE_DIR=str(folder))
            printed = run_job("bench.lead_list", asdict(Job(url, plan.listed_leads)), "no list was measured", variables)
            pages = json.loads(printed.splitlines()[-1])
            words = f"{plan.listed_leads:,} leads, {name}: "
            rows += [Row(words + page, "ms", milliseconds, None, WANTED) for page, milliseconds in pages.items()]
    return rows


class Reader:
    """Somebody in front of the console, who notes how long each page takes."""

    def __init__(self, client: ClientSession, url: str) -> None:
        self._client, self._url, self._token = client, url, ""

    async def signs_in(self) -> None:
        """Sign in by the form."""
        await self.opens("/sign-in")
        await self.sends("/sign-in", name=NAME, password=PASSWORD)

    async def opens(self, path: str) -> float:
        """The milliseconds until a page is there."""
        return await self._takes("GET", path, {})

    async def sends(self, path: str, **fields: str) -> float:
        """The milliseconds until a form is answered; where that leads to is not opened."""
        return await self._takes("POST", path, {"csrf": self._token, **fields})

    async def _takes(self, method: str, path: str, fields: Mapping[str, str]) -> float:
        begun = time.perf_counter()
        async with self._client.request(method, self._url + path, data=fields, allow_redirects=False) as response:
            text = await response.text()
            milliseconds = 1000 * (time.perf_counter() - begun)
            if response.status >= 400:
                raise RuntimeError(f"{method} {path} was answered with {response.status}")
        token = TOKEN.search(text)
        self._token = token[1] if token else self._token
        return milliseconds


@asynccontextmanager
async def console(url: str) -> AsyncIterator[Reader]:
    """A console on a database, and somebody who is signed in."""
    database = Database(url, LONG_SECONDS)
    await database.run(lambda session: accounts.add(session, NAME, "admin", PASSWORD, NOW))
    chosen = Settings(database_url=url, staff_session_hours=24)
    server = TestServer(make_app(chosen, database, no_chat(database, lambda _texts: []), lambda: NOW))
    await server.start_server()
    address = str(server.make_url("")).rstrip("/")
    # The cookie is for secure connections alone, as which this machine's own counts.
    jar = CookieJar(unsafe=True, treat_as_secure_origin=URL(address))
    try:
        async with ClientSession(cookie_jar=jar) as client:
            reader = Reader(client, address)
            await reader.signs_in()
            yield reader
    finally:
        await server.close()
        database.close()


async def measure(job: Job) -> dict[str, float]:
    """The median milliseconds of each kind of page."""
    async with console(job.url) as reader:
        found = {name: await _median(reader, _path(chosen)) for name, chosen in PAGES.items()}
        several = [await _median(reader, path) for path in _singles()]
        found["one filter, the median of all"] = statistics.median(several)
        found["one filter, the slowest of all"] = max(several)
        found.update(await _combined(reader))
        for name, text in SEARCHES.items():
            took = [await reader.sends("/leads/search", q=text) for _ in range(ROUNDS)]
            found[f"search, {name}"] = statistics.median(took)
        return found


async def _median(reader: Reader, path: str) -> float:
    return statistics.median([await reader.opens(path) for _ in range(ROUNDS)])


async def _combined(reader: Reader) -> dict[str, float]:
    """Filters together, by chance; what took longest is opened again, since by chance anything takes long once."""
    paths = list(_combinations())
    once = {path: await reader.opens(path) for path in paths}
    slowest = sorted(paths, key=lambda path: once[path])[-SLOWEST:]
    again = [await _median(reader, path) for path in slowest]
    number = f"{len(paths)} combinations of filters"
    return {f"{number}, the median": statistics.median(once.values()), f"{number}, the slowest": max(again)}


def _path(chosen: Mapping[str, str]) -> str:
    return f"/leads?{urlencode(chosen)}"


def _singles() -> Iterable[str]:
    return [_path({"view": "all", name: value}) for name, values in FILTERS.items() for value in values]


def _combinations() -> Iterable[str]:
    """Some of all combinations of two or more filters."""
    chance = random.Random(2)  # noqa: S311  # the same combinations every time
    for _ in range(COMBINATIONS):
        names = chance.sample([*FILTERS], chance.randint(2, 6))
        chosen = {name: chance.choice([*FILTERS[name]]) for name in names}
        if chosen.get("since", "") > chosen.get("until", "9"):
            del chosen["since"]
        yield _path({"view": "all", **chosen})


def main() -> None:
    """Read a job, do it, print its figures."""
    job = Job(**json.load(sys.stdin))
    migrate(job.url)
    engine = make_engine(job.url, LONG_SECONDS)
    fill(engine, job.count)
    engine.dispose()
    print(json.dumps(asyncio.run(measure(job))))


if __name__ == "__main__":
    main()
