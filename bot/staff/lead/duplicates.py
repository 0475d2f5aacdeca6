"""Two leads that are probably of one person: side by side, and merged where staff say so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.orm import Session

from bot.errors import LeadRefused
from bot.leads import merging, states
from bot.leads.dossier import Dossier, open_dossier
from bot.leads.merging import Plan
from bot.leads.records import Contact
from bot.staff import forms
from bot.staff.access import account_of, may_see
from bot.staff.accounts import Account
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.staff.lead.opening import actor_of, opened, reference_of
from bot.staff.lead.page import PURPOSE_WORDS, details_of, latest_words
from bot.staff.pages import render, see
from bot.staff.wording import channel_title, language_title, outcome_title, titled

CONTACT_TITLES = {
    "name": "Name",
    "email": "E-mail",
    "phone": "Phone",
    "preferred_contact": "Preferred way",
    "preferred_time": "Good time",
}


@dataclass(frozen=True)
class Row:
    """A line of the comparison: what it is, how it is in either, and whether the two are alike."""

    title: str
    cells: tuple[object, object]
    alike: bool


@dataclass(frozen=True)
class Standing:
    """What stands after a merge: contact details are masked; `source` says which of the two leads has it."""

    title: str
    text: str
    source: str


@dataclass(frozen=True)
class Direction:
    """A way to merge: what it comes to, or why it may not be."""

    kept: str
    other: str
    plan: Plan | None
    standing: Sequence[Standing] = ()
    refused: str = ""


async def compare(request: web.Request) -> web.Response:
    """The lead beside another one, or the others to choose from."""
    reference, account = reference_of(request), account_of(request)
    chosen = forms.asked(request).text("with", 20).upper()
    database = request.app[DATABASE]
    both = await database.run(lambda session: _both(session, account, reference, chosen), read_only=True)
    mine, theirs = both
    others = [(one, may_see(account, one.queue)) for one in mine.others]
    if theirs is None:
        return await render(request, "lead/duplicates.html", mine=mine, others=others, outcomes=states.OUTCOMES)
    return await render(
        request,
        "lead/compare.html",
        mine=mine,
        theirs=theirs,
        rows=_rows(mine, theirs),
        differing=_differing(mine, theirs),
        known=any(one.reference == theirs.work.reference for one in mine.others),
        directions=[_direction(mine, theirs), _direction(theirs, mine)],
        outcomes=states.OUTCOMES,
    )


def _both(session: Session, account: Account, reference: str, chosen: str) -> tuple[Dossier, Dossier | None]:
    mine = open_dossier(session, opened(session, account, reference).reference)
    theirs = open_dossier(session, opened(session, account, chosen).reference) if chosen else None
    if mine is None or (theirs and theirs.work.reference == mine.work.reference):
        raise web.HTTPNotFound
    return mine, theirs


def _direction(kept: Dossier, other: Dossier) -> Direction:
    references = kept.work.reference, other.work.reference
    try:
        plan = merging.plan(kept.shown.lead, other.shown.lead)
    except LeadRefused as refusal:
        return Direction(*references, None, refused=str(refusal))
    return Direction(*references, plan, [*_contact_after(plan, kept, other), *_work_after(kept, other)])


def _contact_after(plan: Plan, kept: Dossier, other: Dossier) -> Iterator[Standing]:
    shown = {detail.name: detail for detail in details_of(plan.kept.reference, plan.kept.contact)}
    for name, title in CONTACT_TITLES.items():
        values = [getattr(contact, name) for contact in (plan.kept.contact, *_contacts(kept, other))]
        text = shown[name].text if name in shown else "none"
        yield Standing(title, text, _source(values, kept, other) if values[0] else "")


def _work_after(kept: Dossier, other: Dossier) -> Iterator[Standing]:
    after = merging.joined_work(kept.work, other.work)
    whose = [work.assignee for work in (after, kept.work, other.work)]
    yield Standing("Assigned to", after.assignee or "nobody", _source(whose, kept, other) if after.assignee else "")
    states_of = [work.status for work in (after, kept.work, other.work)]
    yield Standing("Status", states.TITLES[after.status], _source(states_of, kept, other))


def _source(values: Sequence[object], kept: Dossier, other: Dossier) -> str:
    """Which lead has the first of three values; the second is the kept lead's, the third the other's."""
    stands, own, others = values
    if own == others:
        return "the same in both"
    return f"of {(kept if stands == own else other).work.reference}"


def _differing(mine: Dossier, theirs: Dossier) -> str:
    """What says that two leads may be of two people: names or e-mail addresses that differ, not only in case."""
    one, two = _contacts(mine, theirs)
    names = _differ(one.name, two.name)
    addresses = _differ(one.email, two.email)
    return " and ".join(["names"] * names + ["e-mail addresses"] * addresses)


def _differ(one: str | None, other: str | None) -> bool:
    plain = [" ".join(each.casefold().split()) for each in (one, other) if each]
    return len(set(plain)) > 1


def _contacts(one: Dossier, other: Dossier) -> tuple[Contact, Contact]:
    return one.shown.lead.contact, other.shown.lead.contact


def _rows(mine: Dossier, theirs: Dossier) -> list[Row]:
    facts = (_facts(mine), _facts(theirs))
    rows = [Row(title, (facts[0][title], facts[1][title]), facts[0][title] == facts[1][title]) for title in facts[0]]
    return [*rows, *_contact_rows(mine, theirs), *_consent_rows(mine, theirs)]


def _facts(of: Dossier) -> Mapping[str, object]:
    lead, work = of.shown.lead, of.work
    return {
        "Handed over": lead.created_at,
        "Channel": channel_title(lead.channel),
        "Language": language_title(lead.language),
        "Status": states.TITLES[lead.status],
        "Assigned to": work.assignee or "nobody",
        "Labels": ", ".join(work.labels),
        "Outcome": outcome_title(lead.assessed.outcome),
        "Findings": ", ".join(lead.assessed.findings).replace("_", " "),
        "Queue": titled(lead.queue),
        "Notes": str(len(of.notes)),
    }


def _contact_rows(mine: Dossier, theirs: Dossier) -> Sequence[Row]:
    """Masked, but compared as they are."""
    contacts = _contacts(mine, theirs)
    shown = [
        {detail.name: detail for detail in details_of(of.work.reference, of.shown.lead.contact)}
        for of in (mine, theirs)
    ]
    rows = []
    for name in dict.fromkeys([*shown[0], *shown[1]]):
        details = [one.get(name) for one in shown]
        title = next(detail.title for detail in details if detail)
        values = [getattr(contact, name) for contact in contacts]
        cells = [detail.text if detail else "" for detail in details]
        rows.append(Row(title, (cells[0], cells[1]), values[0] == values[1]))
    return rows


def _consent_rows(mine: Dossier, theirs: Dossier) -> Sequence[Row]:
    words = [latest_words(of.shown.consents) for of in (mine, theirs)]
    cells = {one: (words[0].get(one, "not asked"), words[1].get(one, "not asked")) for one in PURPOSE_WORDS}
    return [Row(f"Consent: {PURPOSE_WORDS[one]}", pair, pair[0] == pair[1]) for one, pair in cells.items()]


async def merge(request: web.Request) -> web.Response:
    """Merge another lead into the one of the address."""
    form = await forms.sent(request)
    kept, other = reference_of(request), form.required("other", 20).upper()
    versions = form.number("version"), form.number("other_version")
    account, actor = account_of(request), actor_of(request)
    settings, now = request.app[SETTINGS], request.app[CLOCK]()

    def work(session: Session) -> None:
        for one in (kept, other):
            opened(session, account, one)
        merging.merge(session, kept, other, versions, settings, actor, now)

    await request.app[DATABASE].run(work)
    return await see(request, f"/leads/{kept}", f"{other} was merged into {kept}. Both histories are here.")
