"""Shows one contact detail in clear, once, for a reason that the audit keeps."""

from aiohttp import web
from sqlalchemy.orm import Session

from bot.leads import work
from bot.leads.merged import family
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE
from bot.staff.lead import page
from bot.staff.lead.opening import actor_of, opened, reference_of


async def reveal(request: web.Request) -> web.Response:
    """The lead's page with the detail in clear: in this answer, and in no address."""
    form = await forms.sent(request)
    detail, why = form.choice("detail", work.DETAILS), form.required("why", work.LONGEST_REASON)
    reference, account, actor = reference_of(request), account_of(request), actor_of(request)
    whose, now = form.text("of", 20) or reference, request.app[CLOCK]()

    def look(session: Session) -> str:
        lead = opened(session, account, reference)
        value = None
        if whose in family(session, lead.reference):
            value = work.reveal_detail(session, whose, detail, why, actor, now)
        if value is None:
            raise web.HTTPNotFound(reason="this detail is not there, or not any more")
        return value

    value = await request.app[DATABASE].run(look)
    return await page.show(request, await page.read(request, reference), {(whose, detail): value})
