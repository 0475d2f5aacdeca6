"""A clinician clears a conflict between what a person told of themselves."""

import asyncio

from aiohttp import web
from sqlalchemy.orm import Session

from bot.assessment.fields import FIELDS
from bot.leads import conflicts, states
from bot.leads.records import Assessed
from bot.leads.work import LONGEST_REASON
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.staff.lead.clinical import judge_of
from bot.staff.lead.opening import actor_of, opened, reference_of
from bot.staff.pages import see


async def clear(request: web.Request) -> web.Response:
    """Mark the value as cleared, and say what the outcome is then."""
    form = await forms.sent(request)
    field, place = form.choice("field", FIELDS), form.number("place")
    why, version = form.required("why", LONGEST_REASON), form.number("version")
    reference, account, actor = reference_of(request), account_of(request), actor_of(request)
    settings, now = request.app[SETTINGS], request.app[CLOCK]()
    judge = await asyncio.to_thread(judge_of, settings)

    def work(session: Session) -> Assessed:
        opened(session, account, reference)
        return conflicts.clear(session, reference, field, place, why, version, judge, settings, actor, now)

    assessed = await request.app[DATABASE].run(work)
    outcome = states.OUTCOMES[assessed.outcome].lower()
    return await see(request, f"/leads/{reference}#check", f"The conflict is cleared. The outcome is: {outcome}.")
