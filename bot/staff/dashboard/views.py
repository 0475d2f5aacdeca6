"""The page of the dashboard."""

from functools import partial
from typing import Any

from aiohttp import web

from bot.leads.days import Period
from bot.leads.statistics import channels, read_statistics
from bot.metrics import CHANNELS
from bot.staff import forms
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.staff.dashboard.figures import SPANS, figures
from bot.staff.fields import field_title
from bot.staff.pages import render, zone_of
from bot.staff.wording import channel_title

DAYS = {"7": "The last 7 days", "30": "The last 30 days", "90": "The last 90 days"}
SHOWN = "30"


async def show(request: web.Request) -> web.Response:
    """The figures of the last days, on one channel or on all."""
    form = forms.asked(request)
    days = form.optional_choice("days", DAYS) or SHOWN
    channel = form.optional_choice("channel", CHANNELS)
    period = Period(zone_of(request), request.app[CLOCK](), int(days))
    database = request.app[DATABASE]
    found = await read_statistics(database, period, channel, list(SPANS))
    written_on = await database.run(lambda session: channels(session, period), read_only=True)
    context: dict[str, Any] = {
        "figures": figures(found, period, partial(field_title, request.app[SETTINGS].assessment_dir)),
        "days": days,
        "channel": channel or "",
        "periods": list(DAYS.items()),
        "channels": [(name, channel_title(name)) for name in CHANNELS if name in written_on or name == channel],
        "kept": request.app[SETTINGS].conversation_days,
        "empty": not found.people and not found.contacts.made,
    }
    return await render(request, "dashboard/page.html", **context)
