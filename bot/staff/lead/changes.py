"""What staff change on a lead: its state, whose it is, its labels and notes."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from sqlalchemy.orm import Session

from bot.errors import FormRefused
from bot.leads import states, work
from bot.leads.records import Status
from bot.leads.worked import Work
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE
from bot.staff.lead.opening import actor_of, assignable, opened, reference_of
from bot.staff.pages import see

# Is given the lead that stands for the one in the address, and the time.
Act = Callable[[Session, Work, datetime], None]


async def _do(request: web.Request, act: Act, said: str, place: str = "") -> web.Response:
    """Do something with a lead that the account may see, and show the lead again."""
    reference, account, now = reference_of(request), account_of(request), request.app[CLOCK]()

    def work_on(session: Session) -> None:
        act(session, opened(session, account, reference), now)

    await request.app[DATABASE].run(work_on)
    return await see(request, f"/leads/{reference}{place}", said)


async def set_status(request: web.Request) -> web.Response:
    """Move the lead to another state, for a reason."""
    form = await forms.sent(request)
    status: Status = form.choice("status", states.REASONS)  # type: ignore[assignment]  # its keys are states
    code, more = form.choice("reason", states.REASONS[status]), form.text("more", work.LONGEST_REASON)
    reason = states.reason_in_words(status, code, more)
    if not reason:
        raise FormRefused("Say in a few words what the reason is")
    reference, version, actor = reference_of(request), form.number("version"), actor_of(request)
    return await _do(
        request,
        lambda session, _lead, now: work.set_status(session, reference, status, reason, version, actor, now),
        f"{reference} is “{states.TITLES[status].lower()}” now.",
    )


async def assign(request: web.Request) -> web.Response:
    """Give the lead to an account that may see it, or to nobody."""
    form = await forms.sent(request)
    assignee, version = form.text("assignee", 40) or None, form.number("version")
    reference, actor = reference_of(request), actor_of(request)

    def act(session: Session, lead: Work, now: datetime) -> None:
        if assignee and assignee not in assignable(session, lead.queue):
            raise FormRefused(f"{assignee} is nobody who may see this lead")
        work.assign(session, reference, assignee, version, actor, now)

    return await _do(request, act, f"{reference} is assigned to {assignee or 'nobody'}.")


async def add_label(request: web.Request) -> web.Response:
    """Put a label on the lead."""
    form, actor = await forms.sent(request), actor_of(request)
    label = work.tidy_label(form.required("label"))
    return await _do(
        request,
        lambda session, lead, now: work.add_label(session, lead.reference, label, actor, now),
        f"The label “{label}” is on it.",
    )


async def remove_label(request: web.Request) -> web.Response:
    """Take a label off the lead."""
    form, actor = await forms.sent(request), actor_of(request)
    label = form.required("label", work.LONGEST_LABEL)
    return await _do(
        request,
        lambda session, lead, now: work.remove_label(session, lead.reference, label, actor, now),
        f"The label “{label}” is off it.",
    )


async def add_note(request: web.Request) -> web.Response:
    """Write a note on the lead."""
    form, actor = await forms.sent(request), actor_of(request)
    text = form.required("text", work.LONGEST_NOTE)
    return await _do(
        request,
        lambda session, lead, now: work.add_note(session, lead.reference, text, actor, now),
        "The note is written.",
        "#notes",
    )
