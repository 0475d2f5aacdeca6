"""Renders pages, and says what was done on the next one."""

from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp_session import get_session
from markupsafe import Markup

from bot.staff.access import ACCOUNT
from bot.staff.accounts import Account
from bot.staff.context import CLOCK, SETTINGS
from bot.staff.fields import field_title
from bot.staff.guard import token_of
from bot.staff.wording import channel_title, language_title, outcome_title, titled

TEMPLATES = Path(__file__).parent / "templates"
FLASH = "said"
ZONE_COOKIE = "zone"  # the browser's own, which the script notes


def set_up(app: web.Application) -> None:
    """Let the application render templates: everything is escaped, and a name that is not there is an error."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment
    environment.filters["day"] = day
    environment.filters["channel"] = channel_title
    environment.filters["language"] = language_title
    environment.filters["outcome"] = outcome_title
    environment.filters["words"] = titled
    environment.filters["field"] = partial(field_title, app[SETTINGS].assessment_dir)


async def render(request: web.Request, template: str, status: int = 200, **context: Any) -> web.Response:
    """A page; beside `context` its template finds account, csrf, said, path, now, clinic and zone."""
    common = {
        "account": request.get(ACCOUNT),
        "csrf": await token_of(request),
        "said": (await get_session(request)).pop(FLASH, None) if FLASH in await get_session(request) else None,
        "path": request.path,
        "now": request.app[CLOCK](),
        "clinic": request.app[SETTINGS].clinic,
        "zone": zone_of(request),
    }
    return aiohttp_jinja2.render_template(template, request, {**common, **context}, status=status)


async def see(request: web.Request, location: str, said: str | None = None) -> web.Response:
    """Send the browser to a page of ours, which tells what was done."""
    if said:
        (await get_session(request))[FLASH] = said
    return web.Response(status=303, headers={"Location": location})


def zone_of(request: web.Request) -> ZoneInfo:
    """The time zone that dates are shown in: the account's, else the browser's, else the clinic's."""
    account: Account | None = request.get(ACCOUNT)
    own = (account.zone if account else None) or request.cookies.get(ZONE_COOKIE, "")
    return read_zone(own) or read_zone(request.app[SETTINGS].time_zone) or ZoneInfo("UTC")


def read_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@jinja2.pass_context
def moment(context: jinja2.runtime.Context, at: datetime | None) -> Markup:
    """A time to the minute in the reader's zone, with the UTC in its title; nothing for None."""
    return _time(at, f"{at.astimezone(context['zone']):%d %b %Y, %H:%M}") if at else Markup("")


@jinja2.pass_context
def day(context: jinja2.runtime.Context, at: datetime | None) -> Markup:
    """A day in the reader's zone, with the UTC in its title; nothing for None."""
    return _time(at, f"{at.astimezone(context['zone']):%d %b %Y}") if at else Markup("")


def _time(at: datetime, text: str) -> Markup:
    in_utc = at.astimezone(timezone.utc)
    template = Markup('<time datetime="{}" title="{} UTC">{}</time>')
    return template.format(in_utc.isoformat(timespec="seconds"), f"{in_utc:%Y-%m-%d %H:%M}", text)
