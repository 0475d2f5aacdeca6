"""How events and snapshots stand in their columns; sealing at rest belongs here, and nowhere else."""

import json
from typing import Any


def encode(value: Any) -> str:
    """A column's text for a value that JSON can hold; raises TypeError for another."""
    return json.dumps(value, separators=(",", ":"))


def decode(column: str) -> Any:
    """The value that `encode` was given."""
    return json.loads(column)
