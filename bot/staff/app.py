"""The console's web application: its guard, and the pages of each part."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web
from aiohttp_session import session_middleware

from bot.settings import Settings
from bot.staff import (
    audit,
    conversations,
    dashboard,
    deliveries,
    files,
    gaps,
    knowledge,
    lead,
    leads,
    pages,
    people,
    records,
    sign_in,
    takeover,
)
from bot.staff.access import authorised
from bot.staff.context import CHAT, CLOCK, DATABASE, HASHING, SETTINGS, ChatLink
from bot.staff.cookies import cookie_storage
from bot.staff.guard import only_from_here, with_account
from bot.staff.headers import set_headers
from bot.staff.refusals import errors_as_pages
from bot.storage.database import Database
from bot.storage.types import utc_now

MOST_BYTES = 256 * 1024
HASHES_AT_ONCE = 2  # of 64 MiB each
PARTS: Sequence[Callable[[web.Application], None]] = (
    files.add_routes,
    sign_in.add_routes,
    people.add_routes,
    leads.add_routes,
    lead.add_routes,
    deliveries.add_routes,
    takeover.add_routes,
    conversations.add_routes,
    gaps.add_routes,
    knowledge.add_routes,
    audit.add_routes,
    dashboard.add_routes,
    records.add_routes,
)


def make_app(
    settings: Settings, database: Database, chat: ChatLink, clock: Callable[[], datetime] = utc_now
) -> web.Application:
    """The application. Raises SettingError where the keys are missing."""
    guard = [errors_as_pages, with_account, authorised, only_from_here]
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[session_middleware(cookie_storage()), *guard])
    app[SETTINGS], app[DATABASE], app[CHAT], app[CLOCK] = settings, database, chat, clock
    app[HASHING] = asyncio.Semaphore(HASHES_AT_ONCE)
    app.on_response_prepare.append(set_headers)  # type: ignore[arg-type]  # aiohttp's own type is one call too deep
    pages.set_up(app)
    for add_routes in PARTS:
        add_routes(app)
    return app
