"""The facets of the leads: all that a list can be filtered by and that takes few values, in one text a lead.

There are some hundreds at most, however many leads there are, so that a list first chooses among them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads.filters import PARTS, Filters
from bot.leads.tables import lead_facets


class Facet(NamedTuple):
    """A facet with what it is made of."""

    facet: str
    status: str
    outcome: str
    queue: str
    channel: str
    language: str
    flagged: bool


def read_facets(session: Session) -> list[Facet]:
    """Every facet that a lead has or had."""
    columns = [lead_facets.c[name] for name in Facet._fields]
    return [Facet(*row) for row in session.execute(select(*columns))]


def fitting(known: Sequence[Facet], filters: Filters) -> list[str]:
    """The facets whose leads may fit."""
    chosen = [(name, allowed) for name in PARTS if (allowed := getattr(filters, name)) is not None]
    return [
        one.facet
        for one in known
        if filters.flagged in (None, one.flagged) and all(getattr(one, name) in allowed for name, allowed in chosen)
    ]
