"""`strand leads show`: one lead; the contact details only where they are asked for, which the audit notes."""

import argparse
import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.cli.leads.wording import masked, moment, no_lead
from bot.leads.export import as_json_time
from bot.leads.listing import Attempted, Shown, reveal, show_lead
from bot.leads.picture import details_in
from bot.leads.records import Consent
from bot.storage.database import Database

ACTOR = "operator"


def run(arguments: argparse.Namespace, database: Database, now: datetime) -> int:
    """Print the lead; raises SettingError where there is none."""
    shown = asyncio.run(_look(arguments, database, now))
    if shown is None:
        raise no_lead(arguments.reference)
    if arguments.json:
        print(json.dumps(_data(shown, arguments.contact), default=as_json_time, ensure_ascii=False))
    else:
        print("\n".join(_lines(shown, arguments.contact)))
    return 0


async def _look(arguments: argparse.Namespace, database: Database, now: datetime) -> Shown | None:
    if arguments.contact:
        return await database.run(lambda session: reveal(session, arguments.reference, ACTOR, now))
    return await database.run(lambda session: show_lead(session, arguments.reference), read_only=True)


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
