"""The search for leads. What was typed is sent as a form, and stands in no address and no log."""

from collections.abc import Sequence

from aiohttp import web
from sqlalchemy.orm import Session

from bot.leads.rows import Row, read_rows
from bot.leads.search import Hits, SearchKind, search
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.staff.leads import wording
from bot.staff.leads.asking import visible_queues
from bot.staff.leads.lines import line_of
from bot.staff.pages import render, see, zone_of

MOST = 50
LONGEST = 200
TOLD: dict[SearchKind, str] = {
    "reference": "with this reference",
    "email": "with exactly this e-mail address",
    "phone": "with exactly this phone number",
    "notes": "with a note that has all these words",
}


async def find(request: web.Request) -> web.Response:
    """The leads that fit what was typed; a reference leads to its lead at once."""
    text = (await forms.sent(request, q="Find a lead")).text("q", LONGEST)
    if not text:
        return await see(request, "/leads", "Type a reference, an e-mail address, a phone number, or words of a note.")
    region, queues = request.app[SETTINGS].phone_region, visible_queues(account_of(request))

    def read(session: Session) -> tuple[Hits, Sequence[Row]]:
        hits = search(session, text, region, queues, MOST)
        return hits, read_rows(session, hits.references)

    hits, rows = await request.app[DATABASE].run(read, read_only=True)
    if hits.kind == "reference" and hits.references:
        return await see(request, f"/leads/{hits.references[0]}")
    return await render(
        request,
        "leads/found.html",
        q=text,
        told=TOLD[hits.kind],
        whole=hits.whole,
        found=wording.leads(len(rows)),
        lines=[line_of(row, request.app[CLOCK](), zone_of(request)) for row in rows],
    )
