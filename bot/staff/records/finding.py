"""The pages that find a person and show what is kept of them; what was typed stands in no address and no log."""

from dataclasses import fields
from urllib.parse import quote

from aiohttp import web

from bot.leads.family import Family
from bot.leads.masking import masked
from bot.leads.persons import find, read_person
from bot.leads.records import Contact
from bot.staff import forms
from bot.staff.context import DATABASE, SETTINGS
from bot.staff.pages import render, see

LONGEST = 320  # an e-mail address has no more


async def ask(request: web.Request) -> web.Response:
    """The form that asks whose record is wanted."""
    return await render(request, "records/find.html", found=None)


async def find_person(request: web.Request) -> web.Response:
    """Everybody to whom what was typed belongs; the one person where there is only one."""
    words = (await forms.sent(request)).required("who", LONGEST)
    region = request.app[SETTINGS].phone_region
    found = await request.app[DATABASE].run(lambda session: find(session, words, region), read_only=True)
    if len(found) == 1:
        return await see(request, page_of(subject_of(found[0])))
    lines = [(subject_of(family), page_of(subject_of(family)), family) for family in found]
    return await render(request, "records/find.html", found=lines)


async def show(request: web.Request) -> web.Response:
    """All there is of a person: leads, consents, conversations, and how much hangs on them."""
    subject = request.match_info["subject"]
    person = await request.app[DATABASE].run(lambda session: read_person(session, subject), read_only=True)
    if person is None:
        raise web.HTTPNotFound
    details = {lead.reference: contact_shown(lead.contact) for lead in person.leads}
    return await render(request, "records/person.html", person=person, details=details, page=page_of(subject))


def contact_shown(contact: Contact) -> dict[str, str]:
    """The contact details that are there, masked, by their fields."""
    names = [field.name for field in fields(Contact) if getattr(contact, field.name)]
    shown = {name: str(getattr(contact, name)) for name in names}
    # Which way is preferred tells nothing of the person.
    return {name: value if name == "preferred_contact" else masked(name, value) for name, value in shown.items()}


def subject_of(family: Family) -> str:
    """What a family is called in an address: its first lead, else its conversation."""
    return (family.references or family.conversations)[0]


def page_of(subject: str) -> str:
    """The page of a person."""
    return f"/records/of/{quote(subject, safe='')}"
