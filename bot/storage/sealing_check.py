"""Notices keys that are not those of the database, before anything is read or written with them."""

import hmac

from sqlalchemy import Column, Integer, MetaData, Table, Text, select
from sqlalchemy.engine import Connection

from bot.errors import SettingError
from bot.storage.sealing import OTHER_KEYS, sealer
from bot.storage.types import Sealed

KNOWN = "sealed by these keys"
PURPOSE = "check"

metadata = MetaData()

# One row: a known text, sealed, and its blind index.
sealing_check = Table(
    "sealing_check",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sealed", Sealed, nullable=False),
    Column("indexed", Text, nullable=False),
)


def require_keys(connection: Connection) -> None:
    """Raises SettingError where the present keys are not those of this database."""
    row = connection.execute(select(sealing_check)).first()
    if row is None or not hmac.compare_digest(row.indexed, sealer().blind_index(PURPOSE, KNOWN)):
        raise SettingError(OTHER_KEYS)
