"""A desk for leads, on a database of either kind."""

from collections.abc import Iterator

import pytest

from tests.unit.leads.handed_over import World


@pytest.fixture
def leads_world(database: str) -> Iterator[World]:
    made = World(database)
    yield made
    made.database.close()
