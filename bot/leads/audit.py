"""The audit: who did what to which subject, and what it was before and after. Rows are only ever appended.

Each row's hash covers the row and the hash before it, so that a row that was altered, taken out or moved breaks the
chain. Two things no chain can see by itself: rows cut off at its end, and a whole chain written anew by someone who may
write the database. Both change the hash of the last row (`Verified.head`): note it elsewhere, and compare.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Text, func, insert, select, type_coerce, update
from sqlalchemy.orm import Session

from bot.errors import SettingError
from bot.leads.tables import audit
from bot.storage.database import Database
from bot.storage.engine import forget_for_good
from bot.storage.sealing import sealer

BEGINNING = "0" * 64
BATCH = 1000
PAGE = 50
ADVISORY_LOCK = 0x537472617564  # one chain has one end: appending to it is done in turn


@dataclass(frozen=True)
class Verified:
    """How many rows were read and found whole, the sequence of the first that is not, and the last good row's hash.

    Where a hash was `noted` earlier, `noted_at` is the sequence of the row that has it; None: none of those read.
    """

    rows: int
    broken: int | None
    head: str
    noted: str | None = None
    noted_at: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the chain is whole, and the noted hash, if there is one, is in it."""
        return self.broken is None and (self.noted is None or self.noted_at is not None)


START = Verified(0, None, BEGINNING)


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

    `actor` is visitor, system, operator or staff:NAME; `subject` is a reference, a receipt, a conversation or an
    account of the staff, never a visitor. On PostgreSQL whoever appends waits for the others' commits: lock what else
    you need before.
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
    """A row as it is read: `before` and `after` are JSON data, None where there are none or they were `forgotten`."""

    sequence: int
    at: datetime
    actor: str
    act: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    forgotten: bool = False


def trail(session: Session, *subjects: str) -> list[Entry]:
    """All that was done to some subjects, in order."""
    query = select(audit).where(audit.c.subject.in_(subjects)).order_by(audit.c.sequence)
    return [entry_of(row) for row in session.execute(query).mappings()]


@dataclass(frozen=True)
class Asked:
    """Which rows are wanted: of an actor, an act, a subject, from `since` until before `until` (UTC); None is any."""

    actor: str | None = None
    act: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def newest(session: Session, asked: Asked, before: int | None = None, most: int = PAGE) -> list[Entry]:
    """The rows that are asked for, the newest first; `before` is the sequence that the page before ended with."""
    query = select(audit).order_by(audit.c.sequence.desc()).limit(most)
    for name in ("actor", "act", "subject"):
        if getattr(asked, name):
            query = query.where(audit.c[name] == getattr(asked, name))
    if asked.since:
        query = query.where(audit.c.at >= asked.since)
    if asked.until:
        query = query.where(audit.c.at < asked.until)
    if before is not None:
        query = query.where(audit.c.sequence < before)
    return [entry_of(row) for row in session.execute(query).mappings()]


def entry_of(row: Mapping[str, Any]) -> Entry:
    """A row of the table as it is read."""
    names = ("before", "after")
    before, after = (json.loads(row[name]) if row[name] else None for name in names)
    forgotten = any(row[f"{name}_digest"] is not None and row[name] is None for name in names)
    return Entry(row["sequence"], row["at"], row["actor"], row["act"], row["subject"], before, after, forgotten)


def forget(session: Session, subject: str) -> int:
    """Empty what the rows of a subject say of before and after; the chain stays whole. Returns how many rows."""
    forget_for_good(session.connection())
    emptied = update(audit).where(audit.c.subject == subject).values(before=None, after=None)
    return int(session.execute(emptied).rowcount)


def verify(session: Session) -> Verified:
    """Read the chain from its beginning up to the first row that is not as it was written.

    Contents are checked against their keyed digests where they are still there: that some were emptied is no break.
    """
    so_far, more = START, True
    while more:
        so_far, more = verify_on(session, so_far)
    return so_far


async def verify_all(database: Database, noted: str | None = None) -> Verified:
    """The same in a transaction for each batch, so that no call is long; raises DatabaseUnavailable.

    `noted` is the hash of a row that somebody wrote down earlier: where it is found says `Verified.noted_at`.
    """
    so_far, more = replace(START, noted=noted), True
    while more:
        so_far, more = await database.run(partial(verify_on, so_far=so_far), read_only=True)
    return so_far


def verify_on(session: Session, so_far: Verified) -> tuple[Verified, bool]:
    """Read the next rows of a chain that is whole `so_far`; and whether there is more to read."""
    found = _rows(session, so_far.rows)
    for row in found:
        whole = row["sequence"] == so_far.rows + 1 and row["previous"] == so_far.head and _is_whole(row)
        if not whole:
            return replace(so_far, broken=row["sequence"]), False
        noted_at = row["sequence"] if row["hash"] == so_far.noted else so_far.noted_at
        so_far = replace(so_far, rows=so_far.rows + 1, head=row["hash"], noted_at=noted_at)
    return so_far, len(found) == BATCH


def _rows(session: Session, last: int) -> Sequence[Mapping[str, Any]]:
    """The next rows in order, with their contents still sealed; of the first, what should not be there too."""
    sealed = [type_coerce(audit.c[name], Text).label(name) for name in ("before", "after")]
    columns = [column for column in audit.c if column.name not in ("before", "after")]
    query = select(*columns, *sealed).order_by(audit.c.sequence).limit(BATCH)
    rows: Sequence[Mapping[str, Any]] = (
        session.execute(query.where(audit.c.sequence > last) if last else query).mappings().all()
    )
    return rows


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
