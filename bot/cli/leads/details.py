"""`strand leads show`: one lead; the contact details only where they are asked for, which the audit notes."""

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.cli.leads.wording import moment, no_lead
from bot.leads.export import as_json_time
from bot.leads.listing import Attempted, Shown, reveal, show_lead
from bot.leads.masking import masked
from bot.leads.merged import family
from bot.leads.picture import details_in
from bot.leads.records import Consent
from bot.leads.worked import Work, read_work
from bot.storage.database import Database

ACTOR = "operator"


def run(arguments: argparse.Namespace, database: Database, now: datetime) -> int:
    """Print the lead; raises SettingError where there is none."""
    found = asyncio.run(database.run(lambda session: _look(session, arguments, now), read_only=not arguments.contact))
    if found is None:
        raise no_lead(arguments.reference)
    shown, worked = found
    if arguments.json:
        data = {**_data(shown, arguments.contact), **asdict(worked)}
        print(json.dumps(data, default=as_json_time, ensure_ascii=False))
    else:
        print("\n".join([*_lines(shown, arguments.contact), *_worked(worked)]))
    return 0


@dataclass(frozen=True)
class _Worked:
    """What staff made of the lead, and those that were merged with it."""

    work: Work
    merged_with: Sequence[str]


def _look(session: Any, arguments: argparse.Namespace, now: datetime) -> tuple[Shown, _Worked] | None:
    reference = arguments.reference
    shown = reveal(session, reference, ACTOR, now) if arguments.contact else show_lead(session, reference)
    work = read_work(session, reference)
    if shown is None or work is None:
        return None
    return shown, _Worked(work, [one for one in family(session, reference) if one != reference])


def _worked(worked: _Worked) -> Iterator[str]:
    work = worked.work
    yield f"Assigned to {work.assignee or 'nobody'}{f'; {work.status} because: {work.reason}' if work.reason else ''}"
    if work.labels:
        yield f"Labels {', '.join(work.labels)}"
    if work.merged_into:
        yield f"Merged into {work.merged_into}"
    if worked.merged_with:
        yield f"The same person, as staff say: {', '.join(worked.merged_with)}"


def _contact(shown: Shown, open_to_see: bool) -> dict[str, str]:
    values = {name: str(getattr(shown.lead.contact, name)) for name in details_in(shown.lead.contact)}
    if open_to_see:
        return values
    # Which way is preferred tells nothing of the person.
    return {name: value if name == "preferred_contact" else masked(name, value) for name, value in values.items()}


def _data(shown: Shown, open_to_see: bool) -> dict[str, Any]:
    data = asdict(shown)
    data["lead"]["contact"] = _contact(shown, open_to_see)
    if not open_to_see:
        del data["lead"]["assessed"]["answers"]  # may hold the person's own words
    return data


def _lines(shown: Shown, open_to_see: bool) -> Iterator[str]:
    lead, assessed = shown.lead, shown.lead.assessed
    yield f"{lead.reference}  {lead.status}, queue {lead.queue}{', flagged' if assessed.flagged else ''}"
    yield f"Made {moment(lead.created_at)}, last changed {moment(lead.updated_at)}"
    yield f"Channel {lead.channel}, language {lead.language}, conversation {lead.conversation}"
    yield f"Outcome {assessed.outcome}{f' (table {assessed.table_version})' if assessed.table_version else ''}"
    yield from (f"  because {' · '.join(map(str, reason.values()))}" for reason in assessed.reasons)
    yield from (f"{name} {', '.join(found)}" for name, found in _signs(shown) if found)
    yield f"Contact{'' if open_to_see else ' (--contact shows the details, and the audit notes that)'}"
    yield from (f"  {name:<17}  {value}" for name, value in _contact(shown, open_to_see).items())
    yield "Consents"
    yield from (f"  {_consent(consent)}" for consent in shown.consents)
    yield "Deliveries" if shown.deliveries else "Deliveries: none; ./strand leads targets shows where leads would go"
    yield from (f"  {_delivery(delivery)}" for delivery in shown.deliveries)
    if shown.duplicates:
        yield f"Probably the same person: {', '.join(shown.duplicates)}"


def _signs(shown: Shown) -> tuple[tuple[str, list[str]], ...]:
    return ("Findings", list(shown.lead.assessed.findings)), ("Red flags", list(shown.lead.assessed.flags))


def _consent(consent: Consent) -> str:
    wording = f"wording {consent.wording_id}, version {consent.wording_version}, {consent.language}"
    said = "yes" if consent.given else "no"
    return f"{moment(consent.at)}  {consent.purpose:<5}  {said:<3}  {wording}; {consent.channel} {consent.message_id}"


def _delivery(row: Attempted) -> str:
    if row.delivered_at:
        state = f"delivered {moment(row.delivered_at)}"
    elif row.dead_at:
        state = f"given up {moment(row.dead_at)}; ./strand leads replay {row.id} tries again"
    else:
        state = f"due {moment(row.available_at)}"
    error = f" ({row.last_error})" if row.last_error and not row.delivered_at else ""
    return f"{row.event} to {row.target}: attempts {row.attempts}, {state}{error}"
