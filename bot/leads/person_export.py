"""Hands out all that is kept of one person, as they may ask for it; the audit says so in the same transaction."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from bot.leads import audit
from bot.leads.export import Format, as_json_time, csv_of
from bot.leads.family import Family
from bot.leads.persons import belonging_to
from bot.leads.tables import consents, contacts, lead_labels, leads, notes, outbox
from bot.transcripts.encoding import decode
from bot.transcripts.reading import items_of
from bot.transcripts.tables import addresses, conversations, inbox, replies, reviews, takeovers, tracker_events, turns

ACT = "record.exported"
Rows = list[dict[str, Any]]

# What belongs to a lead, and to a conversation, by its name in the file: the table, and how its rows find it.
OF_LEADS: Mapping[str, tuple[Table, str]] = {
    "contact": (contacts, "lead_reference"),
    "consents": (consents, "lead_reference"),
    "labels": (lead_labels, "lead_reference"),
    "notes": (notes, "lead_reference"),
    "messages_to_targets": (outbox, "lead_reference"),
}
OF_CONVERSATIONS: Mapping[str, tuple[Table, str]] = {
    "addresses": (addresses, "conversation_id"),
    "messages_in_the_inbox": (inbox, "conversation_id"),
    "replies_that_wait": (replies, "conversation_id"),
    "turns": (turns, "conversation_id"),
    "takeovers": (takeovers, "conversation_id"),
    "marks": (reviews, "conversation_id"),
}
# What only the database needs, or stands elsewhere in the file.
INNER = frozenset(
    {"email_index", "phone_index", "address_index", "key", "facet", "snapshot", "assessment", "lead_reference"}
    | {"conversation_id", "locked_by", "locked_until"}
)


def export_person(session: Session, subject: str, form: Format, actor: str, now: datetime) -> str | None:
    """The file with all there is of a lead's or a conversation's person; None where there is nothing.

    JSON has everything, the transcripts too; CSV a row for each lead, safe to open in a spreadsheet.
    """
    family = belonging_to(session, subject)
    if not family.conversations:
        return None
    audit.append(session, actor, ACT, subject, None, {"format": form, "leads": list(family.references)}, now)
    if form == "csv":
        return csv_of(session, family.references)
    return json.dumps(_everything(session, family, now), ensure_ascii=False, indent=1, default=as_json_time) + "\n"


def _everything(session: Session, family: Family, now: datetime) -> dict[str, Any]:
    trail = audit.trail(session, *family.references, *family.conversations)
    return {
        "exported_at": now,
        "leads": [_lead(session, reference) for reference in family.references],
        "conversations": [_conversation(session, home) for home in family.conversations],
        "audit": [vars(entry) for entry in trail],
    }


def _lead(session: Session, reference: str) -> dict[str, Any]:
    row = session.execute(select(leads).where(leads.c.reference == reference)).mappings().one()
    beside = {name: _rows(session, *where, reference) for name, where in OF_LEADS.items()}
    return {**_outer(row), "conversation": row["conversation_id"], "assessed": json.loads(row["assessment"]), **beside}


def _conversation(session: Session, home: str) -> dict[str, Any]:
    row = session.execute(select(conversations).where(conversations.c.id == home)).mappings().first()
    slots = decode(row["snapshot"]).get("slots", {}) if row else {}
    beside = {name: _rows(session, *where, home) for name, where in OF_CONVERSATIONS.items()}
    remembered = {name: value for name, value in slots.items() if value is not None}
    return {**(_outer(row) if row else {"id": home}), "transcript": _said(session, home), "slots": remembered, **beside}


def _said(session: Session, home: str) -> list[dict[str, Any]]:
    query = select(tracker_events.c.sequence, tracker_events.c.data).where(tracker_events.c.conversation_id == home)
    events = session.execute(query.order_by(tracker_events.c.sequence))
    return [vars(item) for item in items_of((row.sequence, decode(row.data)) for row in events)]


def _rows(session: Session, table: Table, column: str, key: str) -> Rows:
    query = select(table).where(table.c[column] == key).order_by(*table.primary_key)
    return [_outer(row) for row in session.execute(query).mappings()]


def _outer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in INNER}
