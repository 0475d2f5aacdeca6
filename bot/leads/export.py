"""Hands leads out as CSV or JSON, with contact and consents, page by page; that it happened is in the audit first."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from functools import partial
from typing import Any, Literal

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.leads import audit
from bot.leads.records import PURPOSES
from bot.leads.tables import consents, contacts, leads
from bot.storage.database import Database

Format = Literal["csv", "json"]
Record = dict[str, Any]

ACT = "leads.exported"
SUBJECT = "leads"
PAGE = 200
LEAD = ("reference", "created_at", "updated_at", "status", "queue", "outcome", "flagged", "channel", "language")
CONTACT = ("name", "email", "phone", "preferred_contact", "preferred_time")
CONSENT = ("purpose", "given", "at", "wording_id", "wording_version", "language", "channel", "message_id", "shown")
COLUMNS = (*LEAD, *CONTACT, *(f"consent_{purpose}{part}" for purpose in PURPOSES for part in ("", "_at")))
# What a spreadsheet takes for the start of a formula, also behind quotes, spaces and signs that nobody sees.
UNSEEN = "\\s\"'`\\x00-\\x1f\\u00ad\\u200b-\\u200f\\u2060\\ufeff"
FORMULA = re.compile(f"[{UNSEEN}]*[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20\u2212]")


async def export(database: Database, form: Format, actor: str, now: datetime) -> AsyncIterator[str]:
    """The text of the file, piece by piece: all leads made until `now`, the oldest first.

    Before the first piece, an audit row names who took it and how many leads there were. CSV has the latest word on
    each consent and is safe to open in a spreadsheet; JSON is an array of objects with every consent ever given, and
    what the check came to. Raises DatabaseUnavailable.
    """
    await database.run(lambda session: _note(session, form, actor, now))
    records = _records(database, now)
    async for piece in _as_csv(records) if form == "csv" else _as_json(records):
        yield piece


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: one that could start one has an apostrophe in front."""
    return f"'{text}" if FORMULA.match(text) else text


def _note(session: Session, form: Format, actor: str, now: datetime) -> None:
    number = session.execute(select(func.count()).select_from(leads).where(leads.c.created_at <= now)).scalar_one()
    audit.append(session, actor, ACT, SUBJECT, None, {"format": form, "leads": number}, now)


async def _records(database: Database, now: datetime) -> AsyncIterator[list[Record]]:
    page = await database.run(lambda session: _page(session, now, None), read_only=True)
    while page:
        yield page
        page = await database.run(partial(_page, until=now, last=page[-1]), read_only=True)


def _page(session: Session, until: datetime, last: Record | None) -> list[Record]:
    made = leads.c.created_at <= until
    if last is None:
        return _read(session, made, PAGE)
    tied = and_(leads.c.created_at == last["created_at"], leads.c.reference > last["reference"])
    return _read(session, and_(made, or_(leads.c.created_at > last["created_at"], tied)), PAGE)


def _read(session: Session, condition: Any, most: int | None = None) -> list[Record]:
    columns = [leads.c[name] for name in LEAD] + [contacts.c[name] for name in CONTACT]
    query = select(*columns, leads.c.assessment).join_from(leads, contacts, isouter=True).where(condition)
    rows = session.execute(query.order_by(leads.c.created_at, leads.c.reference).limit(most)).mappings().all()
    given = _consents(session, [row["reference"] for row in rows])
    return [{**row, "consents": given.get(row["reference"], [])} for row in rows]


def _consents(session: Session, references: Sequence[str]) -> Mapping[str, list[Record]]:
    """Every consent of some leads, in the order in which they were given."""
    columns = [consents.c[name] for name in CONSENT]
    query = select(consents.c.lead_reference, *columns).where(consents.c.lead_reference.in_(references))
    found: dict[str, list[Record]] = {}
    for row in session.execute(query.order_by(consents.c.id)).mappings():
        found.setdefault(row["lead_reference"], []).append({name: row[name] for name in CONSENT})
    return found


async def _as_csv(pages: AsyncIterator[list[Record]]) -> AsyncIterator[str]:
    yield _lines([COLUMNS])
    async for page in pages:
        yield _lines(_cells(record) for record in page)


def _lines(rows: Iterable[Sequence[str]]) -> str:
    # Everything stands in quotes: a semicolon inside is no column's end either.
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def csv_of(session: Session, references: Sequence[str]) -> str:
    """Some leads as the CSV of `export` has them, a row each, the oldest first."""
    records = _read(session, leads.c.reference.in_(references))
    return _lines([COLUMNS]) + _lines(_cells(record) for record in records)


def _cells(record: Record) -> list[str]:
    latest = {consent["purpose"]: consent for consent in record["consents"]}
    values = [record[name] for name in (*LEAD, *CONTACT)]
    for purpose in PURPOSES:
        consent = latest.get(purpose, {})
        values += [consent.get("given"), consent.get("at")]
    return [harmless(_as_text(value)) for value in values]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return as_json_time(value) if isinstance(value, datetime) else str(value)


def as_json_time(value: object) -> str:
    """A time in UTC as ISO 8601 has it, to the second; raises TypeError for anything else that JSON does not know."""
    if not isinstance(value, datetime):
        raise TypeError(f"no JSON for {type(value).__name__}")
    return value.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


async def _as_json(pages: AsyncIterator[list[Record]]) -> AsyncIterator[str]:
    between = "[\n"
    async for page in pages:
        for record in page:
            yield between + json.dumps(_nested(record), ensure_ascii=False, default=as_json_time)
            between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _nested(record: Record) -> Record:
    lead = {name: record[name] for name in LEAD}
    contact = {name: record[name] for name in CONTACT}
    return {**lead, "contact": contact, "consents": record["consents"], "assessed": json.loads(record["assessment"])}
