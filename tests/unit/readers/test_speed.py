"""No message makes a reader slow."""

import time
from collections.abc import Callable
from datetime import date

import pytest

from bot.readers.age import read_age, tells_age
from bot.readers.duration import read_duration
from bot.readers.name import read_name
from bot.readers.since import read_since_age

TODAY = date(2026, 11, 22)
LENGTH, MOST_SECONDS, TRIES = 4000, 0.05, 3
PARTS = [
    "1", "1 ", "12 ", "(5", "1 a ", "one ", "\xbd", "a", "a ", "a. ", " ", "\n", "me ", "name ", "full ", "first ",
    "i am ", "call me ", "my son is 5 ", "2019 ", "5 years ", "in march ", "last year ", "since ", "at ", "good ",
]  # fmt: skip
READERS: list[Callable[[str], object]] = [
    lambda text: read_age(text, TODAY),
    tells_age,
    lambda text: read_duration(text, TODAY),
    read_name,
    read_since_age,
]


@pytest.mark.parametrize("part", PARTS)
def test_a_long_message_is_read_in_time(part: str) -> None:
    text = (part * LENGTH)[:LENGTH]
    for reader in READERS:
        assert min(_seconds(reader, text) for _ in range(TRIES)) < MOST_SECONDS


def _seconds(reader: Callable[[str], object], text: str) -> float:
    """The processor's time, which other work on the machine does not lengthen much."""
    begun = time.process_time()
    reader(text)
    return time.process_time() - begun
