"""The pages that erase a person for good, after a look at what goes, and the receipt that is left."""

import json
from contextlib import AsyncExitStack
from datetime import datetime

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import FormRefused
from bot.leads.erasure import erase, give_receipt
from bot.leads.family import Family
from bot.leads.persons import belonging_to, read_person
from bot.leads.records import Erased
from bot.leads.tables import erasures
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CHAT, CLOCK, DATABASE
from bot.staff.pages import render, see
from bot.staff.records.finding import page_of

# A choice, not free words: the receipt outlives the person, and must not name them.
REASONS = {
    "asked": "The person asked for it",
    "guardian": "A guardian asked for it",
    "mistaken": "A mistake, or a test",
    "unneeded": "Not needed any more",
    "law": "A rule asks for it",
}
CHANGED = "something was added to this record a moment ago: look at it again, then decide"
LONGEST = 200


async def confirm(request: web.Request) -> web.Response:
    """What goes, what stays, and the form that asks whether it is meant."""
    subject = request.match_info["subject"]
    person = await request.app[DATABASE].run(lambda session: read_person(session, subject), read_only=True)
    if person is None:
        raise web.HTTPNotFound
    reasons = list(REASONS.items())
    return await render(request, "records/confirm.html", person=person, reasons=reasons, page=page_of(subject))


async def erase_person(request: web.Request) -> web.Response:
    """Erase, where the reference was typed once more; whoever sends it twice gets a second receipt, with zeros."""
    form = await forms.sent(request)
    subject, reason = form.required("subject", LONGEST), form.choice("reason", REASONS)
    if form.text("typed", LONGEST).casefold() != subject.casefold():
        raise FormRefused(f"Nothing was erased: type {subject} to confirm that it is meant")
    erased = await _erased(request, subject, reason)
    return await see(request, f"/records/receipts/{erased.receipt}", "Erased. This is the receipt.")


async def show_receipt(request: web.Request) -> web.Response:
    """A receipt, to be printed."""
    receipt = request.match_info["receipt"]
    query = select(erasures).where(erasures.c.receipt == receipt)
    row = await request.app[DATABASE].run(lambda session: session.execute(query).mappings().first(), read_only=True)
    if row is None:
        raise web.HTTPNotFound
    counts = json.loads(row["counts"])
    return await render(request, "records/receipt.html", row=row, counts=counts)


async def _erased(request: web.Request, subject: str, reason: str) -> Erased:
    """Erase under the locks of all conversations, so that no turn comes in between; then end what is open of them."""
    database, chat, now = request.app[DATABASE], request.app[CHAT], request.app[CLOCK]()
    actor = f"staff:{account_of(request).name}"
    family = await database.run(lambda session: belonging_to(session, subject), read_only=True)
    async with AsyncExitStack() as held:
        for conversation in family.conversations:
            await held.enter_async_context(chat.hold(conversation))
        erased = await database.run(lambda session: _erase(session, subject, family, actor, now, reason))
    if erased is None:
        raise web.HTTPConflict(reason=CHANGED)
    for conversation in family.conversations:
        chat.end(conversation)
    return erased


def _erase(session: Session, subject: str, held: Family, actor: str, now: datetime, reason: str) -> Erased | None:
    """None where more belongs to the person by now than is held."""
    family = belonging_to(session, subject)
    if not set(family.conversations) <= set(held.conversations):
        return None
    if not family.conversations:
        return give_receipt(session, {}, actor, now, reason)
    return erase(session, family.conversations[0], actor, now, reason=reason)
