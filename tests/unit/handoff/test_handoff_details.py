"""Name, e-mail, telephone number, the way and the time: what was agreed to is asked, and one way is enough."""

import pytest

from tests.unit.handoff.conftest import Calls
from tests.unit.handoff.handoff_visitor import MAIL, NUMBER, Caller

YES = {"consent_email": "yes", "consent_phone": "yes", "consent_text": "yes"}
PHONE = {"consent_email": "no", "consent_phone": "yes"}
TEXT = {"consent_email": "no", "consent_text": "yes"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sam", "Sam"),
        ("my name is sam lee", "Sam Lee"),
        ("just Sam is fine", "Sam"),
        ("call me Jo", "Jo"),
        ("Sam Lee, sam@mail.example", "Sam Lee"),
        ("it's Dr. Ana Ruiz", "Ana Ruiz"),
    ],
)
def test_a_name_is_taken(caller: Caller, text: str, name: str) -> None:
    assert caller.up_to("name").says(text).handoff.name == name
    assert caller.open in ("email", "preferred_time")


def test_a_name_is_wanted_twice_and_then_gone_without(caller: Caller) -> None:
    caller.up_to("name").says("i'd rather stay anonymous")
    assert (caller.open, caller.notes) == ("name", ["name_enough"])
    caller.says("no")
    assert (caller.open, caller.notes, caller.handoff.name) == ("email", ["nameless"], None)


def test_a_first_name_after_all_is_taken(caller: Caller) -> None:
    caller.up_to("name").all_of("do I have to? I'd rather not", "ok fine, Jo")
    assert (caller.open, caller.handoff.name) == ("email", "Jo")


def test_skip_is_enough_for_a_name(caller: Caller) -> None:
    caller.up_to("name").says("skip", command="skip")
    assert (caller.open, caller.notes) == ("email", ["nameless"])


def test_two_names_that_cannot_be_read_are_gone_without(caller: Caller) -> None:
    caller.up_to("name").all_of("???", "12345")
    assert (caller.open, caller.notes) == ("email", ["nameless"])


@pytest.mark.parametrize(
    ("answers", "field", "text", "value"),
    [
        ({}, "email", "sam at mail dot example", MAIL),
        ({}, "email", "it's sam@mail.example ok?", MAIL),
        (PHONE, "phone", "two oh two five five five oh one four three", NUMBER),
        (TEXT, "phone", "my cell is (202) 555-0143", NUMBER),
        (PHONE, "phone", "+44 20 7946 0958", "+442079460958"),
    ],
)
def test_the_detail_of_the_way_is_asked(
    caller: Caller, answers: dict[str, str], field: str, text: str, value: str
) -> None:
    caller.up_to("name", **answers).says("Sam")
    assert caller.open == field
    assert caller.says(text).handoff.value(field) == value
    assert caller.open == "preferred_time"


def test_both_are_asked_where_both_are_agreed_to(caller: Caller) -> None:
    assert caller.up_to("email", **YES).says(MAIL).open == "phone"
    assert caller.says("202 555 0143").open == "preferred_contact"


@pytest.mark.parametrize("text", ["skip", "no", "rather not", "i have no number"])
def test_one_detail_is_enough(caller: Caller, text: str) -> None:
    assert caller.up_to("email", **YES).says(MAIL).open == "phone"
    assert caller.says(text).open == "preferred_time"
    assert (caller.handoff.way, caller.handoff.phone) == ("email", None)


@pytest.mark.parametrize(("text", "way"), [("text", "text"), ("a phone call", "phone"), ("just call", "phone")])
def test_whoever_agreed_to_several_ways_chooses_one(caller: Caller, text: str, way: str) -> None:
    caller.up_to("email", **YES).says(MAIL).says("202 555 0143")
    assert caller.open == "preferred_contact"
    assert caller.says(text).open == "preferred_time"
    assert (caller.handoff.way, caller.handoff.email, caller.handoff.phone) == (way, MAIL, NUMBER)


