"""A span of time in months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readers.duration import LONGEST, read_duration

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("four years", 48),
        ("a couple of yrs", 24),
        ("few months", 3),
        ("several years", 60),
        ("half a year", 6),
        ("a year and a half", 18),
        ("2½ years", 30),
        ("1yr6mo", 18),
        ("ten-ish years", 120),
        ("a decade and a half", 180),
        ("5-6 years", 66),
        ("2 to 3 months", 2),
        ("six months to a year", 9),
        ("a year or two", 18),
        ("over 10 years", 120),
        ("not even 3 months", 3),
        ("two weeks", 1),
        ("100 days", 3),
        ("5 yaers", 60),
        ("over the last 18 months", 18),
    ],
)
def test_a_span_is_read(text: str, months: int) -> None:
    assert read_duration(text, TODAY) == months


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("since 2019", 84),
        ("since '15", 132),
        ("since march", 8),
        ("since march last year", 20),
        ("since march 2024", 32),
        ("since last november", 12),
        ("last year", 12),
        ("last spring", 8),
        ("yesterday", 1),
        ("since I was 20, I'm 34 now", 168),
        ("started at 22, i'm 35", 156),
        ("since the twins came, they're six", 72),
        ("since the baby, he's 10 months old", 10),
        ("since my son was born 3 years ago", 36),
        ("since last yr", 12),
        ("since ramadan", 9),
        ("since last diwali", 12),
        ("since hanukkah", 11),
        ("since the 90s", 372),
        ("since the nineties", 372),
        ("it started with my first, he's 9 now", 108),
        ("postpartum, my baby is 8 months", 8),
        ("daughter came, she's 6, that's when it started", 72),
        ("10, years I mean", 120),
        ("36, 2 years of losing hair", 24),
    ],
)
def test_a_moment_is_counted_from(text: str, months: int) -> None:
    assert read_duration(text, TODAY) == months


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("my dad lost his over 30 years, mine began last spring", 8),
        ("my brother 10 years, me 2 years", 24),
        ("my wife noticed it 2 years ago", 24),
        ("on minoxidil for 6 months, losing hair for 5 years", 60),
        ("married 10 years and balding for 6", 72),
        ("3 years ago, got worse in the last 6 months", 36),
        ("I'm 46 years old, 10 years of hair loss", 120),
        ("2 years, no, 3 years", 36),
        ("four months, no wait, five", 5),
        ("it was 2 years, now 3 years", 36),
    ],
)
def test_the_visitors_own_hair_loss_counts(text: str, months: int) -> None:
    assert read_duration(text, TODAY) == months


@pytest.mark.parametrize(
    "text",
    [
        "",
        "34 years old",
        "5",
        "forever",
        "since my first job",
        "for many years",
        "not sure",
        "my brother has had it 8 years",
        "my daughter is 6",
        "oh and its 31 actually, birthday was last week",
        "i've been on finasteride for 3 years",
        "in 3 months i get married",
        "every 2 weeks",
        "how long does it take",
    ],
)
def test_other_times_are_no_answer(text: str) -> None:
    assert read_duration(text, TODAY) is None


@given(st.text(max_size=80))
def test_any_text_gives_a_possible_span_or_none(text: str) -> None:
    months = read_duration(text, TODAY)
    assert months is None or 1 <= months <= LONGEST
