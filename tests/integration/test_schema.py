"""A schema that is missing, older or newer is refused with the command to run; the migrations make our tables."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.errors import DatabaseUnavailable, SchemaOutdated, SettingError
from bot.leads.tables import metadata as leads_metadata
from bot.settings import settings
from bot.staff.tables import metadata as staff_metadata
from bot.storage import sealing_check
from bot.storage.database import Database
from bot.storage.schema import check, migrate
from bot.transcripts.tables import metadata
from bot.transcripts.tracker_store import BoundedTrackerStore
from tests.conftest import Configure
from tests.fakes.postgres import Cluster

ALL_TABLES = [metadata, leads_metadata, staff_metadata, sealing_check.metadata]
REMEDY = re.escape("./strand db migrate")


def execute(url: str, statement: str) -> None:
    database = Database(url, 5)
    with Session(database.engine, future=True) as session:
        session.execute(text(statement))
        session.commit()
    database.close()


def test_migrations_make_the_tables_that_the_program_uses(database: str) -> None:
    opened = Database(database, 5)
    with opened.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), ALL_TABLES) == []
    opened.close()


def test_migrating_twice_changes_nothing(database: str) -> None:
    migrate(database)
    check(database)


def test_an_empty_database_is_refused_with_the_command_to_run(postgres: Cluster) -> None:
    with pytest.raises(SchemaOutdated, match=REMEDY):
        check(postgres.make_database())


def test_an_older_schema_is_refused_with_the_command_to_run(database: str) -> None:
    execute(database, "DELETE FROM alembic_version")
    with pytest.raises(SchemaOutdated, match=f"older.*{REMEDY}"):
        check(database)


def test_a_newer_schema_is_refused_and_not_touched(database: str) -> None:
    execute(database, "UPDATE alembic_version SET version_num = 'from the future'")
    for refuse in (check, migrate):
        with pytest.raises(SchemaOutdated, match="newer"):
            refuse(database)


async def test_a_store_refuses_an_older_schema_at_its_first_use(database: str, configure: Configure) -> None:
    execute(database, "DELETE FROM alembic_version")
    with pytest.raises(SchemaOutdated, match=REMEDY):
        await BoundedTrackerStore().retrieve("ann")


async def test_a_store_makes_the_tables_of_a_new_sqlite_file(configure: Configure) -> None:
    assert await BoundedTrackerStore().retrieve("ann") is None
    check(settings().database)
    assert settings().state_dir.stat().st_mode & 0o777 == 0o700


async def test_a_store_makes_no_tables_in_an_empty_postgresql(postgres: Cluster, configure: Configure) -> None:
    configure(database_url=postgres.make_database())
    with pytest.raises(SchemaOutdated, match=REMEDY):
        await BoundedTrackerStore().retrieve("ann")


def test_a_server_that_is_down_is_one_line() -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        migrate("postgresql://nobody@127.0.0.1:1/nothing")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["nonsense", "mysql://someone@127.0.0.1/db", "sqlite://", "sqlite:///:memory:"])
def test_an_address_of_no_use_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="STRAND_DATABASE_URL"):
        check(url)
