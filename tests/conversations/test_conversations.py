"""Every YAML file below this folder is a conversation with the real assistant, foldered by what goes wrong in it."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli.replies import fold
from tests.conversations.conversation import Expected, broken_promises, problems, read

if TYPE_CHECKING:
    from tests.conversations.conftest import Visitors

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.rglob("*.yml"))


@pytest.mark.timeout(900)  # the first one may have to train the model
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FOLDER).with_suffix("").as_posix())
def test_conversation(path: Path, visitors: "Visitors") -> None:
    conversation, turn = uuid.uuid4().hex, {}
    for number, step in enumerate(read(path).turns, start=1):
        words = step.words(turn)
        messages = visitors.say(conversation, words)
        turn = fold(words, messages)
        wrong = [*problems(step.reply, turn), *broken_promises(messages, turn)]
        shown = {key: value for key, value in turn.items() if key != "sources"}
        assert not wrong, f"turn {number}: {'; '.join(wrong)}\n{str(shown)[:1500]}"


def test_there_are_conversations_for_every_way_of_going_wrong() -> None:
    folders = {path.parent.name for path in FILES}
    wanted = {"happy", "follow_ups", "several_questions", "unclear", "out_of_scope", "invalid_input", "other_languages"}
    assert wanted <= folders
    assert len(FILES) >= 60


def turn(**payload: Any) -> dict[str, Any]:
    return {"reply": ["It costs a lot."], "buttons": [], **payload}


@pytest.mark.parametrize(
    ("expected", "complaint"),
    [
        ({"kind": "clarify"}, "kind is 'answer'"),
        ({"kind": "answer", "topics": ["scarring"]}, "topics lacks"),
        ({"kind": "answer", "any_topic": ["scarring", "what_is"]}, "topics are"),
        ({"kind": "answer", "entries": ["cost.extra"]}, "entries lacks"),
        ({"kind": "answer", "contains": ["cheap"]}, "does not say"),
        ({"kind": "answer", "without": ["COSTS"]}, "says 'COSTS'"),
        ({"kind": "answer", "buttons": True}, "buttons are"),
        ({"kind": "answer", "buttons": ["More"]}, "buttons lacks"),
        ({"kind": "answer", "language": "es"}, "language is None"),
    ],
)
def test_the_runner_notices_what_is_not_as_expected(expected: dict[str, Any], complaint: str) -> None:
    found = problems(Expected(**expected), turn(kind="answer", topics=["cost"], entries=["cost.session_price"]))
    assert len(found) == 1
    assert complaint in found[0]


def test_the_runner_notices_a_broken_promise() -> None:
    silent = {"reply": [], "buttons": [], "kind": "answer"}
    found = broken_promises([], silent)
    assert "not exactly one payload" in found
    assert "a reply without words" in found
    assert "an answer without sources" in found
    good = [{"text": "No."}, {"custom": {"kind": "out_of_scope"}}]
    assert not broken_promises(good, fold("x", good))
