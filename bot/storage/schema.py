"""The schema's version: compares the database with the migrations of this program, and brings it up to date."""

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import DatabaseUnavailable, SchemaOutdated
from bot.storage.database import explain, honest
from bot.storage.engine import READ_ONLY, make_engine
from bot.storage.sealing_check import require_keys

State = Literal["current", "missing", "older", "newer"]

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_SECONDS = 60.0
CHECK_SECONDS = 5.0
ADVISORY_LOCK = 0x5374726E6462  # two programs that migrate PostgreSQL at once take turns
REMEDY = "run ./strand db migrate"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def state_of(connection: Connection) -> State:
    """How the schema on `connection` compares with this program's."""
    script = ScriptDirectory.from_config(_config())
    present = MigrationContext.configure(connection).get_current_revision()
    if present == script.get_current_head():
        return "current"
    if present is None:
        # Tables without a version are somebody else's, or a damaged schema: not ours to fill.
        return "older" if inspect(connection).get_table_names() else "missing"
    known = {revision.revision for revision in script.walk_revisions()}
    return "older" if present in known else "newer"


def require_current(connection: Connection) -> None:
    """Raises SchemaOutdated where the schema on `connection` is not the one of this program, and SettingError where the
    keys are not those that sealed the database."""
    state = state_of(connection)
    if state == "missing":
        raise SchemaOutdated(f"the database has no tables yet: {REMEDY}")
    if state == "older":
        raise SchemaOutdated(f"the database's schema is older than this program: {REMEDY}")
    if state == "newer":
        raise SchemaOutdated("the database's schema is newer than this program: update the program")
    require_keys(connection)


def upgrade(connection: Connection) -> None:
    """Bring the schema up to date within the transaction of `connection`; raises SchemaOutdated where it is newer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    state = state_of(connection)
    if state in ("newer", "current"):
        require_current(connection)
    else:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _engine(url: str, seconds: float) -> Engine:
    try:
        return make_engine(url, seconds)
    except OSError as error:
        raise DatabaseUnavailable(explain(error)) from error


def migrate(url: str) -> None:
    """Bring the schema of the database up to date; raises SchemaOutdated where it is newer, SettingError where the keys
    are not those that sealed the database, and DatabaseUnavailable."""
    engine = _engine(url, MIGRATION_SECONDS)
    try:
        with engine.begin() as connection:
            upgrade(connection)
    except SQLAlchemyError as error:
        raise honest(error) from error
    finally:
        engine.dispose()


def check(url: str) -> None:
    """Raises SchemaOutdated, with the command to run, where the schema is another, SettingError where the keys are; and
    DatabaseUnavailable."""
    engine = _engine(url, CHECK_SECONDS)
    try:
        with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
            require_current(connection)
    except SQLAlchemyError as error:
        raise honest(error) from error
    finally:
        engine.dispose()


def prepare(connection: Connection) -> None:
    """Create the schema in an SQLite file that is still empty, else require the present one; raises SchemaOutdated and
    SettingError."""
    if connection.dialect.name == "sqlite" and state_of(connection) == "missing":
        upgrade(connection)
    require_current(connection)
