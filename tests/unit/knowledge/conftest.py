"""A knowledge base without a fault, in which a test breaks one thing."""

from pathlib import Path

import pytest

from tests.unit.knowledge.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small knowledge base in a temporary folder."""
    return Desk(tmp_path)
