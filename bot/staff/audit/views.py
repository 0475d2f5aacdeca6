"""The pages of the audit: its rows, the newest first, and whether the chain holds."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.errors import FormRefused
from bot.leads import audit
from bot.leads.audit import Asked, Entry
from bot.staff import forms
from bot.staff.audit.differences import differences
from bot.staff.context import DATABASE
from bot.staff.pages import render, zone_of

LONGEST = 200
HASH = re.compile(r"[0-9a-f]{64}")
FIELDS = ("actor", "act", "subject", "day")
# Where a subject of that kind is shown; of a receipt, the receipt.
PAGES = (("S-", "/leads/"), ("E-", "/records/receipts/"))


async def show(request: web.Request) -> web.Response:
    """The rows that are asked for."""
    form = forms.asked(request, act="Act")
    chosen = {name: form.text(name, LONGEST) for name in FIELDS}
    before = form.number("after") if form.text("after") else None
    asked = _asked(chosen, zone_of(request))
    database = request.app[DATABASE]
    found = await database.run(lambda session: audit.newest(session, asked, before, audit.PAGE + 1), read_only=True)
    shown, more = found[: audit.PAGE], len(found) > audit.PAGE
    context: dict[str, Any] = {
        "rows": [(entry, differences(entry.before, entry.after), page_of(entry)) for entry in shown],
        "chosen": chosen,
        "first": _address(chosen) if before is not None else None,
        "next": _address(chosen, shown[-1].sequence) if more else None,
        "acts": sorted({entry.act for entry in shown}),
        "actors": sorted({entry.actor for entry in shown}),
    }
    return await render(request, "audit/list.html", **context)


async def verify(request: web.Request) -> web.Response:
    """Read the whole chain, and say whether it holds."""
    noted = (await forms.sent(request)).text("noted", LONGEST).casefold() or None
    if noted and not HASH.fullmatch(noted):
        raise FormRefused("A noted hash has 64 hexadecimal digits")
    found = await audit.verify_all(request.app[DATABASE], noted)
    return await render(request, "audit/verified.html", found=found)


def page_of(entry: Entry) -> str | None:
    """Where the subject of a row is shown; None where there is no such page."""
    for prefix, page in PAGES:
        if entry.subject.startswith(prefix):
            return page + entry.subject
    return None


def _asked(chosen: dict[str, str], zone: ZoneInfo) -> Asked:
    since = _begin(chosen["day"], zone) if chosen["day"] else None
    until = _begin(chosen["day"], zone, later=1) if chosen["day"] else None
    actor, act, subject = (chosen[name] or None for name in ("actor", "act", "subject"))
    return Asked(actor, act, subject, since, until)


def _begin(text: str, zone: ZoneInfo, later: int = 0) -> datetime:
    """When a day of the reader begins, or one that is so many days later."""
    try:
        day = date.fromisoformat(text) + timedelta(days=later)
    except (ValueError, OverflowError) as error:
        raise FormRefused("Day is no date like 2026-11-22") from error
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _address(chosen: dict[str, str], after: int | None = None) -> str:
    asked = {name: value for name, value in chosen.items() if value} | ({"after": after} if after is not None else {})
    return f"/audit?{urlencode(asked)}" if asked else "/audit"
