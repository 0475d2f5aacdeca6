"""Every reader on the answers of strangers, which were written without sight of the code (tests/readers/*.tsv)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.readers.age import read_age
from bot.readers.duration import read_duration
from bot.readers.email import read_email
from bot.readers.name import read_name
from bot.readers.phone import read_phone
from bot.readers.yes_no import read_yes_no
from bot.settings import PROJECT
from tests.unit.readers.clinic import read

FOLDER = PROJECT / "tests" / "readers"
WRITTEN_ON = date(2026, 11, 22)
WANTED = 0.97

READERS: dict[str, Callable[[str], Any]] = {
    "age": lambda text: read_age(text, WRITTEN_ON),
    "duration_months": lambda text: read_duration(text, WRITTEN_ON),
    "yes_no": read_yes_no,
    "email": read_email,
    "phone": read_phone,
    "name": read_name,
    "conditions": lambda text: ",".join(sorted(read(text).present)) or "none",
}


def lines(path: Path) -> list[tuple[str, str]]:
    return [(text, value) for text, _, value in (line.partition("\t") for line in path.read_text("utf-8").splitlines())]


@pytest.mark.parametrize("field", READERS)
def test_strangers_answers_are_read_as_meant(field: str) -> None:
    told = lines(FOLDER / f"{field}.tsv")
    found = [(text, wanted, READERS[field](text)) for text, wanted in told]
    missed = [one for one in found if ("null" if one[2] is None else str(one[2])) != one[1]]
    assert len(missed) <= (1 - WANTED) * len(told), "\n".join(map(str, missed))
