"""The program is killed, or loses its database, at every step: nothing is lost, doubled, or said that is not true."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.crash.faults import Fault
from bench.crash.series import at_random, each_step, faults_on
from bench.crash.stage import Stage
from bot.settings import settings

ESSENTIAL = {
    "submit: before INSERT leads",
    "submit: after INSERT outbox",
    "submit: after INSERT audit",
    "submit: commit",
    "submit: commit made, not yet answered",
    "submit: returned",
    "delivery: after UPDATE outbox",
    "delivery: request chunk sent",
    "delivery: request end",
    "delivery: commit made, not yet answered",
}


@pytest.fixture
def stage(database: str, tmp_path: Path) -> Iterator[Stage]:
    with Stage(database, settings().state_dir, tmp_path / "stage", seed=7) as made:
        yield made


def strike_each_step(stage: Stage, *faults: Fault) -> None:
    steps = each_step(stage, faults)
    assert set(steps) >= ESSENTIAL
    assert stage.tally.steps == Counter(steps)
    assert stage.tally.sentences == []


def test_killed_at_any_step_it_keeps_its_word(stage: Stage) -> None:
    strike_each_step(stage, "kill")
    assert stage.tally.restarts == stage.tally.struck


def test_cut_off_from_its_database_at_any_step_it_keeps_its_word(stage: Stage) -> None:
    strike_each_step(stage, *(fault for fault in faults_on(stage.url) if fault != "kill"))
    assert stage.log.of("failed")


def test_struck_at_random_while_several_visitors_hurry_it_keeps_its_word(stage: Stage) -> None:
    at_random(stage, 10, seed=4, show=lambda *_: None)
    assert stage.tally.struck == 10
    assert stage.tally.sentences == []
