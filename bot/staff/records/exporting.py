"""Hands out one person's record, or all leads, as a file; the audit says so before the first byte."""

import logging
from collections.abc import AsyncIterator

from aiohttp import web

from bot.errors import StorageError
from bot.leads.export import Format, export
from bot.leads.person_export import export_person
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE

TYPES: dict[Format, str] = {"csv": "text/csv", "json": "application/json"}
FORMS: tuple[Format, ...] = ("csv", "json")
LONGEST = 200

logger = logging.getLogger(__name__)


async def hand_out_person(request: web.Request) -> web.Response:
    """A person's record: JSON with everything, or CSV with a row for each lead."""
    form = await forms.sent(request)
    subject, kind = form.required("subject", LONGEST), _format(form)
    actor, now = _actor(request), request.app[CLOCK]()
    text = await request.app[DATABASE].run(lambda session: export_person(session, subject, kind, actor, now))
    if text is None:
        raise web.HTTPNotFound
    return web.Response(text=text, content_type=TYPES[kind], charset="utf-8", headers=_headers(f"record.{kind}"))


async def hand_out_leads(request: web.Request) -> web.StreamResponse:
    """All leads, as they are read; where the database fails in the middle, the browser sees a file that broke off."""
    kind, now = _format(await forms.sent(request)), request.app[CLOCK]()
    pieces = export(request.app[DATABASE], kind, _actor(request), now)
    first = await anext(pieces)
    response = web.StreamResponse(headers=_headers(f"leads-{now:%Y-%m-%d}.{kind}"))
    response.content_type, response.charset = TYPES[kind], "utf-8"
    await response.prepare(request)
    await response.write(first.encode())
    await _write(request, response, pieces)
    return response


async def _write(request: web.Request, response: web.StreamResponse, pieces: AsyncIterator[str]) -> None:
    try:
        async for piece in pieces:
            await response.write(piece.encode())
        await response.write_eof()
    except StorageError as error:
        # Too late for a page: a file that ended well would pass for all of it.
        logger.warning("an export broke off: %s", error)
        if request.transport:
            request.transport.abort()


def _format(form: forms.Form) -> Format:
    found: Format = "json" if form.choice("format", FORMS) == "json" else "csv"
    return found


def _actor(request: web.Request) -> str:
    return f"staff:{account_of(request).name}"


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
