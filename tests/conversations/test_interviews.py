"""Whole checks with strangers, whose answers were written without sight of the program (tests/interviews/*.yml)."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot.cli.replies import fold
from bot.settings import PROJECT

if TYPE_CHECKING:
    from tests.conversations.conftest import Visitors

FOLDER = PROJECT / "tests" / "interviews"
MOST_TURNS = 40
WANTED = 0.9


def hold(visitors: "Visitors", answers: Mapping[str, Any]) -> str | None:
    """The outcome of a check in which a stranger types, at each field, the next of the answers kept for it."""
    waiting = {field: [told] if isinstance(told, str) else [*map(str, told)] for field, told in answers.items()}
    conversation, words = uuid.uuid4().hex, "start the suitability check"
    last: dict[str, str] = {}
    for _ in range(MOST_TURNS):
        turn = fold(words, visitors.say(conversation, words))
        field = turn.get("field")
        if turn.get("outcome") or field is None:
            return turn.get("outcome")
        if waiting.get(field):
            last[field] = waiting[field].pop(0)
        words = last.get(field, "skip")
    return None


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["development", "held_back"])
def test_strangers_come_to_the_outcome_that_their_answers_ask_for(name: str, visitors: "Visitors") -> None:
    scripts = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    found = [(script["name"], script["outcome"], hold(visitors, script["answers"])) for script in scripts]
    lax = [one for one in found if one[2] == "qualified" != one[1]]
    assert not lax, f"qualified where it must not be: {lax}"
    missed = [one for one in found if one[1] != one[2]]
    assert len(found) - len(missed) >= WANTED * len(found), missed