@pytest.mark.parametrize("text", ["no preference", "either", "call or text", "any", "don't care", "skip", "up to them"])
def test_no_preference_is_one_too(caller: Caller, text: str) -> None:
    caller.up_to("preferred_contact", **YES).says(text)
    assert (caller.open, caller.handoff.way) == ("preferred_time", None)


def test_a_way_that_was_refused_needs_its_consent_first(caller: Caller) -> None:
    caller.up_to("preferred_contact", consent_email="yes", consent_phone="yes").says("actually, text me")
    assert caller.open == "consent_text"
    assert caller.says("yes").open == "preferred_contact"


@pytest.mark.parametrize(
    ("answers", "text", "asked"), [(YES, "skip", "phone"), (YES, "I have none, sorry", "phone"), (PHONE, "skip", None)]
)
def test_whoever_skips_one_detail_is_asked_for_the_other(
    caller: Caller, answers: dict[str, str], text: str, asked: str | None
) -> None:
    caller.up_to("name", **answers).says("Sam").says(text)
    assert (caller.step.end or caller.open) == (asked or "declined")
    if asked:
        assert caller.says("skip").step.end == "declined"


@pytest.mark.parametrize("text", ["call me maybe", "555 0143", "sam@mail"])
def test_a_detail_that_cannot_be_read_twice_is_left_out(calls: Calls, text: str) -> None:
    caller = calls().up_to("email", consent_phone="yes").says(text)
    assert (caller.open, caller.step.ask) == ("email", "again")
    assert caller.says(text).open == "phone"
    assert calls().up_to("email").all_of(text, text).step.end == "declined"


def test_a_number_instead_of_an_address_will_do_where_calls_are_agreed_to(calls: Calls) -> None:
    caller = calls().up_to("email", consent_phone="yes").says("use (202) 555-0143")
    assert (caller.open, caller.handoff.phone) == ("preferred_time", NUMBER)
    alone = calls().up_to("email").says("use (202) 555-0143")
    assert (alone.open, alone.handoff.phone) == ("email", None)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Morning", "morning"),
        ("mornings", "morning"),
        ("in the evening please", "evening"),
        ("any time", "any"),
        ("whenever", "any"),
        ("after 6pm", "after 6pm"),
        ("tomorrow, not before nine", "tomorrow, not before nine"),
        ("weekdays between 9 and 11, never on a Friday", "weekdays between 9 and 11, never on a Friday"),
        ("don't call before 9", "don't call before 9"),
        ("x" * 300, "x" * 100),
        ("skip", None),
        ("no", None),
        ("not sure", None),
    ],
)
def test_a_time_is_one_of_four_or_in_own_words(caller: Caller, text: str, time: str | None) -> None:
    caller.up_to("preferred_time").says(text)
    if caller.open == "preferred_time":
        caller.says(text)
    assert (caller.open, caller.handoff.preferred_time) == ("summary", time)


@pytest.mark.parametrize(
    "text", [f"after six on {NUMBER}", "evenings, or write to ann@post.example", "555 0143 555 01"]
)
def test_no_other_detail_stands_in_the_time(caller: Caller, text: str) -> None:
    caller.up_to("preferred_time").says(text)
    kept = caller.handoff.preferred_time or ""
    assert "@" not in kept
    assert not any(letter.isdigit() for letter in kept)
    assert caller.handoff.phone is None


def test_a_time_told_early_is_not_asked_again(caller: Caller) -> None:
    caller.up_to("consent_phone").says("yes but only in the mornings")
    assert caller.up_to("summary").handoff.preferred_time == "morning"


def test_no_calls_said_later_takes_calls_back(caller: Caller) -> None:
    caller.up_to("preferred_time", **YES).says("and please don't call me")
    assert (caller.open, caller.agreed, caller.notes) == ("preferred_time", {"share", "email", "text"}, ["refused"])
    assert caller.handoff.new_consents[-1].given is False


def test_the_last_way_taken_back_ends_it(caller: Caller) -> None:
    caller.up_to("preferred_time").says("no emails")
    assert caller.step.end == "declined"
