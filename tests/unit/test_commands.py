"""The command line: what it prints, where it puts the noise, and how it ends."""

import importlib
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.cli import knowledge
from bot.cli.main import COMMANDS, main
from bot.cli.serve import ROLES, read_roles
from bot.errors import SettingError
from bot.settings import PROJECT

COMMAND = [sys.executable, "-m", "bot.cli"]


def run(*words: str, cwd: Path = PROJECT, **more: str) -> "subprocess.CompletedProcess[str]":
    """The command line in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), **more}
    return subprocess.run([*COMMAND, *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_help_is_instant_and_names_every_command() -> None:
    begun = time.perf_counter()
    shown = run("--help")
    assert time.perf_counter() - begun < 0.5
    assert shown.returncode == 0
    assert all(f"  {name} " in shown.stdout for name in COMMANDS)


def test_a_misspelt_command_is_one_line_and_status_2() -> None:
    refused = run("trian")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "strand: there is no command 'trian'; ./strand --help lists them\n"


def test_an_argument_that_no_command_has_is_refused() -> None:
    assert run("train", "--faster").returncode == 2


def test_file_names_mean_what_they_say_where_the_launcher_was_called(tmp_path: Path) -> None:
    (tmp_path / "questions.tsv").write_text("not a labelled line\n")
    refused = run("--from", str(tmp_path), "eval", "questions.tsv", STRAND_STATE_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert "questions.tsv" in refused.stderr


def test_a_bad_setting_is_one_line(tmp_path: Path) -> None:
    refused = run("db", "migrate", STRAND_PORT="eighty", STRAND_STATE_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr == "strand: STRAND_PORT=eighty: a whole number is wanted\n"


def test_a_reader_who_has_gone_is_no_accident() -> None:
    listing = subprocess.Popen(
        [*COMMAND, "knowledge", "list"], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert listing.stdout
    assert listing.stderr
    listing.stdout.close()
    assert listing.stderr.read() == b""
    assert listing.wait() == 141


class Interrupted:
    """A command that a person stops, or that has a defect."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def configure(self, parser: object) -> None:
        """It has no arguments."""

    def run(self, arguments: object) -> int:
        raise self.error


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib, "import_module", lambda _name: Interrupted(KeyboardInterrupt()))
    assert main(["chat"]) == 130


def test_a_defect_is_one_line_and_its_traceback_is_in_the_log(tmp_path: Path) -> None:
    program = (
        "import bot.cli.db, sys; from bot.cli.main import main\n"
        "def broken(arguments): raise LookupError('no such thing')\n"
        "bot.cli.db.run = broken\n"
        "sys.exit(main(['db', 'migrate']))"
    )
    environment = {**os.environ, "STRAND_STATE_DIR": str(tmp_path / "var")}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    log = tmp_path / "var" / "logs" / "strand.log"
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"strand: LookupError: no such thing; more in {log}\n"
    assert "Traceback" in log.read_text()
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_state_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused = run("serve", STRAND_STATE_DIR=str(tmp_path / "file"))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"strand: cannot write to {tmp_path}/file/logs")
    assert len(refused.stderr.splitlines()) == 1


def test_a_role_that_does_not_exist_is_refused() -> None:
    assert read_roles("chat") == ("chat",)
    for text in ("chat,console", "", ","):
        with pytest.raises(SettingError, match="the roles are chat"):
            read_roles(text)


def test_the_command_and_the_program_know_the_same_roles() -> None:
    from bot.serve import ROLES as PLAYED

    assert PLAYED == ROLES


def test_an_entry_is_shown_with_its_claims_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "show", "cost.session_price"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("cost.session_price\nHow much does one session cost?\n")
    assert "http" in shown
    assert "reviewed 2" in shown


def test_an_entry_that_does_not_exist_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "show", "cost.nothing"]) == 1
    assert capsys.readouterr().err == (
        "strand: there is no entry cost.nothing; ./strand knowledge list names them all\n"
    )


def test_a_finding_is_a_line_with_file_and_line_and_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data" / "knowledge"
    (folder / "cost").mkdir(parents=True)
    for name in ("sources.yml", "phrases.yml", "lint.yml", "follow_ups.yml"):
        (folder / name).write_bytes((PROJECT / "data" / "knowledge" / name).read_bytes())
    (folder / "cost" / "broken.md").write_text("no front matter\n")
    monkeypatch.setattr("bot.settings.PROJECT", tmp_path)
    monkeypatch.setattr(knowledge, "PROJECT", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["knowledge", "check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("data/knowledge/cost/broken.md:1: ") for line in lines)
