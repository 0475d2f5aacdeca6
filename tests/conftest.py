"""What every test run obeys, on a build server nothing may be skipped, and the fixtures that tests share."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings, settings
from bot.storage.database import open_database
from bot.storage.schema import migrate
from tests.fakes import migrated
from tests.fakes.postgres import Cluster, programs
from tests.fakes.small_model import be_quiet, train_small
from tests.fakes.world import FOLDER, World

if TYPE_CHECKING:
    from bot.dialogue.assistant import Assistant

be_quiet()


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    report.outcome = "failed"
    report.longrepr = f"skipped, and nothing may be skipped here: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """With CI set, a skipped test is a failed one."""
    outcome = yield
    if os.environ.get("CI") and outcome.get_result().skipped:
        _refuse(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """With CI set, a skipped file is a failed one."""
    outcome = yield
    if os.environ.get("CI") and outcome.get_result().skipped:
        _refuse(outcome.get_result())


class Configure:
    """Gives settings to the program under test: `configure(turn_seconds=1)`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, **values: object) -> Settings:
        for name, value in values.items():
            self._monkeypatch.setenv(f"STRAND_{name.upper()}", str(value))
        settings.cache_clear()
        return settings()


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Configure]:
    """A state directory of the test's own, and settings that it may change."""
    configured = Configure(monkeypatch)
    configured(state_dir=tmp_path / "var", env="development")
    yield configured
    settings.cache_clear()
    open_database.cache_clear()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[World]:
    """What the small assistant's actions did; whatever it holds up is let go at the end."""
    folder = tmp_path / "world"
    folder.mkdir()
    monkeypatch.setenv(FOLDER, str(folder))
    made = World(folder)
    yield made
    made.open_gate()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL cluster."""
    binaries = programs()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    made = Cluster(binaries)
    made.start()
    yield made
    made.remove()


@pytest.fixture
def postgres(cluster: Cluster) -> Iterator[Cluster]:
    """The private cluster, which the test may stop and freeze."""
    cluster.ensure_up()
    yield cluster
    cluster.ensure_up()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, configure: Configure) -> str:
    """The address of a migrated database, of either kind."""
    if request.param == "postgresql":
        configure(database_url=request.getfixturevalue("postgres").make_database())
        migrate(settings().database)
    else:
        migrated.sqlite(settings().database)
    return settings().database


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of the small assistant in tests/fakes/assistant, trained once."""
    return train_small(tmp_path_factory.mktemp("model"))


@pytest.fixture
async def assistant(small_model: Path, database: str, world: World) -> AsyncIterator["Assistant"]:
    """The small assistant on a database."""
    from bot.dialogue.assistant import load

    loaded = await load(small_model)
    yield loaded
    world.open_gate()
    await loaded.close(1)
