"""`strand ask`, `chat` and `train` on the real model, each in a process of its own."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.cli.train import ready_model
from bot.settings import PROJECT

pytestmark = pytest.mark.timeout(600)  # the first test that needs the real model trains it
COMMAND = [sys.executable, "-m", "bot.cli"]
FOLLOWED = b"has the fda approved stem cell treatment for hair loss\nsays who?\n"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder beside a trained model: nothing may appear in it but logs and caches."""
    ready_model()
    return tmp_path_factory.mktemp("state")


def run(state: Path, *words: str | bytes, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    environment = {**os.environ, "STRAND_STATE_DIR": str(state)}
    return subprocess.run(
        [*COMMAND, *words], cwd=PROJECT, env=environment, input=given, capture_output=True, check=False
    )


def turns(output: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.fixture(scope="module")
def asked(state: Path) -> list[dict[str, object]]:
    """The answers to odd lines, to a question with another one behind it, and to somebody who tells of themselves."""
    odd = (
        b'is it fda approved\n\n  \r\nhel\xfflo \xe2\x80\xa8there\n/restart\n/greet{"x":1}\n\x00\x07\n' + b"a" * 10_000
    )
    done = run(state, "ask", given=odd + b"\n" + FOLLOWED + b"my name is Rumpelstiltskin and i have lupus\n")
    assert (done.returncode, done.stderr) == (0, b"")
    return turns(done.stdout)


def test_every_line_gets_a_line_blank_and_broken_ones_too(asked: list[dict[str, object]]) -> None:
    found = asked[:-3]
    texts = ["is it fda approved", "", "  ", "hel�lo \u2028there", "/restart", '/greet{"x":1}', "\0\7", "a" * 10_000]
    assert [turn["text"] for turn in found] == texts
    assert all(turn["kind"] and turn["reply"] for turn in found)
    assert found[-1]["kind"] == "error"
    assert found[-1]["retry"] is False


def test_an_answer_has_its_sources_and_the_day_of_its_review(asked: list[dict[str, object]]) -> None:
    turn = asked[-3]
    assert (turn["kind"], turn["topics"]) == ("answer", ["fda_status"])
    assert turn["sources"]
    assert turn["reviewed_on"]
    assert turn["confidence"]


def test_a_hundred_lines_take_less_than_thirty_seconds(state: Path) -> None:
    lines = [f"{number} sessions would cost how much in dollars".encode() for number in range(100)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run(state, "ask", given=b"\n".join(lines))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The processor's time, since the machine may have other work; on an idle one it is about the time on the clock.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 30
    assert len(done.stdout.splitlines()) == 100


def test_a_line_is_answered_before_the_next_one_is_typed(state: Path) -> None:
    environment = {**os.environ, "STRAND_STATE_DIR": str(state)}
    with subprocess.Popen(
        [*COMMAND, "ask"], cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for text in (b"hello\n", b"thanks\n"):
            process.stdin.write(text)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text.decode().strip()
        process.stdin.close()
        assert process.wait() == 0


def test_one_conversation_only_where_it_is_asked_for(state: Path, asked: list[dict[str, object]]) -> None:
    together = turns(run(state, "ask", "--continue", given=FOLLOWED).stdout)
    assert asked[-3]["entries"] == together[0]["entries"]
    assert asked[-2]["reply"] != together[1]["reply"]


@pytest.mark.usefixtures("asked")
def test_nothing_of_it_is_kept(state: Path) -> None:
    assert {path.name for path in state.iterdir()} <= {"logs", "rasa-cache", "encoder", "cache"}
    for path in state.rglob("*"):
        assert not path.is_file() or b"Rumpelstiltskin" not in path.read_bytes(), path


def test_an_argument_that_is_not_utf8_is_repaired(state: Path) -> None:
    assert turns(run(state, "ask", b"hel\xfflo").stdout)[0]["text"] == "hel�lo"


def test_a_talk_in_the_terminal_shows_sources_and_takes_a_number(state: Path) -> None:
    done = run(state, "chat", given=b"has the fda approved stem cell treatment for hair loss\n1\n/quit\nnever read\n")
    shown = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    first, second = shown.split("> ")[1:3]
    assert "checked against its sources on" in " ".join(first.lower().split())
    assert "\n  1  " in first
    assert second.strip()
    assert "not a clinician" in " ".join(shown.split())


def test_unchanged_inputs_are_not_trained_again(state: Path) -> None:
    begun = time.monotonic()
    done = run(state, "train")
    assert time.monotonic() - begun < 1.5
    assert done.stdout.startswith(b"Nothing changed: models/")
