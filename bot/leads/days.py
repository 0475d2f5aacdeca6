"""Days as a reader counts them: a day in their zone, in SQL, and in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any

from sqlalchemy import case, func, literal_column

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Period:
    """The last so many days of a zone, the present one included: from `since` until `now`, both UTC."""

    zone: tzinfo
    now: datetime
    number: int

    @property
    def days(self) -> Sequence[date]:
        """The days, the oldest first."""
        today = self.now.astimezone(self.zone).date()
        return [today - timedelta(days=back) for back in reversed(range(self.number))]

    @property
    def since(self) -> datetime:
        """When the first day begins."""
        first = self.days[0]
        return datetime(first.year, first.month, first.day, tzinfo=self.zone).astimezone(timezone.utc)

    def day_of(self, column: Any, dialect: str) -> Any:
        """The day of a column's time, as a text like 2026-11-22, in the SQL of a dialect.

        The database is told how far the zone is from UTC, to the hour of a change of the clocks, and knows no zones.
        """
        *earlier, (_, offset) = self._offsets()
        last = _shifted(column, offset, dialect)
        before = [(column < until, _shifted(column, minutes, dialect)) for until, minutes in earlier]
        return case(*before, else_=last) if before else last

    def _offsets(self) -> list[tuple[datetime, int]]:
        """How many minutes the zone is before UTC, and until when; the last one's end is the present."""
        parts: list[tuple[datetime, int]] = []
        hour, offset = self.since, self._minutes(self.since)
        while hour < self.now:
            hour += HOUR
            if self._minutes(hour) != offset:
                parts.append((hour, offset))
                offset = self._minutes(hour)
        return [*parts, (self.now, offset)]

    def _minutes(self, at: datetime) -> int:
        offset = at.astimezone(self.zone).utcoffset() or timedelta(0)
        return round(offset / timedelta(minutes=1))


def _shifted(column: Any, minutes: int, dialect: str) -> Any:
    if dialect == "sqlite":
        return func.date(column, f"{minutes:+d} minutes")
    moved = func.timezone("UTC", column) + literal_column(f"interval '{minutes:d} minutes'")
    return func.to_char(moved, "YYYY-MM-DD")
