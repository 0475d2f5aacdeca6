"""The clinic's hours: what is open when, and what is said of the next opening."""

from datetime import datetime, timezone

import pytest

from bot.errors import SettingError
from bot.hours import Hours, in_words, read_hours
from bot.serve import serve
from bot.settings import Settings

OFFICE = "mon-fri 09:00-17:00, sat 10:00-13:00"
NEW_YORK = "America/New_York"


def hours_of(hours: str = OFFICE, holidays: str = "", time_zone: str = NEW_YORK) -> Hours:
    found = read_hours(Settings(hours=hours, holidays=holidays, time_zone=time_zone))
    assert found
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def opens(hours: Hours, now: str) -> datetime | None:
    """In UTC: Python takes no two times for equal where one is by clocks that are put back."""
    opening = hours.next_opening(utc(now))
    return opening.astimezone(timezone.utc) if opening else None


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-23T13:59", False),  # Monday, 8:59 in New York
        ("2026-11-23T14:00", True),
        ("2026-11-23T21:59", True),
        ("2026-11-23T22:00", False),
        ("2026-11-28T15:00", True),  # Saturday, 10:00
        ("2026-11-29T15:00", False),  # Sunday
        ("2026-07-06T13:00", True),  # Monday in summer, 9:00
        ("2026-07-06T12:59", False),
    ],
)
def test_somebody_is_there_by_the_clocks_of_the_place(moment: str, opened: bool) -> None:
    assert hours_of().is_open(utc(moment)) is opened


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-22T15:00", "tomorrow at 9:00 in the morning (New York time)"),  # Sunday
        ("2026-11-23T12:00", "today at 9:00 in the morning (New York time)"),
        ("2026-11-28T19:00", "on Monday at 9:00 in the morning (New York time)"),  # Saturday, 14:00
        ("2026-11-23T15:00", "tomorrow at 9:00 in the morning (New York time)"),  # open: the next one
    ],
)
def test_the_next_opening_is_said_in_words(moment: str, words: str) -> None:
    opening = hours_of().next_opening(utc(moment))
    assert opening
    assert in_words(opening, utc(moment)) == words


def test_an_opening_that_is_far_away_is_said_with_its_date() -> None:
    closed = hours_of("mon 13:30-20:00", "2026-11-23,2026-11-30", "Europe/Berlin")
    opening = closed.next_opening(utc("2026-11-22T12:00"))
    assert opening
    assert in_words(opening, utc("2026-11-22T12:00")) == (
        "on Monday, December 7, at 1:30 in the afternoon (Berlin time)"
    )


def test_nobody_is_there_on_a_holiday() -> None:
    found = hours_of(holidays="2026-11-26, 2026-12-25")
    assert not found.is_open(utc("2026-11-26T16:00"))
    opening = found.next_opening(utc("2026-11-26T16:00"))
    assert opening == utc("2026-11-27T14:00")


def test_when_the_clocks_are_put_forward_the_doors_open_by_the_new_time() -> None:
    found = hours_of("sun 09:00-12:00")
    assert found.next_opening(utc("2026-03-07T12:00")) == utc("2026-03-08T13:00")
    assert found.next_opening(utc("2026-10-31T12:00")) == utc("2026-11-01T14:00")


def test_an_opening_that_the_clocks_leave_out_or_show_twice_is_still_one() -> None:
    early = hours_of("sun 02:30-05:00")
    assert opens(early, "2026-03-08T06:00") == utc("2026-03-08T07:30")
    assert early.is_open(utc("2026-03-08T07:30"))
    twice = hours_of("sun 01:30-01:45")
    assert opens(twice, "2026-11-01T05:00") == utc("2026-11-01T05:30")
    assert opens(twice, "2026-11-01T05:50") == utc("2026-11-01T06:30")


def test_days_may_go_over_the_end_of_the_week_and_have_several_spans() -> None:
    found = hours_of("Sat-Mon 9:00-12:00, sat - mon 13:00-24:00", time_zone="UTC")
    assert [found.is_open(utc(f"2026-11-{day}T10:00")) for day in (21, 22, 23, 24)] == [True, True, True, False]
    assert not found.is_open(utc("2026-11-21T12:30"))
    assert found.is_open(utc("2026-11-21T23:59"))
    opening = found.next_opening(utc("2026-11-21T12:30"))
    assert opening
    assert in_words(opening, utc("2026-11-21T12:30")) == "today at 1:00 in the afternoon (UTC)"


def test_without_hours_nothing_is_known() -> None:
    assert read_hours(Settings()) is None


def test_whoever_is_never_there_is_not_announced() -> None:
    days = ",".join(f"{year}-{month:02}-{day:02}" for year in (2026, 2027, 2028) for month in range(1, 13)
                    for day in range(1, 29))  # fmt: skip
    closed = hours_of("mon 09:00-10:00", days)
    assert closed.next_opening(utc("2026-01-01T00:00")) == utc("2026-03-30T13:00")
    assert Hours((), frozenset(), closed.zone).next_opening(utc("2026-01-01T00:00")) is None


async def test_hours_that_cannot_be_read_are_named_before_anything_is_served() -> None:
    with pytest.raises(SettingError, match="STRAND_HOURS: always"):
        await serve(Settings(hours="always"), ("staff",), lambda ready: None)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"hours": "9 to 5"}, "STRAND_HOURS: 9 to 5"),
        ({"hours": "mon-fri 09:00-17:00, mor 10:00-11:00"}, "STRAND_HOURS: mor"),
        ({"hours": "mon 17:00-09:00"}, "STRAND_HOURS: mon 17:00-09:00"),
        ({"hours": "mon 09:00-25:00"}, "STRAND_HOURS: mon"),
        ({"hours": "mon 09:61-10:00"}, "STRAND_HOURS: mon"),
        ({"holidays": "christmas"}, "STRAND_HOLIDAYS: christmas"),
        ({"time_zone": "Middle/Earth"}, "STRAND_TIME_ZONE=Middle/Earth"),
        ({"time_zone": "../../etc/passwd"}, "STRAND_TIME_ZONE="),
    ],
)
def test_what_cannot_be_read_is_named(values: dict[str, str], named: str) -> None:
    with pytest.raises(SettingError, match=named.replace("/", "/")):
        read_hours(Settings(**values))
