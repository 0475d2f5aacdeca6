"""Fixtures of the console's tests."""

from collections.abc import AsyncIterator

import pytest
from browser_console import browser, invented, new_context, office  # noqa: F401  # fixtures
from console import Console, opened


@pytest.fixture
async def console(database: str) -> AsyncIterator[Console]:
    """A console on each kind of database."""
    async with opened() as made:
        yield made
