"""Pages of leads by keyset: each begins after the last lead of the one before, and costs the same however deep it is.

Every facet (see bot.leads.tables) has its leads in order of time, so a page is a merge of some hundred lists at most.
The leads of a page of 50 are in the 51 lists whose first leads come first (in more where some came at one instant), and
none of them comes after the 51st lead of any list. Nothing else is read, whether much fits, little or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads.facets import Facet, among, fitting
from bot.leads.filters import Filters, Postings, postings
from bot.leads.places import Place
from bot.leads.records import Status
from bot.leads.tables import lead_facets

Sort = Literal["newest", "waiting"]
STATUSES: tuple[Status, ...] = get_args(Status)
WAITING: Status = "new"


@dataclass(frozen=True)
class Found:
    """The references of a page in order, and the place where the next one begins; None at the end."""

    references: Sequence[str]
    next: Place | None


def find_page(
    session: Session, known: Sequence[Facet], filters: Filters, sort: Sort, after: Place | None, most: int
) -> Found:
    """A page of at most `most` leads: the newest first, or those first that have waited longest."""
    found: list[Place] = []
    for number, part in enumerate(_parts(filters, sort)):
        if number >= (after.part if after else 0) and len(found) <= most:
            start = after if after and after.part == number else None
            merge = _Merge(session, postings(part, start, sort == "newest"), sort == "newest", most + 1)
            found += [Place(number, *row) for row in merge.first(fitting(known, part))]
    shown = found[:most]
    return Found([place.reference for place in shown], shown[-1] if len(found) > most else None)


def _parts(filters: Filters, sort: Sort) -> Sequence[Filters]:
    """A list by waiting has who waits before those who do not wait any more."""
    if sort == "newest":
        return [filters]
    others = [status for status in STATUSES if status != WAITING]
    return [filters.of("status", [WAITING]), filters.of("status", others)]


class _Merge:
    """The first `most` leads among some postings."""

    def __init__(self, session: Session, found: Postings, newest: bool, most: int) -> None:
        self._session, self._postings, self._newest, self._most = session, found, newest, most

    def first(self, facets: Sequence[str]) -> Sequence[Any]:
        """Time and reference of each, of these facets."""
        heads = self._ordered(self._nth_of_each(facets, 0))
        ends = [at for _, at in heads[self._most - 1 : self._most]]
        near = [facet for facet, at in heads if not ends or not self._is_behind(at, ends[0])]
        ends += [at for _, at in self._ordered(self._nth_of_each(near, self._most - 1))[:1]]
        return self._rows(near, (max if self._newest else min)(ends, default=None))

    def _is_behind(self, at: datetime, end: datetime) -> bool:
        return at < end if self._newest else at > end

    def _ordered(self, found: Sequence[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
        return sorted(found, key=lambda one: one[1], reverse=self._newest)

    def _nth_of_each(self, facets: Sequence[str], number: int) -> list[tuple[str, datetime]]:
        """The time of the lead at a place, counted from 0, of each of `facets` that has so many."""
        if not facets:
            return []
        wanted = self._postings
        query = select(wanted.created_at).where(wanted.facet == lead_facets.c.facet, *wanted.only)
        nth = query.order_by(*wanted.index_order).offset(number).limit(1).correlate(lead_facets).scalar_subquery()
        each = select(lead_facets.c.facet, nth.label("at")).where(among(lead_facets.c.facet, facets))
        return [(facet, at) for facet, at in self._session.execute(each) if at is not None]

    def _rows(self, facets: Sequence[str], end: datetime | None) -> Sequence[Any]:
        if not facets:
            return []
        wanted = self._postings
        query = select(wanted.created_at, wanted.reference).where(among(wanted.facet, facets), *wanted.only)
        if end is not None:
            query = query.where(wanted.created_at >= end if self._newest else wanted.created_at <= end)
        # Were they ordered at once, PostgreSQL might walk through all leads by time until it has met enough of these.
        few = query.cte("few").prefix_with("MATERIALIZED", dialect="postgresql")
        order = [column.desc() if self._newest else column.asc() for column in few.c]
        rows: Sequence[Any] = self._session.execute(select(few).order_by(*order).limit(self._most)).all()
        return rows
