"""The saved views of the leads, and how many are in each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from bot.leads.facets import Facet, among, fitting
from bot.leads.filters import Filters, postings
from bot.leads.paging import WAITING
from bot.leads.records import Status
from bot.leads.tables import outbox

View = Literal["new", "clinician", "urgent", "waiting", "mine", "all"]

VIEWS: tuple[View, ...] = get_args(View)
# What somebody still has to do something about.
OPEN: tuple[Status, ...] = ("new", "contacted", "booked")
UNDECIDED: tuple[Status, ...] = ("new", "contacted")
MOST_COUNTED = 1000


def view_filters(view: View, reader: str, waiting: timedelta, now: datetime) -> Filters:
    """What the leads of a view have in common, for the account `reader`; who came before `waiting` ago is waiting."""
    every: Mapping[View, Filters] = {
        "new": Filters(status=(WAITING,)),
        "clinician": Filters(status=UNDECIDED, queue=("clinician",)),
        "urgent": Filters(status=OPEN, flagged=True),
        "waiting": Filters(status=(WAITING,), until=now - waiting),
        "mine": Filters(status=OPEN, assignee=reader),
        "all": Filters(),
    }
    return every[view]


def count_all(session: Session, known: Sequence[Facet], wanted: Mapping[View, Filters]) -> Mapping[View, int]:
    """How many leads there are of each; MOST_COUNTED + 1 is any number above MOST_COUNTED."""
    counted = [_count(known, filters).label(f"view_{number}") for number, filters in enumerate(wanted.values())]
    found = session.execute(select(*counted)).one() if counted else ()
    return dict(zip(wanted, found, strict=True))


def _count(known: Sequence[Facet], filters: Filters) -> Any:
    facets, found = fitting(known, filters), postings(filters)
    fits = found.facet.is_not(None) if len(facets) == len(known) else among(found.facet, facets)
    some = select(literal_column("1")).where(fits, *found.only).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def count_dead_letters(session: Session) -> int:
    """How many messages were given up, counted as `count_all` does."""
    some = select(literal_column("1")).where(outbox.c.dead_at.is_not(None)).limit(MOST_COUNTED + 1)
    number: int = session.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    return number


def spoken(known: Sequence[Facet]) -> Mapping[str, Sequence[str]]:
    """The channels and the languages that there are leads of, in order."""
    return {name: sorted({getattr(one, name) for one in known}) for name in ("channel", "language")}
