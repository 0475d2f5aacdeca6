"""Consents: what was agreed to, refused or withdrawn, row by row; a row is never changed, the latest counts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.leads.records import Consent, Purpose
from bot.leads.tables import consents


def agreed_in(rows: Iterable[Consent]) -> dict[Purpose, bool]:
    """The latest word on each purpose that occurs in `rows`, oldest first."""
    return {row.purpose: row.given for row in rows}


def add_consents(session: Session, reference: str, rows: Iterable[Consent]) -> None:
    """Write `rows` behind those that the lead has."""
    values = [{"lead_reference": reference, **asdict(row)} for row in rows]
    if values:
        session.execute(insert(consents), values)


def history(session: Session, reference: str) -> list[Consent]:
    """Every consent of a lead, oldest first."""
    columns = [consents.c[one.name] for one in fields(Consent)]
    query = select(*columns).where(consents.c.lead_reference == reference).order_by(consents.c.id)
    return [Consent(**row) for row in session.execute(query).mappings()]


def latest(session: Session, reference: str) -> Mapping[Purpose, bool]:
    """Whether each purpose that the person was asked about is agreed to now."""
    mine = consents.c.lead_reference == reference
    query = select(consents.c.purpose, consents.c.given).where(mine).order_by(consents.c.id)
    return {row.purpose: row.given for row in session.execute(query)}


def not_yet_told(session: Session, reference: str, rows: Iterable[Consent]) -> tuple[Consent, ...]:
    """Those of `rows` that the lead does not have from the same message: a turn done again tells them twice."""
    there = {_evidence(row) for row in history(session, reference)}
    return tuple(row for row in rows if _evidence(row) not in there)


def last_withdrawal(session: Session, reference: str) -> datetime | None:
    """When the person last said no to anything, in UTC."""
    refused = (consents.c.lead_reference == reference, consents.c.given.is_(False))
    found: datetime | None = session.execute(select(func.max(consents.c.at)).where(*refused)).scalar()
    return found


def _evidence(row: Consent) -> tuple[object, ...]:
    return row.purpose, row.given, row.channel, row.message_id
