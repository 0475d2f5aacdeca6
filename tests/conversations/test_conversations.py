"""Every YAML file below this folder is a conversation with the real assistant, foldered by what goes wrong in it."""

import uuid
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli.replies import fold
from tests.conversations.conversation import PLAIN_ANSWERS, Expected, Turn, broken_promises, play, problems, read

if TYPE_CHECKING:
    from tests.conversations.conftest import Visitors

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.rglob("*.yml"))


@pytest.mark.timeout(900)  # the first one may have to train the model
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FOLDER).with_suffix("").as_posix())
def test_conversation(path: Path, visitors: "Visitors") -> None:
    conversation, turn = uuid.uuid4().hex, {}
    for number, step in enumerate(read(path).turns, start=1):
        turn, wrong = play(step, turn, partial(visitors.say, conversation))
        shown = {key: value for key, value in turn.items() if key != "sources"}
        assert not wrong, f"turn {number}: {'; '.join(wrong)}\n{str(shown)[:1500]}"


def test_there_are_conversations_for_every_way_of_going_wrong() -> None:
    folders = Counter(path.parent.name for path in FILES)
    wanted = {
        "happy", "follow_ups", "several_questions", "unclear", "out_of_scope", "invalid_input", "other_languages",
        "digressions", "corrections", "cancellations", "invalid", "safety", "refusals", "minors",
        "handoff", "account",
    }  # fmt: skip
    assert {name: folders[name] for name in wanted if folders[name] < 8} == {}
    assert len(FILES) >= 150


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
        ({"kind": "answer", "field": "duration"}, "field is 'age'"),
        ({"kind": "answer", "field": None}, "field is 'age'"),
        ({"kind": "answer", "outcome": "urgent"}, "outcome is None"),
        ({"kind": "answer", "state": "offered"}, "state is None"),
        ({"kind": "answer", "action": "deleted"}, "action is None"),
        ({"kind": "answer", "class": "emergency"}, "class is None"),
        ({"kind": "answer", "certain": False}, "certain is None"),
        ({"kind": "answer", "findings": ["keloid"]}, "reasons lacks"),
    ],
)
def test_the_runner_notices_what_is_not_as_expected(expected: dict[str, Any], complaint: str) -> None:
    found = problems(
        Expected(**expected), turn(kind="answer", topics=["cost"], entries=["cost.session_price"], field="age")
    )
    assert len(found) == 1
    assert complaint in found[0]


def test_the_runner_notices_a_broken_promise() -> None:
    silent = {"reply": [], "buttons": [], "kind": "answer"}
    found = broken_promises([], silent)
    assert "not exactly one payload" in found
    assert "a reply without words" in found
    assert "a payload of kind answer without sources" in found
    good = [{"text": "No."}, {"custom": {"kind": "out_of_scope"}}]
    assert not broken_promises(good, fold("x", good))


def test_the_runner_lets_a_null_mean_that_there_is_nothing() -> None:
    expected = Expected(kind="answer", field=None, outcome=None)
    assert not problems(expected, turn(kind="answer"))


class Questioner:
    """Asks for the fields in turn, whatever it is told."""

    def __init__(self, *fields: str) -> None:
        self.heard: list[str] = []
        self._fields = list(fields)

    def say(self, words: str) -> list[dict[str, Any]]:
        self.heard.append(words)
        return [{"text": "And?"}, {"custom": {"kind": "question", "field": self._fields[len(self.heard) - 1]}}]


def test_a_run_answers_each_field_as_it_is_asked_until_the_one_that_it_names() -> None:
    questioner = Questioner("duration", "conditions", "medications")
    step = Turn(until="medications", answers={"conditions": "lupus"})
    last, wrong = play(step, turn(field="age"), questioner.say)
    assert questioner.heard == [PLAIN_ANSWERS["age"], PLAIN_ANSWERS["duration"], "lupus"]
    assert (last["field"], wrong) == ("medications", [])


def test_a_run_notices_a_field_that_is_asked_twice() -> None:
    questioner = Questioner("age", "duration")
    _, wrong = play(Turn(until="duration"), turn(field="age"), questioner.say)
    assert wrong == ["age is asked, not duration"]


def test_a_run_notices_an_answer_that_nobody_asks_for() -> None:
    step = Turn(until="duration", answers={"conditions": "lupus"})
    _, wrong = play(step, turn(field="age"), Questioner("duration").say)
    assert wrong == ["conditions is never asked"]


@pytest.mark.parametrize(
    ("before", "wanted", "wrong"),
    [
        (None, "new", []),
        ("S-ABC234", "same", []),
        ("S-ABC234", "new", ["S-ABC234 is said after S-ABC234"]),
        ("S-XYZ567", "same", ["S-ABC234 is said after S-XYZ567"]),
    ],
)
def test_the_runner_tells_a_new_reference_from_the_one_said_before(
    before: str | None, wanted: str, wrong: list[str]
) -> None:
    answer = [{"text": "Your reference is S-ABC234."}, {"custom": {"kind": "handoff", "state": "submitted"}}]
    step = Turn(visitor="yes", reply={"kind": "handoff", "reference": wanted})
    last, found = play(step, turn(said_reference=before), lambda _: answer)
    assert (last["said_reference"], found) == ("S-ABC234", wrong)


def test_the_runner_notices_states_and_actions_that_there_are_not() -> None:
    for payload in ({"kind": "handoff", "state": "done"}, {"kind": "account", "action": "lost"}):
        messages = [{"text": "Done."}, {"custom": payload}]
        assert len(broken_promises(messages, fold("x", messages))) == 1


@pytest.mark.parametrize(
    "step", [{}, {"visitor": "hi", "until": "age"}, {"visitor": "hi", "answers": {"age": "34"}}], ids=str
)
def test_a_step_has_one_kind_of_words(step: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"a turn has one of|answers need until"):
        Turn(**step)
