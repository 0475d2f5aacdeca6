"""E-mail addresses and telephone numbers."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readers.email import read_email
from bot.readers.phone import read_phone


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana.m@mail.example", "ana.m@mail.example"),
        ("Ana <ANA@MAIL.EXAMPLE>.", "ANA@mail.example"),
        ("ana underscore m at mail dot example", "ana_m@mail.example"),
        ("reach me at ana at mail dot co dot uk", "ana@mail.co.uk"),
        ("ana m at mail dot example", "anam@mail.example"),
        ("ana forty two at mail dot example", "ana42@mail.example"),
        ("a-n-a at mail dot example", "ana@mail.example"),
        ("ana [at] mail [dot] example", "ana@mail.example"),
        ("ana@mail,com", "ana@mail.com"),
        ("ana+hair@mail.example thanks!", "ana+hair@mail.example"),
        ("it used to be a@mail.example, b@mail.example now", "b@mail.example"),
        ("b@mail.example, not a@mail.example", "b@mail.example"),
        ("old: a@mail.example new: b@mail.example", "b@mail.example"),
        ("please change a@mail.example to b@mail.example", "b@mail.example"),
        ("don't use a@mail.example, use b@mail.example", "b@mail.example"),
        ("a@mail.example oops b@mail.example", "b@mail.example"),
        ("my wife's is a@mail.example, mine is b@mail.example", "b@mail.example"),
        ("a@mail.example or b@mail.example", "a@mail.example"),
        ("please don't share it: a@mail.example", "a@mail.example"),
    ],
)
def test_an_address_is_read(text: str, address: str) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "ana@mail", "@mail.example", "ana@@mail.example", "a..b@mail.example", "not at home", "not a@mail.example"],
)
def test_no_address_is_made_up(text: str) -> None:
    assert read_email(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(202) 555-0143", "+12025550143"),
        ("two oh two, triple five, oh one double four", "+12025550144"),
        ("202 555 0143 ext. 12", "+12025550143"),
        ("call 202.555.0143 between 9 and 5", "+12025550143"),
        ("38, 202 555 0143", "+12025550143"),
        ("eight hundred 356 9377", "+18003569377"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("44 20 7946 0958", "+442079460958"),
        ("my german number is 0151 23456789", "+4915123456789"),
        ("it was 202 555 0143, now 202 555 0144", "+12025550144"),
        ("202 555 0143 is my wife's, mine is 202 555 0144", "+12025550144"),
        ("not 202 555 0143 but 202 555 0144", "+12025550144"),
    ],
)
def test_a_number_is_read(text: str, number: str) -> None:
    assert read_phone(text) == number


@pytest.mark.parametrize(
    "text", ["", "555 0143", "12/05/1984", "911", "0000000000", "after 6pm", "a2025550143@mail.example"]
)
def test_no_number_is_made_up(text: str) -> None:
    assert read_phone(text) is None


def test_a_number_without_a_country_code_belongs_to_the_region() -> None:
    assert read_phone("020 7946 0958", "GB") == "+442079460958"
    assert read_phone("020 7946 0958") is None


@given(st.text(alphabet="0123456789 +-().,/ext@abot", max_size=40))
def test_what_is_read_is_well_formed(text: str) -> None:
    number, address = read_phone(text), read_email(text)
    assert number is None or phonenumbers.is_possible_number(phonenumbers.parse(number))
    assert address is None or address.count("@") == 1
