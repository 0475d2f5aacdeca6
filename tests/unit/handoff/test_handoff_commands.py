"""What a visitor wants done with the hand-off, questions in the middle, and what is kept of one left half-way."""

import pytest

from bot.handoff.kept import handoff_data
from bot.handoff.state import Handoff
from tests.unit.handoff.conftest import Calls
from tests.unit.handoff.handoff_visitor import HOUR, MAIL, NUMBER, Caller

FIELDS = ["consent_share", "consent_phone", "name", "email", "preferred_time", "summary"]


@pytest.fixture(params=FIELDS)
def asked(request: pytest.FixtureRequest, caller: Caller) -> Caller:
    """Somebody who is asked for a field."""
    return caller.up_to(str(request.param))


@pytest.mark.parametrize("text", ["stop", "cancel this please", "never mind, stop it"])
def test_stop_drops_everything(asked: Caller, text: str) -> None:
    asked.says(text, command="stop")
    assert (asked.step.end, asked.handoff) == ("declined", Handoff())


def test_why_tells_and_asks_again(asked: Caller) -> None:
    field = asked.open
    asked.says("why do you need that", command="why")
    assert (asked.open, asked.step.ask) == (field, "why")
    assert len(asked.words.say(asked.step).texts) == 2
    assert asked.up_to("summary").handoff.ready


def test_once_more_puts_the_question_again(asked: Caller) -> None:
    field, before = asked.open, asked.handoff
    asked.says("what was that", command="repeat")
    assert (asked.open, asked.step.ask, asked.handoff.consents) == (field, "again", before.consents)


def test_later_asks_whether_to_save(asked: Caller) -> None:
    field = asked.open
    asked.says("can we do this another time", command="later")
    assert (asked.step.ask, asked.open) == ("saving", field)
    asked.says("yes")
    assert (asked.step.end, asked.notes, asked.handoff.expires_at) == ("paused", ["saved"], None)
    asked.comes_back("go on", hours=100)
    assert (asked.open, asked.notes) == (field, ["welcome_back"])


@pytest.mark.parametrize(("hours", "kept"), [(23.9, True), (24.1, False)])
def test_what_nobody_saved_is_dropped_after_a_day(caller: Caller, hours: float, kept: bool) -> None:
    caller.up_to("preferred_time").says("another time", command="later").says("no")
    assert (caller.step.end, caller.notes) == ("paused", ["not_saved"])
    assert handoff_data(caller.handoff)["expires_at"] == caller.now + 24 * HOUR
    caller.comes_back("go on", hours=hours)
    assert (caller.handoff.email == MAIL) is kept
    assert ("expired" in caller.notes) is not kept


def test_one_left_open_for_a_day_is_dropped_too(caller: Caller) -> None:
    caller.up_to("summary").waits(25).says("yes")
    assert (caller.step.end, caller.notes, caller.open) == (None, ["expired"], "age")
    assert caller.handoff == Handoff(at=caller.now)


def test_start_over_keeps_the_age_alone(caller: Caller) -> None:
    caller.up_to("summary").says("start over", command="start_over")
    assert (caller.open, caller.notes, caller.handoff.age) == ("consent_share", ["from_the_start"], 34)
    assert (caller.handoff.email, caller.handoff.consents) == (None, ())


def test_back_goes_one_question_back_each_time(caller: Caller) -> None:
    caller.up_to("email")
    seen = [caller.says("go back", command="back").open for _ in range(6)]
    assert seen == ["name", "consent_text", "consent_phone", "consent_email", "consent_share", "consent_share"]
    assert caller.notes == ["no_way_back"]


def test_later_may_be_the_time_that_is_asked_for(caller: Caller) -> None:
    caller.up_to("preferred_time").says("later", command="later")
    assert (caller.open, caller.handoff.preferred_time) == ("summary", "later")


def test_a_no_that_sounds_like_later_is_a_no(caller: Caller) -> None:
    caller.up_to("consent_phone").says("no, maybe later", command="later")
    assert (caller.open, "phone" in caller.refused) == ("consent_text", True)


def test_a_question_in_the_middle_leaves_everything_as_it_was(asked: Caller) -> None:
    field, before = asked.open, asked.handoff
    asked.says("what does it cost?", about="cost", sure=True)
    assert (asked.open, asked.step.answering, asked.step.ask) == (field, True, "plain")
    assert (asked.handoff.consents, asked.handoff.name, asked.handoff.email) == (
        before.consents,
        before.name,
        before.email,
    )


def test_an_order_on_ones_data_is_no_answer(asked: Caller) -> None:
    field, before = asked.open, asked.handoff
    asked.says("delete my data", about="privacy_data", sure=True)
    assert (asked.open, asked.step.answering, asked.step.end) == (field, True, None)
    assert (asked.handoff.name, asked.handoff.preferred_time) == (before.name, before.preferred_time)


def test_three_questions_in_a_row_put_it_aside(asked: Caller) -> None:
    field = asked.open
    for _ in range(3):
        asked.says("what does it cost?", about="cost", sure=True)
    assert (asked.step.end, asked.step.answering, asked.notes) == ("paused", True, ["put_aside"])
    assert asked.comes_back("go on").open == field


def test_a_polite_word_is_answered(asked: Caller) -> None:
    field = asked.open
    asked.says("hello there", small_talk=True)
    assert (asked.open, asked.step.answering) == (field, True)


BORNE = ["😀" * 4000, "x" * 4000, "no only call " * 300, "?" * 4000, "", "\n", "7" * 4000, "1-" * 2000]


@pytest.mark.parametrize("text", BORNE, ids=[repr(text[:9]) for text in BORNE])
def test_whatever_comes_is_borne(asked: Caller, text: str) -> None:
    asked.says(text)
    assert asked.step.end in (None, "declined")
    assert max(len(said) for said in asked.words.say(asked.step).texts) < 1500


def test_what_was_sent_is_not_begun_again(caller: Caller) -> None:
    caller.sends()
    caller.comes_back()
    assert (caller.step.end, caller.handoff.email) == ("already", MAIL)
    assert caller.handoff.expires_at is None


def test_details_told_with_the_first_message_are_used_with_their_consent(calls: Calls) -> None:
    caller = calls(f"I'm 40, my name is Jo, please call me on {NUMBER}", age=None)
    assert caller.open == "consent_share"
    caller.all_of("yes", "no", "yes", "no")
    assert (caller.open, caller.handoff.name, caller.handoff.phone) == ("preferred_time", "Jo", NUMBER)
    assert calls(f"call me on {NUMBER}").says("no").handoff == Handoff()
