"""Fixtures of the console's tests."""

from collections.abc import AsyncIterator

import pytest
from console import Console, opened


@pytest.fixture
async def console(database: str) -> AsyncIterator[Console]:
    """A console on each kind of database."""
    async with opened() as made:
        yield made
