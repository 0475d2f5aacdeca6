"""What a hand-off says: the payload of the contract, the buttons, and "sent" only where it is true."""

import pytest

from bot.handoff.account import AccountWords
from bot.handoff.state import Handoff, Step
from bot.handoff.words import HandoffWords
from tests.unit.handoff.conftest import Calls
from tests.unit.handoff.handoff_visitor import CLINIC, MAIL, REFERENCE, Caller

YES = {"consent_email": "yes", "consent_phone": "yes", "consent_text": "yes"}
DETAILS = {"name": "Sam", "email": MAIL, "phone": None, "preferred_contact": "email", "preferred_time": "evening"}


def payload(caller: Caller) -> dict[str, object]:
    return caller.words.say(caller.step).payload


def test_the_first_turn_offers_it_with_its_topic(calls: Calls) -> None:
    caller = calls(age=None)
    topics = ["consultation_booking"]
    assert payload(caller) == {"kind": "handoff", "state": "offered", "field": "age", "topics": topics}
    known = calls(age=34)
    assert payload(known) == {"kind": "handoff", "state": "consent", "field": "consent_share", "topics": topics}
    assert payload(caller.says("hm")) == {"kind": "question", "field": "age"}


@pytest.mark.parametrize("field", ["consent_share", "consent_email", "consent_phone", "consent_text"])
def test_a_consent_is_asked_in_its_exact_words(caller: Caller, field: str) -> None:
    spoken = caller.words.say(caller.up_to(field, consent_email="yes").step)
    assert spoken.payload["state"] == "consent"
    assert (spoken.payload["kind"], spoken.payload["field"]) == ("handoff", field)
    assert spoken.texts[-1] == caller.form.shown(field.removeprefix("consent_"))  # type: ignore[arg-type]  # a purpose
    assert spoken.buttons == ("Yes", "No", "Why do you ask?")


@pytest.mark.parametrize("text", ["why do you ask?", "hmm", "huh"])
def test_its_exact_words_are_there_whenever_it_is_put_again(caller: Caller, text: str) -> None:
    told = {"why do you ask?": "why", "huh": "repeat"}
    spoken = caller.words.say(caller.says(text, command=told.get(text)).step)
    assert spoken.texts[-1] == caller.form.shown("share")
    assert len(spoken.texts) == 2


@pytest.mark.parametrize("field", ["name", "email", "phone", "preferred_contact", "preferred_time"])
def test_a_question_on_the_person_is_a_question(caller: Caller, field: str) -> None:
    answers = {**YES, "preferred_contact": "call"}
    assert payload(caller.up_to(field, **answers)) == {"kind": "question", "field": field}


def test_only_the_ways_that_were_agreed_to_are_offered(caller: Caller) -> None:
    caller.up_to("preferred_contact", consent_text="yes")
    assert caller.words.say(caller.step).buttons == ("E-mail", "Text message", "No preference", "Why do you ask?")


def test_the_summary_is_a_review_with_two_buttons(caller: Caller) -> None:
    spoken = caller.words.say(caller.up_to("summary").step)
    assert spoken.payload == {"kind": "handoff", "state": "review", "field": "summary"}
    assert spoken.buttons == ("Yes, send it", "Change something")
    assert caller.words.offers(caller.handoff, "yes, SEND it")


def test_a_button_does_what_it_says(caller: Caller) -> None:
    caller.up_to("summary")
    assert caller.says("Change something", command="change_answer").step.ask == "what_to_change"
    assert caller.says("Yes, send it").step.end == "submit"


def test_declined_says_what_is_kept_and_nothing_more(caller: Caller) -> None:
    spoken = caller.words.say(caller.says("no").step)
    assert spoken.payload == {"kind": "handoff", "state": "declined"}
    assert spoken.buttons == ()
    assert "I keep no contact details" in spoken.texts[0]
    assert "Every answer stays open to you" in spoken.texts[0]


def test_sent_is_said_with_the_reference(words: HandoffWords) -> None:
    spoken = words.submitted(REFERENCE)
    assert spoken.payload == {"kind": "handoff", "state": "submitted", "reference": REFERENCE}
    assert REFERENCE in spoken.texts[0]
    again = words.say(Step(Handoff(reference=REFERENCE), ask=None, end="already"))
    assert (again.payload, REFERENCE in again.texts[0]) == (spoken.payload, True)


def test_a_failure_says_that_nothing_is_lost_and_nothing_doubled(words: HandoffWords) -> None:
    spoken = words.failed()
    assert spoken.payload == {"kind": "handoff", "state": "failed", "field": "summary"}
    assert spoken.buttons == ("Send it again",)
    for part in ("could not confirm", "Nothing you typed is lost", "can't arrive twice"):
        assert part in spoken.texts[0]
    assert "sent." not in spoken.texts[0].casefold()


def test_nothing_but_the_two_says_that_it_was_sent(caller: Caller) -> None:
    seen = [caller.reads()]
    for text in ("yes", "yes", "yes", "no", "Sam", MAIL, "email", "evenings", "hm", "no"):
        seen.append(caller.says(text).reads())
    assert [said for said in seen if said.startswith("Sent") or "I sent" in said] == []


@pytest.mark.parametrize("end", ["saved", "not_saved", "paused", "put_aside"])
def test_leaving_it_says_that_nothing_was_sent(words: HandoffWords, end: str) -> None:
    assert "Nothing was sent" in words.phrase(end)


def test_a_name_may_hold_any_sign(caller: Caller) -> None:
    caller.up_to("preferred_time").says("{lines} after {six}")
    assert "{lines} after {six}" in caller.reads()


def test_later_requests_are_told_with_their_action(words: HandoffWords) -> None:
    account = AccountWords(words)
    agreed = ("share", "email")
    shown = account.shown(REFERENCE, DETAILS, agreed)
    assert shown.payload == {"kind": "account", "topics": ["privacy_data"], "action": "shown"}
    for part in (REFERENCE, CLINIC, "Sam", MAIL, "evening", "Write me e-mails: yes", "Call me: no"):
        assert part in shown.texts[0]
    assert account.changed(REFERENCE, DETAILS, agreed).payload["action"] == "changed"
    assert account.unchanged(DETAILS, agreed).payload["action"] == "shown"
    assert "E-RECEIPT" in account.deleted("E-RECEIPT", was_sent=True).texts[0]
    assert "note" not in account.deleted("E-RECEIPT", was_sent=False).texts[0]
    assert account.nothing_kept().payload["action"] == "shown"
    assert account.failed().payload == {"kind": "error", "retry": True}


def test_a_withdrawal_tells_what_is_left(words: HandoffWords) -> None:
    account = AccountWords(words)
    some = account.withdrawn(REFERENCE, ("phone", "text"), DETAILS, ("share", "email"))
    assert some.payload == {"kind": "account", "topics": ["privacy_data"], "action": "withdrawn"}
    assert "phone calls and text messages" in some.texts[0]
    assert MAIL in some.texts[0]
    everything = account.withdrawn(REFERENCE, ("email",), {}, ())
    assert "nobody should contact you" in everything.texts[0]
    assert MAIL not in account.shown(REFERENCE, DETAILS, (), withdrawn=True).texts[0]
