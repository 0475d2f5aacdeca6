"""Consent: each purpose in its own question, a yes only for the one that was put, a no also for those to come."""

import pytest

from tests.unit.handoff.conftest import Calls
from tests.unit.handoff.handoff_visitor import CLINIC, MAIL, NUMBER, Caller

FIELDS = ["consent_share", "consent_email", "consent_phone", "consent_text"]
WAYS = ["consent_email", "consent_phone", "consent_text"]
AFTER = {"consent_share": "consent_email", "consent_email": "consent_phone", "consent_phone": "consent_text"}


def test_the_four_are_asked_one_by_one(caller: Caller) -> None:
    asked = []
    while caller.open in FIELDS:
        asked.append(caller.open)
        caller.says("yes")
    assert (asked, caller.open) == (FIELDS, "name")
    assert caller.agreed == {"share", "email", "phone", "text"}


@pytest.mark.parametrize("text", ["yes", "yep", "sure go ahead", "ok", "I agree", "that's fine", "yes to all"])
@pytest.mark.parametrize("field", FIELDS)
def test_a_yes_counts_for_its_own_question_alone(caller: Caller, field: str, text: str) -> None:
    before = caller.up_to(field, consent_email="no").agreed
    caller.says(text)
    assert caller.agreed == before | {field.removeprefix("consent_")}
    assert caller.open == AFTER.get(field, "name")


@pytest.mark.parametrize("text", ["no", "nah", "no thanks", "I'd rather not", "skip", "never", "I don't want that"])
def test_whoever_does_not_share_is_left_in_peace(caller: Caller, text: str) -> None:
    caller.says(text)
    assert caller.step.end == "declined"


@pytest.mark.parametrize("text", ["no", "nope", "no thank you", "rather not say", "please don't"])
@pytest.mark.parametrize("field", WAYS)
def test_a_no_to_a_way_goes_on_to_the_next(caller: Caller, field: str, text: str) -> None:
    caller.up_to(field, consent_phone="yes").says(text)
    assert field.removeprefix("consent_") in caller.refused
    assert caller.step.end is None


@pytest.mark.parametrize("answers", [("no", "no", "no"), ("no to all",), ("none of them",), ("no contact at all",)])
def test_whoever_refuses_every_way_is_left_in_peace(caller: Caller, answers: tuple[str, ...]) -> None:
    caller.says("yes").all_of(*answers)
    assert caller.step.end == "declined"


@pytest.mark.parametrize("text", ["depends", "maybe", "whatever", "hmm", "not sure", "yes?", "what if i say yes", "🤷"])
@pytest.mark.parametrize("field", WAYS)
def test_an_unclear_answer_is_asked_once_more_and_then_a_no(caller: Caller, field: str, text: str) -> None:
    caller.up_to(field, consent_email="yes").says(text)
    assert (caller.open, caller.step.ask) == (field, "again")
    assert field.removeprefix("consent_") not in caller.agreed | caller.refused
    caller.says(text)
    assert (caller.notes, caller.step.end) in ((["taken_as_no"], None), ([], "declined"))
    assert field.removeprefix("consent_") not in caller.agreed


def test_an_unclear_answer_on_sharing_ends_it(caller: Caller) -> None:
    assert caller.all_of("depends", "maybe").step.end == "declined"


@pytest.mark.parametrize(
    ("field", "text", "agreed", "refused", "then"),
    [
        ("consent_email", "email only please", {"email"}, {"phone", "text"}, "name"),
        ("consent_email", "only email", {"email"}, {"phone", "text"}, "name"),
        ("consent_email", "yes, but no calls", {"email"}, {"phone"}, "consent_text"),
        ("consent_email", "just text me", set(), {"email", "phone"}, "consent_text"),
        ("consent_email", "no, text me instead of mails and calls", set(), {"email", "phone"}, "consent_text"),
        ("consent_email", "no, no calls, no texts", set(), {"email", "phone", "text"}, None),
        ("consent_phone", "call is fine but no texts", {"phone"}, {"text"}, "name"),
        ("consent_phone", "call me", {"phone"}, set(), "consent_text"),
        ("consent_phone", "you can ring me", {"phone"}, set(), "consent_text"),
        ("consent_phone", "nope just email", set(), {"phone", "text"}, "name"),
        ("consent_phone", "no thanks, email is better", set(), {"phone"}, "consent_text"),
        ("consent_phone", "yes, and texts too", {"phone"}, set(), "consent_text"),
        ("consent_phone", "yes, but only in the mornings", {"phone"}, set(), "consent_text"),
        ("consent_text", "I prefer a text", {"text"}, set(), "name"),
        ("consent_text", "text messages are fine", {"text"}, set(), "name"),
        ("consent_text", "don't text me", set(), {"text"}, "name"),
    ],
)
def test_what_is_said_of_one_way_is_heard_for_the_others(
    caller: Caller, field: str, text: str, agreed: set[str], refused: set[str], then: str | None
) -> None:
    caller.up_to(field, consent_phone="yes")
    before = (caller.agreed, caller.refused)
    caller.says(text)
    if then is None:
        assert caller.step.end == "declined"
        return
    assert (caller.open, caller.step.end) == (then, None)
    assert (caller.agreed, caller.refused) == (before[0] | agreed, before[1] | refused)


