"""The settings: what is given, what is defaulted, and what is refused with a line that helps."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot import settings as module
from bot.errors import SettingError
from bot.settings import PROJECT, Settings, default_to, read, settings


def test_without_any_setting_the_defaults_hold() -> None:
    assert read({}) == Settings()
    assert Settings().env == "development"
    assert Settings().database == f"sqlite:///{PROJECT / 'var' / 'strand.db'}"


def test_the_example_lists_the_defaults() -> None:
    assert read({}, PROJECT / ".env.example") == Settings()
    assert all(name.startswith("STRAND_") for name in dotenv_values(PROJECT / ".env.example"))


def test_the_environment_wins_over_the_file_and_empty_values_count_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("STRAND_PORT=9000\nSTRAND_HOST=0.0.0.0\nSTRAND_TOKEN=from file\nSOMEBODY_ELSE=1\n")
    found = read({"STRAND_PORT": "9100", "STRAND_HOST": "", "PATH": "/bin"}, file)
    assert (found.port, found.host, found.token) == (9100, "0.0.0.0", "from file")


def test_a_missing_file_is_no_error(tmp_path: Path) -> None:
    assert read({}, tmp_path / ".env") == Settings()


def test_relative_folders_start_at_the_project_and_absolute_ones_stay(tmp_path: Path) -> None:
    assert read({"STRAND_STATE_DIR": "kept"}).state_dir == PROJECT / "kept"
    assert read({"STRAND_STATE_DIR": str(tmp_path)}).state_dir == tmp_path
    assert read({"STRAND_STATE_DIR": str(tmp_path)}).database == f"sqlite:///{tmp_path}/strand.db"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRAND_PORT", "eighty"),
        ("STRAND_PORT", "-1"),
        ("STRAND_PORT", "80.5"),
        ("STRAND_TURN_SECONDS", "nan"),
        ("STRAND_TURN_SECONDS", "soon"),
        ("STRAND_ENV", "staging"),
        ("STRAND_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_does_not_fit_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"{name}={value}"):
        read({name: value})


def test_a_misspelt_setting_is_refused_rather_than_ignored() -> None:
    with pytest.raises(SettingError, match="STRAND_PROT is not a setting"):
        read({"STRAND_PROT": "80"})


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project without settings, in which the process has not read any yet."""
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    monkeypatch.setenv("STRAND_ENV", "")
    settings.cache_clear()
    return tmp_path


@pytest.mark.usefixtures("fresh")
def test_serve_defaults_to_production() -> None:
    assert settings().env == "development"
    default_to("production")
    assert settings().env == "production"
    settings.cache_clear()


def test_up_keeps_what_the_file_or_the_environment_says(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (fresh / ".env").write_text("STRAND_ENV=production\n")
    default_to("development")
    assert settings().env == "production"
    (fresh / ".env").unlink()
    monkeypatch.setenv("STRAND_ENV", "production")
    settings.cache_clear()
    default_to("development")
    assert settings().env == "production"
    settings.cache_clear()
