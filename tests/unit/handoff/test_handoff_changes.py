"""What a visitor changes, or no longer wants, after it was sent."""

import pytest

from bot.handoff.account import field_meant, ways_meant
from bot.handoff.form import Form
from bot.handoff.kept import restored, sent
from bot.handoff.state import Step
from tests.unit.assessment.visitor import heard
from tests.unit.handoff.handoff_visitor import MAIL, NUMBER, REFERENCE, Caller

EMAIL, PHONE, TEXT = "email", "phone", "text"
ALL = {EMAIL, PHONE, TEXT}
CALLS = {"consent_email": "no", "consent_phone": "yes"}


@pytest.mark.parametrize(
    ("field", "wish", "value"),
    [
        (EMAIL, "change my email to ana@mail.example", "ana@mail.example"),
        ("name", "my name should be Samuel", "Samuel"),
        ("name", "change my name to Samuel", "Samuel"),
        ("preferred_time", "change the time to any time", "any"),
    ],
)
def test_a_change_that_says_it_all_is_made_at_once(caller: Caller, field: str, wish: str, value: str) -> None:
    caller.sends()
    caller.asks_to_change(field, wish)
    assert (caller.step.end, caller.handoff.value(field)) == ("changed", value)
    assert caller.handoff.new_consents == ()


@pytest.mark.parametrize(
    ("field", "answer", "value"),
    [
        (EMAIL, "ana@mail.example", "ana@mail.example"),
        ("name", "Samuel", "Samuel"),
        ("preferred_time", "after seven", "after seven"),
    ],
)
def test_a_change_without_its_value_is_asked(caller: Caller, field: str, answer: str, value: str) -> None:
    caller.sends()
    caller.asks_to_change(field, "I want to change something")
    assert (caller.step.end, caller.open) == (None, field)
    caller.says(answer)
    assert (caller.step.end, caller.handoff.value(field), caller.handoff.reference) == ("changed", value, REFERENCE)


def test_a_number_without_consent_asks_consent_first(caller: Caller) -> None:
    caller.sends()
    caller.asks_to_change(PHONE, "my number is (202) 555-0143")
    assert caller.open == "consent_phone"
    caller.says("no")
    assert caller.open == "consent_text"
    caller.says("yes")
    assert (caller.step.end, caller.handoff.phone) == ("changed", NUMBER)
    assert [(one.purpose, one.given) for one in caller.handoff.new_consents] == [(PHONE, False), (TEXT, True)]
    assert sent(caller.handoff, REFERENCE).new_consents == ()


def test_a_change_without_consent_changes_nothing(caller: Caller) -> None:
    caller.sends()
    before = caller.handoff
    caller.asks_to_change(PHONE, "my number is (202) 555-0143")
    caller.all_of("no", "no")
    assert (caller.step.end, caller.handoff.phone, caller.handoff.new_consents) == ("unchanged", None, ())
    assert (caller.handoff.email, caller.handoff.agreed) == (MAIL, before.agreed)


@pytest.mark.parametrize("texts", [("skip",), ("no",), ("rather not say",), ("???", "???")])
def test_a_change_that_is_left_changes_nothing(caller: Caller, texts: tuple[str, ...]) -> None:
    caller.sends()
    caller.asks_to_change(EMAIL, "I want to change my email").all_of(*texts)
    assert (caller.step.end, caller.handoff.email) == ("unchanged", MAIL)


def test_a_question_in_the_middle_of_a_change_is_answered(caller: Caller) -> None:
    caller.sends()
    caller.asks_to_change(EMAIL, "change my email")
    caller.says("what does it cost?", about="cost", sure=True)
    assert (caller.open, caller.step.answering) == (EMAIL, True)
    assert caller.says("ana@mail.example").step.end == "changed"


def test_no_more_calls_in_the_middle_of_a_change_are_withdrawn(caller: Caller) -> None:
    caller.sends(**CALLS)
    caller.asks_to_change(PHONE, "change my number").says("actually just don't call me")
    assert (caller.step.end, caller.handoff.changing) == ("withdraw", None)


def test_another_way_asks_for_its_consent_and_its_detail(caller: Caller) -> None:
    caller.sends()
    caller.asks_to_change("preferred_contact", "change the best way").says("call me")
    assert caller.open == "consent_phone"
    assert caller.says("yes").open == PHONE
    assert caller.says("202 555 0143").step.end == "changed"
    assert (caller.handoff.phone, caller.agreed) == (NUMBER, {"share", EMAIL, PHONE})


def test_what_is_in_the_record_can_be_changed_too(caller: Caller) -> None:
    details = {"name": "Sam", "email": MAIL, "preferred_contact": EMAIL}
    consents = {"share": True, "email": True, "phone": False, "text": False}
    caller.step = Step(restored(REFERENCE, details, consents))
    caller.asks_to_change(EMAIL, "write to ana@mail.example")
    assert (caller.step.end, caller.handoff.email, caller.handoff.name) == ("changed", "ana@mail.example", "Sam")


@pytest.mark.parametrize("field", ["summary", "age", "consent_share", "nothing"])
def test_only_details_and_ways_can_be_changed(caller: Caller, field: str) -> None:
    caller.sends()
    with pytest.raises(ValueError, match=field):
        caller.asks_to_change(field, "change it")


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("don't call me", {PHONE}),
        ("no more texts pls", {TEXT}),
        ("stop the emails", {EMAIL}),
        ("no calls or texts", {PHONE, TEXT}),
        ("email me only from now on", {PHONE, TEXT}),
        ("don't contact me", ALL),
        ("unsubscribe", ALL),
        ("take me off your list", ALL),
        ("take me off your calling list", {PHONE}),
        ("I withdraw my consent", ALL),
        ("changed my mind, nobody should ring me", {PHONE}),
        ("forget my number", {PHONE, TEXT}),
        ("forget my email address", {EMAIL}),
        ("leave me alone", ALL),
        ("please don't ring or text, I changed my mind", {PHONE, TEXT}),
        ("i do not want to be contacted any more", ALL),
    ],
)
def test_the_ways_that_somebody_no_longer_wants(form: Form, text: str, ways: set[str]) -> None:
    assert ways_meant(heard(text), form) == ways


@pytest.mark.parametrize(
    ("text", "told", "field"),
    [
        ("change my number", {}, PHONE),
        ("can u update my cell", {}, PHONE),
        ("new one is 202 555 0144", {"phone": "+12025550144"}, PHONE),
        ("i typed my e-mail wrong", {}, EMAIL),
        ("it's ana@mail.example now", {"email": "ana@mail.example"}, EMAIL),
        ("spell my name right", {}, "name"),
        ("a better time", {}, "preferred_time"),
        ("change the way you contact me", {}, "preferred_contact"),
        ("change it", {}, None),
        ("my age is wrong", {}, None),
    ],
)
def test_the_detail_that_somebody_wants_to_change(form: Form, text: str, told: dict[str, str], field: object) -> None:
    assert field_meant(heard(text, **told), form) == field
