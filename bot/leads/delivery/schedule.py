"""When a message is tried again: the schedule of Standard Webhooks, ten tries over some 76 hours."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

# What is waited before each try; the last failure has nothing after it.
DELAYS = tuple(
    timedelta(seconds=seconds) for seconds in (0, 5, 300, 1800, *(3600 * hours for hours in (2, 5, 10, 14, 20, 24)))
)
TRIES = len(DELAYS)
JITTER = 0.1
LONGEST_WISH = timedelta(hours=24)
WISH_DIGITS = 9


def next_try(failed: int, now: datetime, wish: timedelta | None, random: Callable[[], float]) -> datetime | None:
    """When to try after `failed` tries, or None after the last one.

    `wish` is what the receiver asked to be left alone for; `random` gives 0…1, and moves the delay by up to 10 %.
    """
    if failed >= TRIES:
        return None
    delay = DELAYS[max(failed, 1)] * (1 - JITTER + 2 * JITTER * random())
    return now + max(delay, wish or timedelta(0))


def read_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long a Retry-After header asks to wait, in seconds or until an HTTP date, at most a day; None for none."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:WISH_DIGITS])), LONGEST_WISH)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return min(max(until - now, timedelta(0)), LONGEST_WISH)
