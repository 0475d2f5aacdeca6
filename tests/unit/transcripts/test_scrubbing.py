"""What is personal comes out of a question, and what it asks stays."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.settings import PROJECT
from bot.transcripts.scrubbing import scrub


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("mail me: dana.o@x-y.example pls", "mail me: (e-mail) pls"),
        ("dana at gmail dot com", "(e-mail)"),
        ("call +1 (202) 555-0143 or 0176/4433221", "call (number) or (number)"),
        ("ssn 123-45-6789, member AB123456, ref S-4KX7QF", "ssn (number), member (number), ref (number)"),
        ("see www.foo.example/x?a=b and http://x.example", "see (link) and (link)"),
        ("i saw @dana.hair on insta", "i saw (name) on insta"),
        ("born 12/03/1987, ok?", "(date), ok?"),
        ("dob 3 march 1987 does it work", "(date) does it work"),
        ("since 2019-04-12 it itches", "since (date) it itches"),
        ("im at 12 Old Mill Road, Austin, TX 78701", "im at (address), Austin, (address)"),
        ("i live in hauptstraße 12", "i live in (address)"),
        ("my name is dana smith and i have lupus", "my name is (name) and i have lupus"),
        ("my names bob", "my names (name)"),
        ("my name is J. R. Ortiz. Does it work", "my name is (name). Does it work"),
        ("my name is dana does it work", "my name is (name) does it work"),
        ("My name's José García.", "My name's (name)."),
        ("Hi I'm Dana Smith, 34, from Ohio", "Hi I'm (name), 34, from Ohio"),
        ("I'M DANA", "I'M (name)"),
        ("im ahmed, 34", "im (name), 34"),
        ("im dana from ohio how much", "im (name) from ohio how much"),
        ("this is D'Angelo Russo", "this is (name)"),
        ("Dr. Feldman said no", "Dr. (name) said no"),
        ("does it hurt? Thanks, Priya", "does it hurt? Thanks, (name)"),
        ("Priya here. does it hurt", "(name) here. does it hurt"),
    ],
)
def test_what_names_somebody_comes_out(told: str, left: str) -> None:
    assert scrub(told) == left


@pytest.mark.parametrize(
    "asked",
    [
        "im 34, is it too late",
        "i am a nurse, 45, and I'm scared from all the ads",
        "I'm Norwood 3, I'm American and I have MS",
        "is $3,000 - 10000 for 2 sessions ok, or 12500 grafts",
        "i had prp 2019-2021, 2 weeks down the road it fell out in one place",
        "i miss my hair, call me back, it's FDA approved?",
        "clinicaltrials.gov lists the clinic",
    ],
)
def test_what_is_asked_stays(asked: str) -> None:
    assert scrub(asked) == asked


def test_a_name_from_the_hand_off_comes_out_wherever_it_stands() -> None:
    assert (
        scrub("oyelaran here, ask TOLA about shampoos", ["Tola Oyelaran"]) == "(name) here, ask (name) about shampoos"
    )


def test_a_name_that_is_a_word_too_comes_out_only_where_it_is_written_as_a_name() -> None:
    assert scrub("may i ask: will it hurt? ask for May", ["Will May"]) == "may i ask: will it hurt? ask for (name)"


def test_a_visitor_who_is_called_name_breaks_nothing() -> None:
    assert scrub("my name is Bo, date me", ["Name Date"]) == "my name is (name), date me"


def test_what_is_left_is_one_line() -> None:
    assert scrub(" two\n lines\u2028and\x00 more\t") == "two lines and more"


def test_few_of_the_real_questions_are_touched() -> None:
    files = [PROJECT / "tests" / "nlu" / f"{name}.tsv" for name in ("development", "several")]
    asked = [line.split("\t")[0] for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    touched = [text for text in asked if scrub(text) != " ".join(text.split())]
    assert len(touched) <= len(asked) / 50


WORDS = (
    "i'm",
    "dana",
    "Dana",
    "my name is",
    "(name)",
    "@",
    "a@b.co",
    "12",
    "5550143",
    "born",
    "Road",
    "may",
    "here",
    "(",
)


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.text(max_size=60), st.sampled_from(["", "Dana"]))
@example("i'm i'm Dana here", "")
def test_nothing_more_comes_off_what_was_scrubbed(text: str, name: str) -> None:
    once = scrub(text, [name])
    assert scrub(once, [name]) == once
