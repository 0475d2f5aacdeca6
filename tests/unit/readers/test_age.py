"""An age in years: whose it is, and whether it is one already."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readers.age import OLDEST, read_age, tells_age

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("41", 41),
        ("fifty-five", 55),
        ("fourtysix", 46),
        ("I'm thirty three and a half", 33),
        ("F/44", 44),
        ("50yo, retired nurse", 50),
        ("36 years and 8 months", 36),
        ("I am a 61 year old man from Leeds", 61),
        ("three years shy of fifty", 47),
        ("the big 4-0", 40),
        ("6 years younger than my sister who is 50", 44),
        ("i'm 19 in two years", 17),
        ("i'll be 21 in five years", 16),
    ],
)
def test_an_age_is_read_from_figures_words_and_sums(text: str, age: int) -> None:
    assert read_age(text, TODAY) == age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("18 by easter", 17),
        ("17 going on 18", 17),
        ("I turn 51 tomorrow", 50),
        ("31 in april", 30),
        ("close to 40", 39),
        ("my 70th birthday is next week", 69),
        ("not 18 yet", 17),
        ("turned 46 in march", 46),
        ("just celebrated 60", 60),
        ("28, 29 in december", 28),
    ],
)
def test_a_birthday_to_come_is_not_an_age_yet(text: str, age: int) -> None:
    assert read_age(text, TODAY) == age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("born in 1984", 42),
        ("5 December 1990", 35),
        ("dob 03/04/2000", 26),
        ("b. 1960", 66),
        ("1975", 51),
        ("'88", 38),
    ],
)
def test_an_age_follows_from_a_birth(text: str, age: int) -> None:
    assert read_age(text, TODAY) == age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("wife 40, me 44", 44),
        ("my daughter is 12 and I am 39", 39),
        ("it's for my nephew, he is 16", 16),
        ("on behalf of my mum (71)", 71),
        ("both my brothers went bald at 25, I'm 30", 30),
        ("me and my husband are both 52", 52),
        ("my wife is 49", None),
        ("started at 22, now 35", 35),
        ("diagnosed when I was 30", None),
        ("losing it for 12 years, I'm 47", 47),
        ("people think i'm 25 but i'm 37", 37),
    ],
)
def test_the_age_is_the_visitors_and_todays(text: str, age: int | None) -> None:
    assert read_age(text, TODAY) == age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("38 i mean, not 28", 38),
        ("20... alright, 17", 17),
        ("I'm 44, no wait, 45", 45),
        ("63, sorry, 64", 64),
        ("I said 28 earlier, should be 38", 38),
    ],
)
def test_a_correction_counts(text: str, age: int) -> None:
    assert read_age(text, TODAY) == age


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a lady never tells",
        "early forties",
        "in my 30s",
        "between 25 and 30",
        "40-45",
        "over 18",
        "18+",
        "year 11 at school",
        "10th grade",
        "class of 2025",
        "norwood 3",
        "I have 2 kids",
        "5 years ago",
        "6 foot 2",
        "150",
        "0",
        "$40",
        "3 times",
    ],
)
def test_other_numbers_and_no_numbers_are_no_age(text: str) -> None:
    assert read_age(text, TODAY) is None


def test_a_school_year_beside_an_age_leaves_the_age() -> None:
    assert read_age("15, in grade 10", TODAY) == 15


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("this is for my son, hes 15", 15),
        ("asking for my daughter, 14", 14),
        ("my kid is 13", 13),
        ("its for my nephew who is 16", 16),
        ("im 42 and asking for my son, 16", 16),
        ("writing on behalf of my 16 year old son", 16),
        ("my 15 year old is losing his hair", 15),
        ("can my 14 yo daughter have this?", 14),
        ("i noticed my son is losing hair, he's 16", 16),
    ],
)
def test_a_child_that_the_message_is_about_has_its_age_told(text: str, age: int) -> None:
    assert (read_age(text, TODAY), tells_age(text)) == (age, True)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("my son is 16, I'm 44", 44),
        ("thinning since my son was born, he's 15", None),
        ("i have a daughter, she's 9", None),
        ("it began with my youngest, she is 4", None),
        ("my son is 2, still nursing him", None),
        ("my dad was born in 1950", None),
        ("my 10 year old problem", None),
    ],
)
def test_a_child_named_in_passing_is_not_whose_age_it_is(text: str, age: int | None) -> None:
    assert read_age(text, TODAY) == age
    assert tells_age(text) == (age is not None)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("34, next", 34),
        ("34 next question", 34),
        ("35, next week 36", 35),
        ("34 next month", 33),
        ("nineteen. ok ok sixteen, dont kick me out", 16),
        ("i said 19 but its 17", 17),
        ("18 lol no 16", 16),
        ("im not 18 yet", 17),
    ],
)
def test_what_follows_a_number_changes_it_or_does_not(text: str, age: int) -> None:
    assert read_age(text, TODAY) == age


def test_a_birthday_beside_a_number_tells_an_age() -> None:
    text = "oh and its 31 actually, birthday was last week"
    assert (read_age(text, TODAY), tells_age(text)) == (31, True)
    assert not tells_age("its 31 actually")


@pytest.mark.parametrize("text", ["i'm 38", "38 yo", "aged 38", "born in 1984", "44m", "my wife is 40 and i'm 44"])
def test_a_message_tells_an_age_by_itself(text: str) -> None:
    assert tells_age(text)


@pytest.mark.parametrize(
    "text",
    ["38", "i have a son who is 16", "i'm 5 minutes away", "i'm 3 weeks post op", "is 70 too old?", "i smoke 20 a day"],
)
def test_a_number_alone_does_not(text: str) -> None:
    assert not tells_age(text)


@given(st.text(max_size=80))
def test_any_text_gives_a_possible_age_or_none(text: str) -> None:
    age = read_age(text, TODAY)
    assert age is None or 1 <= age <= OLDEST


def test_a_long_message_is_read_in_time() -> None:
    assert read_age("1 " * 2000, TODAY) is not None