@pytest.mark.parametrize("text", ["phone is ok", "you can text me", "call me", "a text is fine", "no calls"])
def test_what_is_said_of_another_way_does_not_answer_this_one(caller: Caller, text: str) -> None:
    caller.up_to("consent_email").says(text)
    assert (caller.open, caller.agreed) == ("consent_email", {"share"})


def test_only_a_no_is_taken_ahead(calls: Calls) -> None:
    caller = calls("can someone email me? no calls please")
    assert (caller.open, caller.refused) == ("consent_share", {"phone"})
    caller.all_of("yes", "yes")
    assert caller.open == "consent_text"


def test_a_consent_holds_what_was_shown_where_and_when(caller: Caller) -> None:
    caller.says("yes").waits(1).says("yes, but no calls")
    share, phone, email = caller.handoff.consents
    wording = caller.form.consents.of("email")
    assert (email.purpose, email.given, email.wording_id) == ("email", True, wording.id)
    assert (email.version, email.language) == (caller.form.consents.version, "en")
    assert email.shown == wording.text.replace("{clinic}", CLINIC)
    assert (email.at, share.at) == (caller.now, caller.now - 3600)
    assert (email.channel, email.message_id, share.message_id) == ("web", "message-3", "message-2")
    assert (phone.given, phone.shown) == (False, "")


@pytest.mark.parametrize("field", FIELDS)
def test_a_question_in_the_middle_is_no_answer(caller: Caller, field: str) -> None:
    caller.up_to(field).says("who sees this?", about="privacy_data", sure=True)
    assert (caller.open, caller.step.answering) == (field, True)
    caller.says("ok but who sees this?", about="privacy_data", sure=True)
    assert (caller.open, caller.step.answering) == (field, True)
    assert field.removeprefix("consent_") not in caller.agreed


def test_a_yes_with_another_question_counts_and_both_go_on(caller: Caller) -> None:
    caller.says("yes. what does it cost?", about="cost", sure=True)
    assert (caller.open, caller.step.answering, caller.agreed) == ("consent_email", True, {"share"})


@pytest.mark.parametrize("field", FIELDS)
def test_a_detail_is_set_aside_until_its_consent(caller: Caller, field: str) -> None:
    caller.up_to(field, consent_email="yes", consent_phone="yes").says(f"yes, {MAIL} and {NUMBER}")
    caller.up_to("name", consent_email="yes", consent_phone="yes")
    assert (caller.handoff.email, caller.handoff.phone) == (MAIL, NUMBER)


def test_a_detail_alone_is_no_consent(caller: Caller) -> None:
    caller.up_to("consent_email").says(MAIL)
    assert (caller.open, caller.notes, caller.agreed) == ("consent_email", ["set_aside"], {"share"})
    assert caller.all_of("no", "yes", "no").handoff.email is None


def test_a_number_goes_with_the_last_consent_that_would_use_it(calls: Calls) -> None:
    caller = calls(f"call me on {NUMBER}").all_of("yes", "yes", "no")
    assert caller.handoff.phone == NUMBER
    assert caller.says("no").handoff.phone is None


def test_back_asks_a_consent_anew(caller: Caller) -> None:
    caller.up_to("consent_phone").says("go back", command="back")
    assert (caller.open, caller.agreed) == ("consent_email", {"share"})
    caller.says("no")
    assert (caller.open, caller.refused) == ("consent_phone", {"email"})
