"""Questions that staff have approved as training examples, in the caller's transaction; they name no conversation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.transcripts.tables import examples


@dataclass(frozen=True)
class Example:
    """A question with the entry that answers it."""

    id: int
    text: str
    entry: str


def add(session: Session, text: str, entry: str, name: str, now: datetime) -> None:
    """Keep a question that `name` has approved: one that holds no personal detail."""
    session.execute(insert(examples).values(text=text, entry=entry, staff=name, at=now))


def approved(session: Session, again: bool = True) -> Sequence[Example]:
    """All examples in the order of their approval; without `again`, those that were not exported yet."""
    query = select(examples.c.id, examples.c.text, examples.c.entry).order_by(examples.c.id)
    rows = session.execute(query if again else query.where(examples.c.exported_at.is_(None)))
    return [Example(row.id, row.text, row.entry) for row in rows]


def count_waiting(session: Session) -> int:
    """How many examples were not exported yet."""
    waiting = select(func.count()).select_from(examples).where(examples.c.exported_at.is_(None))
    return int(session.execute(waiting).scalar_one())


def mark_exported(session: Session, ids: Iterable[int], now: datetime) -> None:
    """Note that examples were exported."""
    session.execute(update(examples).where(examples.c.id.in_(list(ids))).values(exported_at=now))
