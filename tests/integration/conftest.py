"""The real assistant, loaded once for all tests that talk with it on a database of their own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.settings import settings
from bot.storage.database import open_database

if TYPE_CHECKING:
    from bot.dialogue.assistant import Assistant


@pytest.fixture(scope="session")
def model() -> Path:
    """The real model; it is trained first where its inputs have changed."""
    from bot.cli.train import ready_model

    return ready_model()


@pytest.fixture(scope="session")
def loaded(model: Path) -> "Assistant":
    """The real assistant; its database is that of the settings as they are when it is asked."""
    from handing_over import load_anew

    loop = asyncio.new_event_loop()
    made = loop.run_until_complete(load_anew(model))
    loop.close()
    return made


@pytest.fixture
async def strand(loaded: "Assistant", database: str) -> "AsyncIterator[Assistant]":
    """The real assistant on a database of the test's own, of either kind."""
    yield loaded
    open_database(settings().database, settings().database_seconds).close()
