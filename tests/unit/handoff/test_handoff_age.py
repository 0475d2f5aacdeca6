"""Age comes first, 18 or more: whoever is younger, or does not say, is not passed on, and nothing is left of it."""

import pytest

from bot.handoff.conversation import begin
from bot.handoff.form import Form
from bot.handoff.state import Evidence, Handoff
from tests.unit.assessment.visitor import heard
from tests.unit.handoff.conftest import Calls
from tests.unit.handoff.handoff_visitor import MAIL, NUMBER, Caller


@pytest.mark.parametrize("text", ["34", "I'm 34", "thirty-four", "34, but I feel older"])
def test_an_adult_goes_on_to_consent(calls: Calls, text: str) -> None:
    caller = calls(age=None)
    assert caller.open == "age"
    assert (caller.says(text).open, caller.handoff.age) == ("consent_share", 34)


def test_who_told_the_age_is_not_asked_for_it(calls: Calls) -> None:
    assert calls("I'm 51, can someone call me", age=None).open == "consent_share"
    assert calls(age=51).open == "consent_share"


@pytest.mark.parametrize("text", ["17", "im 17", "17... well 18 in may", "almost 18", "fifteen"])
def test_a_minor_is_not_passed_on(calls: Calls, text: str) -> None:
    caller = calls(f"call me on {NUMBER}", age=None).says(text)
    assert (caller.step.end, caller.handoff) == ("underage", Handoff())


@pytest.mark.parametrize("field", ["consent_share", "consent_phone", "name", "email", "preferred_time", "summary"])
def test_an_age_that_comes_out_later_ends_it_too(caller: Caller, field: str) -> None:
    caller.up_to(field).says("ok to be honest I'm 16")
    assert (caller.step.end, caller.handoff) == ("underage", Handoff())


def test_a_minor_from_the_check_is_not_even_asked(form: Form) -> None:
    step = begin(Handoff(), heard("a person please"), 15, form, 1.0, Evidence("web", "m"))
    assert (step.end, step.handoff) == ("underage", Handoff())


@pytest.mark.parametrize("text", ["rather not say", "skip", "none of your business"])
def test_an_age_that_is_refused_twice_ends_it(calls: Calls, text: str) -> None:
    caller = calls(f"write to {MAIL}", age=None).says(text)
    assert (caller.open, caller.notes) == ("age", ["age_needed"])
    assert (caller.says(text).step.end, caller.handoff) == ("declined", Handoff())


def test_an_age_that_is_not_readable_twice_ends_it(calls: Calls) -> None:
    caller = calls(age=None).says("old enough")
    assert (caller.open, caller.step.ask) == ("age", "again")
    assert caller.says("grown up").step.end == "declined"


def test_a_telephone_number_is_no_age(calls: Calls) -> None:
    caller = calls(age=None).says("two oh two five five five oh one four three")
    assert (caller.open, caller.step.end) == ("age", None)
    caller.says("34")
    assert (caller.open, caller.handoff.phone) == ("consent_share", NUMBER)
