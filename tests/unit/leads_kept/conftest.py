"""A migrated SQLite file for tests that look at the file itself, or at the command line."""

import logging
from collections.abc import Iterator

import pytest

from bot.settings import settings
from bot.storage.schema import migrate
from tests.conftest import Configure


@pytest.fixture
def migrated(configure: Configure) -> Iterator[None]:
    """A database of the default kind; the log goes back to where it went before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    migrate(settings().database)
    yield
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
