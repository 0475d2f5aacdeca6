"""What holds whatever is said, in whatever order: nothing without consent, nothing left after a no, no yes made up."""

from collections.abc import Mapping

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bot.assessment.heard import Heard
from bot.handoff.conversation import advance, begin, reopen
from bot.handoff.details import name_text
from bot.handoff.fields import CONSENTS, DETAILS, Way
from bot.handoff.kept import handoff_data, read_handoff, sent
from bot.handoff.state import Evidence, Handoff, Step
from bot.handoff.words import HandoffWords
from bot.readers.name import read_name
from tests.unit.assessment.conftest import Listen
from tests.unit.handoff.handoff_visitor import MAIL, NUMBER, PLAIN, REFERENCE, shipped_form

SAID = [
    "yes", "no", "nah", "sure go ahead", "maybe", "skip", "only email", "just text me", "no calls", "don't text me",
    "call is fine but no texts", "yes to all", "no to all", "you can call me", "actually don't email me", "either",
    f"yes, {MAIL}", f"call me on {NUMBER}", f"my name is Sam, {MAIL}", "Sam Lee", "sam at mail dot example",
    "202 555 0199", "34", "I'm 17", "17", "mornings", "after six", "change my number", "change my email",
    "remove my email", "yes, send it", "send it", "looks good", "yes but the name is wrong", "don't send it",
    "text", "phone call", "who sees this?", "hello", "", "???", "no preference", "I prefer a text", "stop calling",
]  # fmt: skip
# Said in place of these, whatever answers the open question.
FITTING = ["fits", "fits", "fits", "fits", "fits", "fits"]
COMMANDS = [None, None, None, None, "skip", "stop", "later", "back", "change_answer", "why", "repeat", "start_over"]
TOPICS: list[Mapping[str, object]] = [{}, {}, {"about": "cost", "sure": True}, {"small_talk": True}]
FORM = shipped_form()
WORDS = HandoffWords(FORM)

messages = st.lists(
    st.tuples(
        st.sampled_from([*SAID, *FITTING * 8]),
        st.sampled_from(COMMANDS),
        st.sampled_from(TOPICS),
        st.integers(0, 90_000),
    ),
    max_size=40,
)


def holds_nothing_without_consent(here: Handoff) -> bool:
    """Once no consent stands open, an address or a number is there only with the consent to use it."""
    through = here.open not in CONSENTS and here.open != "age"
    agreed = set(here.agreed)
    return not through or (
        "share" in agreed
        and (here.email is None or "email" in agreed)
        and (here.phone is None or bool(agreed & {"phone", "text"}))
        and (here.preferred_contact is None or here.preferred_contact in agreed)
    )


def holds_only_what_may_be(here: Handoff) -> bool:
    """Before that, nothing is there whose consent was refused."""
    refused: set[Way] = {way for way in ("email", "phone", "text") if here.consent(way) is False}
    return not (here.email and "email" in refused) and not (here.phone and {"phone", "text"} <= refused)


def is_yes(heard: Heard, field: str) -> bool:
    """Whether a message may be a yes to a question at all."""
    way = field.removeprefix("consent_")
    return heard.yes_no == "yes" or any(
        word in heard.said for word in {"email": ["email"], "text": ["text"]}.get(way, ["call"])
    )


def check(before: Handoff, heard: Heard, step: Step) -> None:
    here = step.handoff
    assert holds_nothing_without_consent(here)
    assert holds_only_what_may_be(here)
    if step.end in ("declined", "underage"):
        assert here == Handoff()
    new = [one for one in here.consents[len(before.consents) :] if one.given]
    if new and here.consents[: len(before.consents)] == before.consents:
        assert [f"consent_{one.purpose}" for one in new] == [before.open]
        assert is_yes(heard, before.open)
        assert new[0].shown == FORM.shown(new[0].purpose)
    if step.end == "submit":
        assert before.open == "summary"
        assert heard.yes_no == "yes" or "send" in heard.said
        assert "share" in here.agreed
        assert here.reachable
        assert here.age is not None
        assert here.age >= 18
    assert read_handoff(handoff_data(here)) == here


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(age=st.sampled_from([None, 34]), said=messages)
def test_whatever_is_said(
    listen: Listen, age: int | None, said: list[tuple[str, str | None, Mapping[str, object], int]]
) -> None:
    now, heard_before = 1_000_000.0, _heard(listen, "can someone contact me", None, {})
    step = begin(Handoff(), heard_before, age, FORM, now, Evidence("web", "0"))
    for number, (text, command, beside, waited) in enumerate(said):
        now += waited if waited > 80_000 else 1
        before, fits = step.handoff, text == "fits"
        answer = {**PLAIN, "consent_phone": "yes"}.get(before.open, "yes") if fits else text
        heard = _heard(listen, answer, None if fits else command, {} if fits else beside)
        if step.end == "submit":
            before = sent(before, REFERENCE)
            step = reopen(before, DETAILS[waited % len(DETAILS)], heard, FORM, now, Evidence("web", str(number)))
        elif before.reference and step.end:
            step = begin(before, heard, age, FORM, now, Evidence("web", str(number)))
            assert step.end in ("already", "underage")
        elif step.end:
            step = begin(before, heard, age, FORM, now, Evidence("web", str(number)))
        else:
            step = advance(before, heard, FORM, now, Evidence("web", str(number)))
        event(f"{step.end}")
        check(before, heard, step)
        if step.end not in ("submit", "underage", "changed", "unchanged", "withdraw"):
            assert all(WORDS.say(step).texts)


CACHE: dict[str, Heard] = {}


def _heard(listen: Listen, text: str, command: str | None, beside: Mapping[str, object]) -> Heard:
    if text not in CACHE:
        CACHE[text] = listen(text, name=read_name(name_text(text)))
    heard = CACHE[text]
    return Heard(**{**vars(heard), "command": command, **beside})
