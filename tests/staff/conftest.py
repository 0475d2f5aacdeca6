"""Fixtures of the console's tests."""

from collections.abc import AsyncIterator, Iterator

import pytest
from argon2 import PasswordHasher
from browser_console import browser, invented, new_context, office  # noqa: F401  # fixtures
from console import Console, opened

from bot.staff import passwords


@pytest.fixture
async def console(database: str) -> AsyncIterator[Console]:
    """A console on each kind of database."""
    async with opened() as made:
        yield made


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed a hundred times faster than in earnest."""
    hasher = PasswordHasher(time_cost=1, memory_cost=256, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: hasher)
    passwords.nobodys.cache_clear()
    yield
    passwords.nobodys.cache_clear()
