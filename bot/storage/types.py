"""Column types of the house: times that know their zone, and texts that are sealed at rest; and the present time."""

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.storage.sealing import sealer


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(timezone.utc)


class UtcTime(TypeDecorator):  # type: ignore[misc]  # SQLAlchemy has no types
    """A datetime with its zone, kept and given back in UTC; SQLite would drop the zone. Raises ValueError for none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the driver stores it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        moved = value.astimezone(timezone.utc)
        return moved.replace(tzinfo=None) if dialect.name == "sqlite" else moved

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Sealed(TypeDecorator):  # type: ignore[misc]  # SQLAlchemy has no types
    """A text that stands sealed in the database, under the keys of the settings; None stays None."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The sealed text."""
        return None if value is None else sealer().seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """The text; raises SettingError where the keys are others than those that sealed it."""
        return None if value is None else sealer().unseal(value)
