"""The age at which it began."""

import pytest

from bot.readers.since import read_since_age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("since 38ish", 38),
        ("started at 30", 30),
        ("since i was 22", 22),
        ("since my mid twenties", 25),
        ("since my late thirties", 38),
        ("from about 40", 40),
        ("around my 40th", 40),
        ("i was 28 when it started", 28),
        ("since nineteen", 19),
        ("my brother since 20, me since 30", 30),
        ("since my teens", 16),
    ],
)
def test_the_age_at_which_it_began_is_read(text: str, age: int) -> None:
    assert read_since_age(text) == age


@pytest.mark.parametrize(
    "text",
    [
        "",
        "34",
        "i'm 34",
        "since 2019",
        "since '95",
        "since 95",
        "since the 90s",
        "for 5 years",
        "since 30 days",
        "since 10 am",
        "since march 15",
        "my dad started at 30",
        "thinning since my son was born, he's 15",
        "since my son was 13",
        "i started minoxidil at 30",
        "from 10 to 20 hairs a day",
    ],
)
def test_a_year_a_span_and_somebody_else_are_no_such_age(text: str) -> None:
    assert read_since_age(text) is None
