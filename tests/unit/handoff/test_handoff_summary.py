"""The one look at everything: a plain yes sends it, whatever changes something shows it again."""

import pytest

from bot.handoff.kept import handoff_data, read_handoff
from tests.unit.handoff.handoff_visitor import MAIL, NUMBER, Caller

YES = {"consent_email": "yes", "consent_phone": "yes", "consent_text": "yes"}


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes, send it",
        "looks good",
        "send it",
        "yes it's all correct",
        "yep go ahead",
        "submit",
        "yes nothing to change",
        "ok no mistakes",
        "send it again",
        "try again",
    ],
)
def test_a_plain_yes_sends_it(caller: Caller, text: str) -> None:
    caller.up_to("summary").says(text)
    assert (caller.step.end, caller.handoff.ready) == ("submit", True)


@pytest.mark.parametrize(
    "text",
    ["yes?", "yes but the name is wrong", "no", "maybe", "hm", "don't send it yet", "not sure", "is that all?", "stop"],
)
def test_nothing_less_sends_it(caller: Caller, text: str) -> None:
    assert caller.up_to("summary").says(text).step.end != "submit"


def test_sending_it_again_is_no_wish_to_hear_it_again(caller: Caller) -> None:
    assert caller.up_to("summary").says("Send it again", command="repeat").step.end == "submit"


@pytest.mark.parametrize("text", ["don't send it", "no, don't share that", "please do not send this"])
def test_whoever_wants_it_kept_back_is_left_in_peace(caller: Caller, text: str) -> None:
    assert caller.up_to("summary").says(text).step.end == "declined"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("actually it's sam.lee@mail.example", "email", "sam.lee@mail.example"),
        ("no, my email is sam.lee@mail.example", "email", "sam.lee@mail.example"),
        ("yes but change my name to Samuel", "name", "Samuel"),
        ("my name is Samuel", "name", "Samuel"),
        ("yes but mornings please", "preferred_time", "morning"),
    ],
)
def test_new_values_are_taken_and_shown_again(caller: Caller, text: str, field: str, value: str) -> None:
    caller.up_to("summary").says(text)
    assert (caller.open, caller.step.end, caller.notes) == ("summary", None, ["noted"])
    assert caller.handoff.value(field) == value
    assert value in caller.reads()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("change my name", "name"),
        ("the email is wrong", "email"),
        ("change the time", "preferred_time"),
        ("the number", "phone"),
        ("my age is wrong", "age"),
        ("best way please", "preferred_contact"),
    ],
)
def test_a_field_that_is_named_is_asked_again(caller: Caller, text: str, field: str) -> None:
    caller.up_to("summary", **YES, preferred_contact="call").says(text)
    assert caller.open == field
    assert caller.up_to("summary", preferred_contact="call").handoff.ready


def test_a_question_asked_again_can_keep_its_answer(caller: Caller) -> None:
    caller.up_to("summary").says("change my email").says("skip")
    assert (caller.open, caller.handoff.email) == ("summary", MAIL)


@pytest.mark.parametrize("text", ["no", "change something", "not quite right", "there's a mistake"])
def test_a_no_asks_what_to_change(caller: Caller, text: str) -> None:
    caller.up_to("summary").says(text, command="change_answer" if "change" in text else None)
    assert (caller.open, caller.step.ask) == ("summary", "what_to_change")


def test_a_consent_can_be_taken_back(caller: Caller) -> None:
    caller.up_to("summary", **YES, preferred_contact="text").says("actually don't call me")
    assert (caller.open, caller.agreed) == ("summary", {"share", "email", "text"})
    assert (caller.handoff.phone, caller.notes) == (NUMBER, ["refused"])
    assert "Call me: no" in caller.reads()


def test_a_way_that_was_liked_best_and_is_taken_back_leaves_a_choice(caller: Caller) -> None:
    caller.up_to("summary", **YES, preferred_contact="call").says("actually don't call me")
    assert (caller.open, caller.handoff.way) == ("preferred_contact", None)


def test_a_number_goes_when_nothing_is_left_that_uses_it(caller: Caller) -> None:
    caller.up_to("summary", consent_phone="yes", preferred_contact="call").says("don't call me")
    assert (caller.handoff.phone, caller.handoff.way) == (None, "email")


def test_the_last_consent_taken_back_ends_it(caller: Caller) -> None:
    assert caller.up_to("summary").says("actually don't email me").step.end == "declined"


@pytest.mark.parametrize("text", ["you can call me too", "actually call me", "yes and call me on 202 555 0143"])
def test_a_consent_given_after_all_is_asked_in_its_wording(caller: Caller, text: str) -> None:
    caller.up_to("summary").says(text)
    assert (caller.open, caller.agreed) == ("consent_phone", {"share", "email"})
    caller.says("yes")
    assert "phone" in caller.agreed
    assert caller.up_to("summary").handoff.ready


def test_a_detail_without_its_consent_is_not_taken(caller: Caller) -> None:
    caller.up_to("summary").says("also 202 555 0143").says("no")
    assert (caller.open, caller.handoff.phone) == ("summary", None)


def test_a_detail_can_be_left_out(caller: Caller) -> None:
    caller.up_to("summary", consent_phone="yes", preferred_contact="call").says("remove my email")
    assert (caller.open, caller.handoff.email, caller.handoff.way) == ("summary", None, "phone")


def test_two_unreadable_answers_put_it_aside_and_send_nothing(caller: Caller) -> None:
    caller.up_to("summary").says("hmm")
    assert (caller.open, caller.step.ask) == ("summary", "again")
    caller.says("hmm")
    assert (caller.step.end, caller.notes) == ("paused", ["put_aside"])
    assert "Nothing was sent" in caller.reads()
    assert caller.comes_back().open == "summary"


def test_a_question_at_the_summary_is_answered(caller: Caller) -> None:
    caller.up_to("summary").says("who reads this?", about="privacy_data", sure=True)
    assert (caller.open, caller.step.answering) == ("summary", True)


def test_the_summary_shows_everything(caller: Caller) -> None:
    said = caller.up_to("summary", **YES, preferred_contact="text", preferred_time="after six").reads()
    for part in ("34", "Sam Lee", MAIL, NUMBER, "text message", "after six", "Send me text messages: yes"):
        assert part in said
    assert "share them with Example Clinic: yes" in said


def test_it_comes_back_from_a_slot_as_it_was(caller: Caller) -> None:
    here = caller.up_to("summary", **YES, preferred_contact="text").handoff
    data = handoff_data(here)
    assert read_handoff(data) == here
    assert data["expires_at"] == caller.now + 24 * 3600
    assert read_handoff(None).open == "age"
