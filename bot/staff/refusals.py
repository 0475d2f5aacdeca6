"""What goes wrong becomes a page that says what to do next."""

import logging
import traceback
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from bot.errors import AccountRefused, FormRefused, LeadChanged, LeadRefused, StorageError
from bot.metrics import failures
from bot.staff.access import Handler
from bot.staff.pages import render

TEXTS = {
    400: ("This cannot be used", "Go back: what you typed is still there."),
    401: ("You are signed out", "Open the page again to sign in."),
    403: ("Not for this account", "Ask an administrator, or go back."),
    404: ("There is nothing here", "It may have been erased, or merged into another lead."),
    405: ("There is nothing here", "Go back, and try again from the page."),
    409: ("Somebody was faster", "Nothing was changed. Look at it again, then decide."),
    413: ("This is too long", "Go back, and shorten it."),
    429: ("Too many tries", "Wait a little, then try again."),
    500: ("This went wrong", "Nothing was changed. Try again; the log of the server says more."),
    503: ("The database gives no answer", "Nothing was changed. Try again in a moment."),
}

KEPT = ("Allow", "Retry-After")  # what a refusal tells programs
NONE: Mapping[str, str] = MappingProxyType({})

logger = logging.getLogger(__name__)


@web.middleware
async def errors_as_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every refusal and every defect with a page."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return await _page(request, error.status, _said(error), error.headers)
    except (FormRefused, AccountRefused, LeadRefused) as error:
        return await _page(request, 400, str(error))
    except LeadChanged as error:
        return await _page(request, 409, str(error), at=error.at)
    except StorageError as error:
        logger.warning("a page of the console was not made: %s", error)
        return await _page(request, 503, "")
    except Exception as error:  # the edge of a request: its text may quote a person
        failures.labels(where="staff").inc()
        logger.error("a page of the console failed: %s in %s", type(error).__name__, _place(error))
        return await _page(request, 500, "")


def _said(error: web.HTTPException) -> str:
    """What we say about it; nothing where it is HTTP's own phrase."""
    return error.reason if error.reason != HTTPStatus(error.status).phrase else ""


def _place(error: Exception) -> str:
    """Where it happened, without what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"


async def _page(
    request: web.Request, status: int, reason: str, headers: Mapping[str, str] = NONE, at: datetime | None = None
) -> web.Response:
    title, advice = TEXTS.get(status, TEXTS[500])
    reference = request.match_info.get("reference", "") if status == HTTPStatus.CONFLICT else ""
    told = {"title": title, "reason": reason, "at": at, "advice": advice, "reference": reference}
    page = await render(request, "refusal.html", status, **told)
    page.headers.update({name: headers[name] for name in KEPT if name in headers})
    return page
