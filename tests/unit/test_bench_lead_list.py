"""The suite's part on the list of leads: what it fills in, and that every page of it is measured."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench import lead_list
from bench.lead_list import Job, measure
from bench.many_leads import fill, reference_of
from bot.leads.facets import read_facets
from bot.leads.filters import Filters
from bot.leads.search import search
from bot.leads.tables import lead_labels, leads, note_words
from bot.leads.views import count_all
from bot.storage.database import Database

COUNT = 200


async def test_pages_of_many_leads_are_measured(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, small in (("ROUNDS", 1), ("COMBINATIONS", 4), ("SLOWEST", 1)):
        monkeypatch.setattr(lead_list, name, small)
    names = ("status", "outcome", "channel", "language", "sort", "label", "assignee")
    monkeypatch.setattr(lead_list, "FILTERS", {name: [*lead_list.FILTERS[name]][:1] for name in names})
    engine = Database(database, 30).engine
    fill(engine, COUNT)
    with Session(engine, future=True) as session:
        assert session.execute(select(func.count()).select_from(leads)).scalar() == COUNT
        assert session.execute(select(func.count()).select_from(lead_labels)).scalar()
        assert session.execute(select(func.count()).select_from(note_words)).scalar()
        known = read_facets(session)
        assert count_all(session, known, {"all": Filters(), "mine": Filters(assignee="dana")})["all"] == COUNT
        assert len(search(session, "exosomes", "US", ["sales", "clinician"], 50).references) == 1
    found = await measure(Job(database, COUNT))
    assert len(found) == len(lead_list.PAGES) + 4 + len(lead_list.SEARCHES)
    assert min(found.values()) > 0


def test_no_two_of_a_million_have_one_reference() -> None:
    assert len({reference_of(number) for number in range(0, 1_000_000, 7)}) == len(range(0, 1_000_000, 7))
