"""What a visitor wants done with the hand-off: stop, later, back, from the start, why, once more."""

from dataclasses import replace

from bot.assessment.fields import AGE, SUMMARY
from bot.assessment.heard import Heard
from bot.assessment.state import Note
from bot.handoff.fields import CONSENTS, ORDER, PREFERRED_TIME
from bot.handoff.state import Handoff, Step
from bot.handoff.steps import declined, onward, paused
from bot.handoff.turn import Turn

LEAVING = frozenset({"stop", "later", "start_over"})


def save_or_not(here: Handoff, heard: Heard) -> Step | None:
    """The step of an answer to "save my progress?"; None for a message that goes on with the hand-off."""
    if heard.yes_no == "yes":
        return paused(replace(here, saved=True), "saved")
    elsewhere = heard.command in ("stop", "start_over", "resume")
    if not elsewhere and (heard.yes_no == "no" or heard.refuses or heard.command == "later"):
        return paused(replace(here, saved=False), "not_saved")
    return None


def is_command(here: Handoff, turn: Turn, answers: bool) -> bool:
    """Whether a message that looks like a command is one; one that `answers` the open question may be none."""
    heard = turn.heard
    if heard.command is None or not answers:
        return heard.command is not None
    bare = set(heard.said.split()) <= set(turn.form.questions.leaving)
    return heard.command in LEAVING and bare and not (here.open == PREFERRED_TIME and heard.said == "later")


def obey(here: Handoff, turn: Turn) -> Step | None:
    """The step of a command; None for one that means nothing here."""
    match turn.heard.command:
        case "stop":
            return declined()
        case "later" if here.saved is None:
            return Step(replace(here, saving=True), ask="saving")
        case "later":
            return paused(here, "paused")
        case "start_over":
            return onward(Handoff(age=here.age, saved=here.saved, at=here.at), Note("from_the_start"))
        case "back" | "change_answer" if here.open != SUMMARY and not turn.heard.corrects:
            return _back(here)
        case "why":
            return Step(here, ask="why")
        case "repeat" | "resume" | "kidding" if here.tries == 0:
            # A second one in a row is taken for an answer that cannot be read.
            return Step(replace(here, tries=1), ask="again" if turn.heard.command == "repeat" else "plain")
    return None


def _back(here: Handoff) -> Step:
    """The question before the open one, to be answered anew."""
    before = [name for name in ORDER[: ORDER.index(here.open)] if _was_asked(here, name)]
    return Step(here.reopened(before[-1])) if before else Step(here, (Note("no_way_back"),))


def _was_asked(here: Handoff, name: str) -> bool:
    if name in CONSENTS:
        return here.consent(CONSENTS[name]) is not None
    return name != AGE and (here.value(name) is not None or name in here.skipped)
