"""The facets of the leads: all that a list can be filtered by and that takes few values, in one text a lead.

There are some hundreds at most, however many leads there are, so that a list first chooses among them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
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
    chosen = {name: getattr(filters, name) for name in PARTS}
    chosen["flagged"] = None if filters.flagged is None else (filters.flagged,)
    for name, allowed in chosen.items():
        if allowed is not None:
            known = [one for one in known if getattr(one, name) in allowed]
    return [one.facet for one in known]


def among(column: Any, facets: Sequence[str]) -> Any:
    """The condition that a column is one of `facets`, which may be hundreds: as one value, not one by one."""
    return column.in_(bindparam("facets", list(facets), expanding=True, unique=True))
