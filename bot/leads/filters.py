"""Which leads a list is of, and how each condition is found by the database's indexes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import tuple_

from bot.leads.places import Place
from bot.leads.tables import lead_labels, leads

NOBODY = ""  # as an assignee: the leads that nobody has taken
PARTS = ("status", "outcome", "queue", "channel", "language")


@dataclass(frozen=True)
class Filters:
    """What the leads of a list have in common; None is whatever it may be, an empty tuple is nothing at all.

    They came from `since` until before `until` (UTC); `assignee` is a name or NOBODY.
    """

    status: tuple[str, ...] | None = None
    outcome: tuple[str, ...] | None = None
    queue: tuple[str, ...] | None = None
    channel: tuple[str, ...] | None = None
    language: tuple[str, ...] | None = None
    flagged: bool | None = None
    assignee: str | None = None
    label: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def of(self, part: str, allowed: Sequence[str]) -> "Filters":
        """The same, where one of PARTS is among `allowed` besides."""
        present: tuple[str, ...] | None = getattr(self, part)
        kept = tuple(allowed) if present is None else tuple(value for value in present if value in allowed)
        return replace(self, **{part: kept})  # type: ignore[arg-type]  # PARTS are of this type

    def by(self, assignee: str | None, label: str | None) -> "Filters":
        """The same, of one assignee and with one label besides, where they are given."""
        if None not in (assignee, self.assignee) and assignee != self.assignee:
            return self.of("status", ())
        return replace(self, assignee=self.assignee if assignee is None else assignee, label=label or self.label)

    def within(self, since: datetime | None, until: datetime | None) -> "Filters":
        """The same, of a time besides."""
        starts = [time for time in (since, self.since) if time]
        ends = [time for time in (until, self.until) if time]
        return replace(self, since=max(starts, default=None), until=min(ends, default=None))


@dataclass(frozen=True)
class Postings:
    """Where a database finds leads: those of a facet that fulfil `only` stand together, in order, in an index.

    `index_order` names all of the index's columns, also those that are the same in all rows: PostgreSQL does not see
    that a column which is null has one value.
    """

    facet: Any
    created_at: Any
    reference: Any
    only: Sequence[Any]
    index_order: Sequence[Any]


def postings(filters: Filters, after: Place | None = None, newest: bool = True) -> Postings:
    """The leads that fit, whatever their facet, after a place: the newest first, or the oldest."""
    table, key = (leads, "reference") if filters.label is None else (lead_labels, "lead_reference")
    created_at, reference = table.c.created_at, table.c[key]
    only = [] if filters.label is None else [table.c.label == filters.label]
    if filters.assignee is not None:
        only.append(table.c.assignee.is_(None) if filters.assignee == NOBODY else table.c.assignee == filters.assignee)
    only += [created_at >= filters.since] if filters.since else []
    only += [created_at < filters.until] if filters.until else []
    if after:
        here, there = tuple_(created_at, reference), tuple_(after.created_at, after.reference)
        only.append(here < there if newest else here > there)
    columns = [table.c.facet, created_at, reference]
    columns[:0] = [] if filters.assignee is None else [table.c.assignee]
    order = [column.desc() if newest else column.asc() for column in columns]
    return Postings(table.c.facet, created_at, reference, only, order)
