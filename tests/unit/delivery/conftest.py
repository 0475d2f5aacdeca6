"""An outbox on a database of either kind, and a receiver of webhooks."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.settings import settings
from tests.unit.delivery.office import Office
from tests.unit.delivery.receiver import Receiver


@pytest.fixture
def office(database: str) -> Iterator[Office]:
    made = Office(database, settings())
    yield made
    made.database.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as made:
        yield made
