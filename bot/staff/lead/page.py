"""The page of one lead, with the transcript beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.leads import states
from bot.leads.dossier import Dossier, open_dossier
from bot.leads.listing import Shown
from bot.leads.records import PURPOSES, Consent, Contact
from bot.leads.work import DETAILS, LONGEST_LABEL, LONGEST_NOTE, LONGEST_REASON
from bot.staff.access import account_of, may_see
from bot.staff.accounts import Account
from bot.staff.context import DATABASE, SETTINGS
from bot.staff.conversations.transcript import transcript
from bot.staff.fields import field_title
from bot.staff.lead.clinical import clinical_in
from bot.staff.lead.explaining import Explanation, explain
from bot.staff.lead.opening import assignable, opened, reference_of
from bot.staff.lead.quoting import quotes
from bot.staff.lead.trail import lines_of
from bot.staff.masking import mask_email, mask_name, mask_phone
from bot.staff.pages import render, see

TIMES = {"morning": "Morning", "afternoon": "Afternoon", "evening": "Evening", "any": "Any time"}
WAYS = {"email": "E-mail", "phone": "Call", "text": "Text message"}
PURPOSE_WORDS = {"share": "Keep and share the answers", **WAYS}
MASKS = {"name": mask_name, "email": mask_email, "phone": mask_phone}
Revealed = Mapping[tuple[str, str], str]
NOTHING: Revealed = {}


@dataclass(frozen=True)
class Detail:
    """A contact detail as it is shown; `hidden` where it can be revealed."""

    name: str
    title: str
    text: str
    hidden: bool


@dataclass(frozen=True)
class Part:
    """One lead of those that are shown together: its contact, and the consents exactly as they were given."""

    shown: Shown
    details: Sequence[Detail]
    explanation: Explanation


@dataclass(frozen=True)
class Opened:
    """What the page needs of the database, read at once."""

    dossier: Dossier
    assignable: Sequence[str]


async def look(request: web.Request) -> web.Response:
    """The page of a lead; one that was merged leads to the lead that stands for it."""
    reference = reference_of(request)
    found = await read(request, reference)
    kept = found.dossier.work.reference
    if kept != reference:
        return await see(request, f"/leads/{kept}", f"{reference} was merged into {kept}, which you see here.")
    return await show(request, found)


async def read(request: web.Request, reference: str) -> Opened:
    """Everything on a lead; raises HTTPNotFound, HTTPForbidden."""
    account = account_of(request)
    return await request.app[DATABASE].run(lambda session: _read(session, account, reference), read_only=True)


def _read(session: Session, account: Account, reference: str) -> Opened:
    work = opened(session, account, reference)
    dossier = open_dossier(session, work.reference)
    if dossier is None:
        raise web.HTTPNotFound
    return Opened(dossier, assignable(session, work.queue))


async def show(request: web.Request, found: Opened, revealed: Revealed = NOTHING) -> web.Response:
    """The page; `revealed` are details in clear, by reference and name."""
    dossier, account = found.dossier, account_of(request)
    parts = [_part(request, one, revealed) for one in dossier.all]
    talk = await transcript(request, dossier.shown.lead.conversation)
    return await render(
        request,
        "lead/page.html",
        dossier=dossier,
        lead=dossier.shown.lead,
        work=dossier.work,
        parts=parts,
        trail=lines_of(dossier.trail, partial(field_title, request.app[SETTINGS].assessment_dir)),
        others=[(one, may_see(account, one.queue)) for one in dossier.others],
        assignable=found.assignable,
        following=states.FOLLOWING[dossier.work.status],
        transcript=talk,
        quotes=lambda reason: quotes(talk.turns, reason),
        given=given,
        shared=_shared(parts),
        revealed=bool(revealed),
        **WORDS,
    )


WORDS: Mapping[str, Any] = {
    "titles": states.TITLES,
    "outcomes": states.OUTCOMES,
    "reasons": states.REASONS,
    "purposes": PURPOSE_WORDS,
    "longest": {"label": LONGEST_LABEL, "note": LONGEST_NOTE, "reason": LONGEST_REASON},
}


def _part(request: web.Request, shown: Shown, revealed: Revealed) -> Part:
    lead = shown.lead
    names = [lead.contact.name] if lead.contact.name else []
    explanation = explain(lead.assessed, clinical_in(request.app[SETTINGS].assessment_dir), names)
    return Part(shown, details_of(lead.reference, lead.contact, revealed), explanation)


def details_of(reference: str, contact: Contact, revealed: Revealed = NOTHING) -> list[Detail]:
    """How to reach a person, masked but for what was revealed; details that are not there are left out."""
    found = [_detail(reference, name, getattr(contact, name), revealed) for name in DETAILS if getattr(contact, name)]
    if contact.preferred_contact:
        found.append(Detail("preferred_contact", "Preferred way", WAYS[contact.preferred_contact], False))
    return found


def _detail(reference: str, name: str, value: str, revealed: Revealed) -> Detail:
    title = {"email": "E-mail", "preferred_time": "Good time"}.get(name, name.capitalize())
    if (reference, name) in revealed:
        return Detail(name, title, revealed[reference, name], False)
    if name == "preferred_time":
        return Detail(name, title, TIMES.get(value, "In their own words"), value not in TIMES)
    return Detail(name, title, MASKS[name](value), True)


def _shared(parts: Sequence[Part]) -> Sequence[Consent]:
    """The consents that stand with more than one of the leads, since they were merged."""
    rows = Counter(row for part in parts for row in set(part.shown.consents))
    return [row for row, number in rows.items() if number > 1]


def given(consents: Sequence[Consent], place: int) -> str:
    """Whether a consent was given, refused, or withdrawn after it had been given."""
    row = consents[place]
    if row.given:
        return "given"
    before = [one for one in consents[:place] if one.purpose == row.purpose]
    return "withdrawn" if before and before[-1].given else "refused"


def latest_words(consents: Sequence[Consent]) -> Mapping[str, str]:
    """The latest word on each purpose that was asked about."""
    words = {row.purpose: given(consents, place) for place, row in enumerate(consents)}
    return {purpose: words[purpose] for purpose in PURPOSES if purpose in words}
