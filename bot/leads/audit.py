"""The audit: who did what to which subject, and what it was before and after. Rows are only ever appended.

Each row's hash covers the row and the hash before it, so that a row that was altered, taken out or moved breaks the
chain. Two things no chain can see by itself: rows cut off at its end, and a whole chain written anew by someone who may
write the database. Both change the hash of the last row (`Verified.head`): note it elsewhere, and compare.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from sqlalchemy import Text, func, insert, select, type_coerce, update
from sqlalchemy.orm import Session

from bot.errors import SettingError
from bot.leads.tables import audit
from bot.storage.engine import forget_for_good
from bot.storage.sealing import sealer

BEGINNING = "0" * 64
BATCH = 1000
ADVISORY_LOCK = 0x537472617564  # one chain has one end: appending to it is done in turn


@dataclass(frozen=True)
class Verified:
    """How many rows were read and found whole, the sequence of the first that is not, and the last good row's hash."""

    rows: int
    broken: int | None
    head: str


def append(
    session: Session,
    actor: str,
    act: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    """Add a row; `before` and `after` are JSON data, sealed at rest.

    `actor` is visitor, system, operator or staff:NAME; `subject` is a reference, a receipt or a conversation, never a
    person. On PostgreSQL whoever appends waits for the others' commits: lock what else you need before.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))
    end = session.execute(select(audit.c.sequence, audit.c.hash).order_by(audit.c.sequence.desc()).limit(1)).first()
    row: dict[str, Any] = {"sequence": end.sequence + 1 if end else 1, "at": now}
    row |= {"actor": actor, "act": act, "subject": subject, "previous": end.hash if end else BEGINNING}
    for name, content in (("before", before), ("after", after)):
        row[name] = None if content is None else _text(content)
        row[f"{name}_digest"] = None if content is None else _digest(row[name])
    session.execute(insert(audit).values(row | {"hash": _hash(row)}))


@dataclass(frozen=True)
class Entry:
    """A row as it is read: `before` and `after` are JSON data, None where there are none or they were forgotten."""

    sequence: int
    at: datetime
    actor: str
    act: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def trail(session: Session, *subjects: str) -> list[Entry]:
    """All that was done to some subjects, in order."""
    query = select(audit).where(audit.c.subject.in_(subjects)).order_by(audit.c.sequence)
    return [entry_of(row) for row in session.execute(query).mappings()]


def entry_of(row: Mapping[str, Any]) -> Entry:
    """A row of the table as it is read."""
    before, after = (json.loads(row[name]) if row[name] else None for name in ("before", "after"))
    return Entry(row["sequence"], row["at"], row["actor"], row["act"], row["subject"], before, after)


def forget(session: Session, subject: str) -> int:
    """Empty what the rows of a subject say of before and after; the chain stays whole. Returns how many rows."""
    forget_for_good(session.connection())
    emptied = update(audit).where(audit.c.subject == subject).values(before=None, after=None)
    return int(session.execute(emptied).rowcount)


def verify(session: Session) -> Verified:
    """Read the chain from its beginning up to the first row that is not as it was written.

    Contents are checked against their keyed digests where they are still there: that some were emptied is no break.
    """
    rows, previous = 0, BEGINNING
    for row in _rows(session):
        if not (row["sequence"] == rows + 1 and row["previous"] == previous and _is_whole(row)):
            return Verified(rows, row["sequence"], previous)
        rows, previous = rows + 1, row["hash"]
    return Verified(rows, None, previous)


def _rows(session: Session) -> Iterator[Mapping[str, Any]]:
    """All rows in order, some at a time, with their contents still sealed."""
    sealed = [type_coerce(audit.c[name], Text).label(name) for name in ("before", "after")]
    columns = [column for column in audit.c if column.name not in ("before", "after")]
    last = None
    while True:
        query = select(*columns, *sealed).order_by(audit.c.sequence).limit(BATCH)
        found = session.execute(query if last is None else query.where(audit.c.sequence > last)).mappings().all()
        yield from found
        if len(found) < BATCH:
            return
        last = found[-1]["sequence"]


def _is_whole(row: Mapping[str, Any]) -> bool:
    contents = all(_fits(row[name], row[f"{name}_digest"]) for name in ("before", "after"))
    return contents and bool(row["hash"] == _hash(row))


def _fits(sealed: str | None, digest: str | None) -> bool:
    if sealed is None:
        return True
    try:
        return _digest(sealer().unseal(sealed)) == digest
    except (SettingError, ValueError):  # not sealed by us, or not sealed at all
        return False


def _hash(row: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal digits, over a JSON list of everything in the row that stays for good."""
    at = row["at"].astimezone(timezone.utc).isoformat(timespec="microseconds")
    names = ("actor", "act", "subject", "before_digest", "after_digest", "previous")
    return sha256(json.dumps([row["sequence"], at, *(row[name] for name in names)]).encode()).hexdigest()


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _digest(text: str) -> str:
    return sealer().blind_index("audit", text)
