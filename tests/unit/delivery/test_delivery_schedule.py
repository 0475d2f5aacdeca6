"""When a message is tried again, and how long a receiver may ask for."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.leads.delivery.schedule import TRIES, next_try, read_retry_after

NOW = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
DAY = timedelta(hours=24)


def middle() -> float:
    return 0.5


def test_the_ten_tries_are_those_of_the_specification() -> None:
    waits = [(next_try(failed, NOW, None, middle) or NOW) - NOW for failed in range(1, TRIES)]
    assert [wait.total_seconds() for wait in waits] == [
        5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600,
    ]  # fmt: skip
    assert TRIES == 10
    assert next_try(10, NOW, None, middle) is None


@given(some.integers(1, 9), some.floats(0, 1))
def test_jitter_moves_a_try_by_a_tenth_at_most(failed: int, chance: float) -> None:
    exact = (next_try(failed, NOW, None, middle) or NOW) - NOW
    moved = (next_try(failed, NOW, None, lambda: chance) or NOW) - NOW
    assert abs(moved - exact) <= 0.1 * exact + timedelta(microseconds=2)


def test_a_longer_wish_is_granted_and_a_shorter_one_changes_nothing() -> None:
    assert next_try(1, NOW, timedelta(minutes=2), middle) == NOW + timedelta(minutes=2)
    assert next_try(2, NOW, timedelta(seconds=1), middle) == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("99999999999999999999", DAY),
        (format_datetime(NOW + timedelta(minutes=3), usegmt=True), timedelta(minutes=3)),
        ("Wed, 01 Jul 2026 12:03:00", timedelta(minutes=3)),
        (format_datetime(NOW - timedelta(days=3), usegmt=True), timedelta(0)),
        (format_datetime(NOW + timedelta(days=3), usegmt=True), DAY),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_a_wish_is_read_in_seconds_or_as_a_date(header: str | None, wait: timedelta | None) -> None:
    assert read_retry_after(header, NOW) == wait


@given(some.text())
def test_whatever_stands_in_the_header_the_wish_is_at_most_a_day(header: str) -> None:
    wait = read_retry_after(header, NOW)
    assert wait is None or timedelta(0) <= wait <= DAY
