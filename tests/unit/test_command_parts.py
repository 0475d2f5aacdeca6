"""What the commands are made of: the folded turn, the talk's look, the bar, the fingerprint, the log."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from bot.cli.bar import Bar, drawn, waiting
from bot.cli.chat import shown
from bot.cli.inputs import fingerprint, input_files
from bot.cli.replies import fold
from bot.cli.train import remove_older
from bot.knowledge.library import LiveLibrary
from bot.language.progress import listen, report
from bot.settings import PROJECT, settings

SOURCE = {"id": "a", "title": "A study", "publisher": "Someone", "url": "https://example.org", "date": "2020"}


def test_a_turn_is_folded_into_one_object() -> None:
    button = {"title": "Does it hurt?", "payload": "Does it hurt?"}
    messages = [
        {"recipient_id": "x", "text": "First."},
        {"recipient_id": "x", "text": "Second.", "buttons": [button]},
        {"recipient_id": "x", "custom": {"kind": "answer", "topics": ["cost"]}},
    ]
    assert fold("how much", messages) == {
        "text": "how much",
        "reply": ["First.", "Second."],
        "buttons": [button],
        "kind": "answer",
        "topics": ["cost"],
    }


def test_a_turn_without_a_word_is_folded_too() -> None:
    assert fold("", []) == {"text": "", "reply": [], "buttons": []}


def test_the_talk_shows_sources_the_review_and_numbered_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    library = LiveLibrary(settings().knowledge_dir, watch=False).current
    turn = {
        "reply": ["A long answer. " * 12],
        "buttons": [{"title": "Why?"}, {"title": "What else?"}],
        "sources": [SOURCE],
        "reviewed_on": "2026-11-22",
        "reviewed_by": "editors",
    }
    text = shown(turn, library)
    assert max(map(len, text.splitlines())) < 60
    assert "  - A study (Someone, 2020)" in text
    assert "2026-11-22" in text
    assert text.endswith("  1  Why?\n  2  What else?")
    assert "A study" not in shown({**turn, "sources": []}, library)
    assert shown({**turn, "reply": ["It rests on: A study"]}, library).count("A study") == 1


def test_the_bar_fits_the_terminal_and_never_passes_its_end() -> None:
    assert drawn("Reading", 1, 2, 3.2, 80) == "Reading  [############............]  50 %  3 s"
    assert "100 %" in drawn("Reading", 9, 2, 3.2, 80)
    assert drawn("Loading", 0, 0, 3.2, 80) == "Loading  3 s"
    assert len(drawn("Reading a very long name", 1, 2, 3, 20)) == 19


def test_where_there_is_no_terminal_each_stage_is_one_line() -> None:
    stream = StringIO()
    with Bar(stream).running() as bar, listen(bar.show):
        for done in range(50):
            report("Encoding", done, 50)
        report("Fitting", 1, 2)
    with waiting("Loading", stream):
        pass
    assert stream.getvalue() == "Encoding\nFitting\n"


class Terminal(StringIO):
    """A stream that says that a person looks at it."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_stages_stay_and_a_wait_leaves_no_trace() -> None:
    stream = Terminal()
    with Bar(stream).running() as bar:
        bar.show("Encoding", 1, 2)
        bar.show("Fitting", 1, 2)
    assert [line.split("\x1b[K")[-1] for line in stream.getvalue().split("\n")] == [
        "Encoding  0 s",
        "Fitting  0 s",
        "",
    ]
    stream = Terminal()
    with waiting("Loading", stream):
        pass
    assert "\n" not in stream.getvalue()


def test_without_a_listener_progress_is_silent() -> None:
    report("Encoding", 1, 2)


def make_inputs(folder: Path) -> Path:
    for name in ("config.yml", "domain.yml", "requirements.txt", "data/nlu/faq/cost.yml", "bot/language/encoder.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


@pytest.mark.parametrize("name", ["config.yml", "requirements.txt", "data/nlu/faq/cost.yml", "bot/language/encoder.py"])
def test_a_changed_input_is_noticed(tmp_path: Path, name: str) -> None:
    before = fingerprint(make_inputs(tmp_path))
    (tmp_path / name).write_text("changed")
    assert fingerprint(tmp_path) != before


def test_a_new_or_renamed_input_is_noticed(tmp_path: Path) -> None:
    before = fingerprint(make_inputs(tmp_path))
    (tmp_path / "data" / "nlu" / "faq" / "cost.yml").rename(tmp_path / "data" / "nlu" / "faq" / "price.yml")
    renamed = fingerprint(tmp_path)
    (tmp_path / "data" / "nlu" / "new.yml").write_text("")
    assert len({before, renamed, fingerprint(tmp_path)}) == 3


def test_an_answer_s_text_and_byte_code_are_no_inputs(tmp_path: Path) -> None:
    before = fingerprint(make_inputs(tmp_path))
    for name in ("data/knowledge/cost/a.md", "bot/language/__pycache__/encoder.pyc", "data/nlu/.hidden.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("anything")
    assert fingerprint(tmp_path) == before


def test_the_project_s_own_inputs_are_all_found() -> None:
    names = {path.relative_to(PROJECT).as_posix() for path in input_files(PROJECT)}
    assert {
        "config.yml",
        "domain.yml",
        "requirements.txt",
        "data/stories/rules.yml",
        "bot/language/encoder.py",
    } <= names


def test_only_models_of_earlier_fingerprints_are_removed(tmp_path: Path) -> None:
    kept = tmp_path / "0123456789abcdef.tar.gz"
    others = [tmp_path / name for name in ("20261122-081500-calm-river.tar.gz", "MODEL_CARD.md")]
    old = tmp_path / "fedcba9876543210.tar.gz"
    for path in (kept, old, *others):
        path.touch()
    assert remove_older(kept) == [old]
    assert sorted(tmp_path.iterdir()) == sorted([kept, *others])


NOISE = """
import logging, os, subprocess, sys, warnings
import structlog
from bot.cli.quiet import noise_in_log, quiet
from bot.settings import settings
early = structlog.get_logger("rasa.core.processor")
quiet(settings())
with noise_in_log(settings()) as terminal:
    print("printed")
    os.write(2, b"written by a C library\\n")
    subprocess.run(["echo", "by a child"], check=True)
    terminal.write("for the person\\n")
early.warning("processor.message", text="i have lupus", user="me")
logging.getLogger("rasa").debug("i have lupus")
warnings.warn("deprecated thing")
print("done")
"""


def test_noise_is_in_the_log_and_no_message_is(tmp_path: Path) -> None:
    environment = {**os.environ, "STRAND_STATE_DIR": str(tmp_path), "STRAND_LOG_LEVEL": "DEBUG"}
    ended = subprocess.run(
        [sys.executable, "-c", NOISE], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("done\n", "for the person\n")
    log = (tmp_path / "logs" / "strand.log").read_text()
    for wanted in ("printed", "written by a C library", "by a child", "processor.message", "deprecated thing"):
        assert wanted in log
    assert "lupus" not in log
