"""A page of leads is what a slow and simple search would find, whatever is filtered and however it is sorted."""

import random
from datetime import timedelta
from typing import Any

import pytest
from people import NOON, inside
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.leads.facets import read_facets
from bot.leads.filters import NOBODY, Filters
from bot.leads.paging import STATUSES, Sort, find_page
from bot.leads.places import Place, read_place
from bot.leads.tables import lead_facets, lead_labels, leads
from bot.leads.views import count_all

COUNT = 100
PAGE = 7
OUTCOMES = ("qualified", "clinician_review", "none")
CHANNELS = ("web", "sms", "rest")
STAFF = (None, None, "dana", "rita")
LABELS = ("abroad", "price")


def fill(session: Session, chance: random.Random) -> list[dict[str, Any]]:
    """Leads of every kind; several come at the same instant, and some change after they got a label."""
    rows = [_lead(number, chance) for number in range(COUNT)]
    session.execute(insert(leads), rows)
    for row in rows:
        row["labels"] = [label for label in LABELS if chance.random() < 0.3]
        own = {"lead_reference": row["reference"], "created_at": row["created_at"]}
        session.execute(insert(lead_labels), [own | {"label": label} for label in row["labels"]]) if row[
            "labels"
        ] else 0
    for row in chance.sample(rows, COUNT // 4):
        changed = {"status": chance.choice(STATUSES), "assignee": chance.choice(STAFF)}
        session.execute(update(leads).where(leads.c.reference == row["reference"]).values(changed))
        row.update(changed)
    return [row for row in rows if not row["merged_into"]]


def _lead(number: int, chance: random.Random) -> dict[str, Any]:
    at = NOON + timedelta(minutes=chance.randrange(60))
    row = {"reference": f"S-{number:06}", "conversation_id": str(number), "form_version": "1", "table_version": "1"}
    row |= {"channel": chance.choice(CHANNELS), "language": chance.choice(("en", "es")), "assessment": "{}"}
    row |= {"outcome": chance.choice(OUTCOMES), "queue": chance.choice(("sales", "clinician"))}
    times = {"created_at": at, "updated_at": at}
    merged = "S-000000" if number and chance.random() < 0.05 else None
    state = {"status": chance.choice(STATUSES), "assignee": chance.choice(STAFF), "merged_into": merged}
    return row | times | state | {"flagged": chance.random() < 0.3}


def some_filters(chance: random.Random) -> Filters:
    """Any combination; one that nothing fits too."""

    def maybe(values: Any) -> Any:
        return chance.choice(values) if chance.random() < 0.3 else None

    chosen = Filters(
        flagged=maybe((True, False)), assignee=maybe((NOBODY, "dana", "nina")), label=maybe((*LABELS, "x"))
    )
    for part, values in {
        "status": STATUSES,
        "outcome": OUTCOMES,
        "channel": CHANNELS,
        "language": ("en", "es"),
    }.items():
        value = maybe(values)
        chosen = chosen.of(part, [value]) if value else chosen
    hours = maybe((0, 10, 30))
    return chosen if hours is None else chosen.within(NOON + timedelta(minutes=hours), NOON + timedelta(minutes=45))


def fits(row: dict[str, Any], filters: Filters) -> bool:
    """What the filters mean, spelled out."""
    parts = all(
        allowed is None or row[part] in allowed
        for part in ("status", "outcome", "queue", "channel", "language")
        for allowed in [getattr(filters, part)]
    )
    flagged = filters.flagged in (None, row["flagged"])
    mine = filters.assignee is None or (row["assignee"] or NOBODY) == filters.assignee
    labelled = filters.label is None or filters.label in row["labels"]
    since = filters.since is None or row["created_at"] >= filters.since
    return (
        parts and flagged and mine and labelled and since and not (filters.until and row["created_at"] >= filters.until)
    )


def in_order(rows: list[dict[str, Any]], sort: Sort) -> list[str]:
    """The references in the order of a list."""
    keys = [(row["created_at"], row["reference"]) for row in rows]
    if sort == "newest":
        return [reference for _, reference in sorted(keys, reverse=True)]
    waits = {row["reference"]: row["status"] != "new" for row in rows}
    return [key[1] for key in sorted(keys, key=lambda key: (waits[key[1]], key))]


def all_pages(session: Session, filters: Filters, sort: Sort) -> list[str]:
    """Every page, one after the other, each from the place that the address of the one before has."""
    found, after = [], None
    while True:
        page = find_page(session, read_facets(session), filters, sort, after, PAGE)
        found += page.references
        if page.next is None:
            return found
        assert len(page.references) == PAGE
        after = read_place(page.next.as_text())


def counts(session: Session, filters: Filters) -> int:
    """How many there are."""
    return count_all(session, read_facets(session), {"all": filters})["all"]


@pytest.mark.parametrize("sort", ["newest", "waiting"])
async def test_pages_are_what_a_simple_search_finds(database: str, sort: Sort) -> None:
    chance = random.Random(6)

    rows = await inside(lambda session: fill(session, chance))
    for filters in [Filters(), *(some_filters(chance) for _ in range(15))]:
        wanted = [row for row in rows if fits(row, filters)]
        found = await inside(lambda session, filters=filters: all_pages(session, filters, sort))
        assert found == in_order(wanted, sort), filters
        counted = await inside(lambda session, filters=filters: counts(session, filters))
        assert counted == len(wanted), filters


async def test_a_facet_that_is_left_again_does_no_harm(database: str) -> None:
    def work(session: Session) -> tuple[int, list[str]]:
        session.execute(insert(leads).values(_lead(1, random.Random(1))))
        session.execute(update(leads).values(status="contacted", merged_into=None))
        session.execute(update(leads).values(status="closed"))
        known = session.execute(select(lead_facets.c.status)).scalars().all()
        assert {"contacted", "closed"} <= set(known)
        return len(known), all_pages(session, Filters(), "newest")

    assert (await inside(work))[1] == ["S-000001"]


@pytest.mark.parametrize("text", ["", "W10", "bnVsbA", "WzAsICIyMDI2LTAxLTAxIiwgIlMtMSJd", "é"])
def test_a_place_that_is_none_is_not_read(text: str) -> None:
    assert read_place(text) is None


def test_a_place_is_read_as_it_was_written() -> None:
    place = Place(1, NOON + timedelta(microseconds=3), "S-4KX7QF")
    assert read_place(place.as_text()) == place
