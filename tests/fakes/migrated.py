"""Migrated SQLite files, under the keys of the test: copied, since to migrate one takes ten times as long."""

import atexit
import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import create_engine, update
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.pool import NullPool

from bot.storage.schema import migrate
from bot.storage.sealing import sealer
from bot.storage.sealing_check import KNOWN, PURPOSE, sealing_check


def sqlite(url: str) -> None:
    """Put a migrated SQLite file where `url` says."""
    file = Path(make_url(url).database or "")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(_template(), file)
    engine = create_engine(url, future=True, poolclass=NullPool)
    with engine.begin() as connection:
        _seal_anew(connection)


@lru_cache(maxsize=1)
def _template() -> Path:
    folder = mkdtemp(prefix="strand-template-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder) / "strand.db"
    migrate(f"sqlite:///{file}")
    return file


def _seal_anew(connection: Connection) -> None:
    connection.execute(update(sealing_check).values(sealed=KNOWN, indexed=sealer().blind_index(PURPOSE, KNOWN)))
