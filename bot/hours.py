"""When somebody is there at the clinic: its hours of business, its holidays, and when it opens again."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import SettingError
from bot.settings import Settings

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"([a-z]{3})(?:\s*-\s*([a-z]{3}))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
DAY_MINUTES = 24 * 60
NOON = 12
EVENING = 17
NIGHT = 21
MOST_DAYS = 400  # of holidays in a row: then nobody can say when somebody is there
WEEK = 7


@dataclass(frozen=True)
class Span:
    """From when to when somebody is there on a weekday, 0 for Monday: minutes since midnight, the end not included."""

    weekday: int
    begin: int
    end: int


@dataclass(frozen=True)
class Hours:
    """The hours of a week in a time zone, and the days on which nobody is there."""

    spans: tuple[Span, ...]
    holidays: frozenset[date]
    zone: ZoneInfo

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there, by the clocks of the place."""
        here = now.astimezone(self.zone)
        minute = here.hour * 60 + here.minute
        return any(span.begin <= minute < span.end for span in self._of(here.date()))

    def next_opening(self, now: datetime) -> datetime | None:
        """When somebody comes next, in the zone of the place; None where that is more than a year away."""
        today = now.astimezone(self.zone).date()
        for days in range(MOST_DAYS):
            day = today + timedelta(days=days)
            later = [moment for span in self._of(day) for moment in self._moments(day, span) if moment > now]
            if later:
                return min(later).astimezone(self.zone)
        return None

    def _of(self, day: date) -> list[Span]:
        return [] if day in self.holidays else [span for span in self.spans if span.weekday == day.weekday()]

    def _moments(self, day: date, span: Span) -> list[datetime]:
        """When a span begins on a day; twice where the clocks are put back over it."""
        begin = datetime.combine(day, time(*divmod(span.begin, 60)), self.zone)
        both = [begin.replace(fold=fold).astimezone(timezone.utc) for fold in (0, 1)]
        return [moment for moment in both if self.is_open(moment)]


def read_hours(settings: Settings) -> Hours | None:
    """The hours of the settings; None where none are set. Raises SettingError for what cannot be used."""
    return _read(settings.hours, settings.holidays, settings.time_zone)


@lru_cache(maxsize=8)
def _read(hours: str, holidays: str, zone: str) -> Hours | None:
    place, days = _zone(zone), frozenset(_day(text) for text in _listed(holidays))
    spans = tuple(span for text in _listed(hours.casefold()) for span in _spans(text))
    return Hours(spans, days, place) if spans else None


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(f"STRAND_TIME_ZONE={name}: a name like America/New_York is wanted") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingError(f"STRAND_HOLIDAYS: {text} is no day like 2027-01-01") from error


def _spans(text: str) -> list[Span]:
    found = SPAN.fullmatch(text)
    if not found or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise SettingError(f"STRAND_HOURS: {text} is not like mon-fri 09:00-17:00")
    begin, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if max(int(found[4]), int(found[6])) > 59 or not begin < end <= DAY_MINUTES:
        raise SettingError(f"STRAND_HOURS: {text} does not end later on the same day than it begins")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    return [Span((first + days) % WEEK, begin, end) for days in range((last - first) % WEEK + 1)]


def in_words(opening: datetime, now: datetime) -> str:
    """An opening as one says it: "on Monday at 9:00 in the morning (New York time)"; with the date from a week on."""
    days = (opening.date() - now.astimezone(opening.tzinfo).date()).days
    near = {0: "today", 1: "tomorrow"}.get(days, f"on {opening:%A}")
    day = near if days < WEEK else f"on {opening:%A}, {opening:%B} {opening.day},"
    return f"{day} at {_clock(opening)} ({_place(str(opening.tzinfo))})"


def _clock(moment: datetime) -> str:
    hour = moment.hour % NOON or NOON
    part = "in the morning"
    if moment.hour >= NOON:
        part = "in the afternoon" if moment.hour < EVENING else "in the evening" if moment.hour < NIGHT else "at night"
    return f"{hour}:{moment:%M} {part}"


def _place(zone: str) -> str:
    name = zone.rpartition("/")[2].replace("_", " ")
    return name if "/" not in zone else f"{name} time"
