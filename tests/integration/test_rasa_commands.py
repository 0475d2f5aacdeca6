"""Rasa's own commands in the project's root, as anyone who knows Rasa would type them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.train import ready_model
from bot.settings import PROJECT

pytestmark = pytest.mark.timeout(600)  # the first test that needs the real model trains it


def rasa(tmp_path: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Rasa's command line in the root, with a state folder of the test's own."""
    program = Path(sys.executable).with_name("rasa")
    environment = {**os.environ, "STRAND_STATE_DIR": str(tmp_path), "RASA_TELEMETRY_ENABLED": "false"}
    return subprocess.run([program, *words], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def test_the_data_is_valid_without_a_warning(tmp_path: Path) -> None:
    done = rasa(tmp_path, "data", "validate", "--fail-on-warnings")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_language_and_the_rule_predict_the_stories(tmp_path: Path) -> None:
    model = ready_model()
    words = ["--stories", "tests/rasa", "--model", str(model), "--out", str(tmp_path), "--no-plot"]
    done = rasa(tmp_path, "test", "core", "--fail-on-prediction-errors", *words)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert (tmp_path / "story_report.json").exists()
