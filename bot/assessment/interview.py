"""The suitability check as a pure function: where it stands and what was heard give where it stands next."""

from dataclasses import replace

from bot.assessment.answers import Answers, Value
from bot.assessment.changes import (
    codes,
    conflicts,
    corrected_last,
    corrects_age,
    landed,
    notes_on_change,
    restated,
    said_again,
)
from bot.assessment.fields import AGE, FIELD_OF_FINDING, FIELDS, SUMMARY, TIMELINE
from bot.assessment.heard import Heard, without_stray_age
from bot.assessment.questions import Questions
from bot.assessment.reading import TOLD, WORDS_FIELDS, count_from_age, interrupts, read_value
from bot.assessment.state import Interview, Note, Step

UNREADABLE_AT_MOST = 2
INTERRUPTIONS_AT_MOST = 3
CHANGING = ("chang", "wrong", "edit", "fix", "mistake")
TOPIC = "start_assessment"
# After these answers, which end with the offer of the check, a yes begins it.
OFFERS = frozenset({"start_assessment.suitability_check", "candidacy_general.am_i_suitable"})
GO_ON = frozenset({"go on", "continue", "carry on", "proceed"})
# A number or a finding in the same message does not make these the answer.
LEAVING = frozenset({"stop", "later", "start_over"})


def begin(interview: Interview, heard: Heard, questions: Questions, now: float) -> Step:
    """The first question, or the one at which a check was left; what the message tells besides counts already.

    Answers that have expired are forgotten.
    """
    if heard.told_age and heard.under_age:
        return Step(Interview(), ask=None, end="underage")
    step = _opened(interview, heard, now)
    after = landed(step.interview, heard, SUMMARY, questions)
    return replace(step, interview=after, notes=(*step.notes, *notes_on_change(step.interview, after)))


def _opened(interview: Interview, heard: Heard, now: float) -> Step:
    if interview.expired(now):
        return Step(Interview(at=now), (Note("expired"), Note("intro")))
    if not interview.begun:
        return Step(replace(interview, at=now, saving=False), (Note("intro"),))
    if interview.decided or heard.command == "start_over":
        return Step(_afresh(replace(interview, at=now)), (Note("from_the_start"),))
    return Step(replace(interview.moved_on(), at=now, saving=False), (Note("welcome_back"),))


def _afresh(here: Interview) -> Interview:
    """At the first question; what was answered before counts on, as corrected."""
    return Interview(here.answers.replaced(*FIELDS), saved=here.saved, at=here.at)


def resumes(heard: Heard, interview: Interview | None, last_entry: str | None) -> bool:
    """Whether a message outside the check begins it or goes on with it."""
    agrees = heard.yes_no == "yes" and not (heard.asks and heard.sure)  # "ok what does it cost" is no yes to an offer
    if heard.about == TOPIC or (agrees and last_entry in OFFERS):
        return True
    if interview is None:
        return False
    if heard.command == "start_over":
        return interview.begun
    return interview.waits and (heard.command == "resume" or heard.said in GO_ON)


def advance(interview: Interview, heard: Heard, questions: Questions, now: float) -> Step:
    """The step that a message makes."""
    heard = _without_count(heard)
    heard = without_stray_age(heard) if interview.open == AGE else heard
    if _is_minor(interview, heard, questions):
        return Step(Interview(), ask=None, end="underage")
    if interview.expired(now):
        return Step(Interview(at=now), (Note("expired"),))
    here = replace(interview, at=now)
    heard = count_from_age(heard, heard.age if here.open == AGE else here.answers.number(AGE))
    if here.saving:
        here = replace(here, saving=False)
        step = _save_or_not(here, heard)
        if step:
            return step
    if heard.command and _commands(here, heard, questions):
        step = _command(landed(here, heard, SUMMARY, questions), heard)
        if step:
            return step
    return _confirm(here, heard, questions) if here.open == SUMMARY else _take(here, heard, questions)


def _without_count(heard: Heard) -> Heard:
    """The message without a number that counts questions ("go back one")."""
    counts = heard.command and heard.age is not None and heard.age <= len(FIELDS) and not heard.told_age
    return replace(heard, age=None) if counts else heard


def _is_minor(here: Interview, heard: Heard, questions: Questions) -> bool:
    if not heard.under_age:
        return False
    if here.open == SUMMARY and not heard.told_age:
        # "2 years" and "duration 3" are no age.
        named = questions.named(heard.said)
        return named == AGE or (named is None and heard.months is None)
    return heard.told_age or here.open == AGE or corrects_age(here, heard)


def _save_or_not(here: Interview, heard: Heard) -> Step | None:
    """The step of an answer to "save my progress?"; None for a message that goes on with the check."""
    if heard.yes_no == "yes":
        return Step(replace(here, saved=True), (Note("saved"),), ask=None, end="paused")
    elsewhere = heard.command in ("stop", "start_over", "resume")
    if not elsewhere and (heard.yes_no == "no" or heard.refuses or heard.command == "later"):
        return Step(replace(here, saved=False), (Note("not_saved"),), ask=None, end="paused")
    return None


def _commands(here: Interview, heard: Heard, questions: Questions) -> bool:
    """Whether a message that looks like a command is one: it may as well be the answer ("stop the shedding")."""
    if here.open == SUMMARY:
        return heard.yes_no != "yes"
    # "No, stop" is no answer.
    value = read_value(replace(heard, yes_no="unclear"), questions.of(here.open))
    if value is None or value.value is None:
        return True
    told = isinstance(value.value, int) or bool(value.findings)
    if value.value in codes(here.open, questions):
        return False
    if here.open in WORDS_FIELDS and heard.command in LEAVING:
        # "Stop receding" is a hope, and "later" a time.
        bare = set(heard.said.split()) <= set(questions.leaving)
        return bare and not (here.open == TIMELINE and heard.said == "later")
    return heard.command in LEAVING or not told


def _command(here: Interview, heard: Heard) -> Step | None:
    """The step of a command; None for one that means nothing here."""
    match heard.command:
        case "skip" if here.open != SUMMARY:
            return _refused(here)
        case "stop":
            return Step(Interview(), (Note("stopped"),), ask=None, end="stopped")
        case "later" if here.saved is None:
            return Step(replace(here, saving=True), ask="saving")
        case "later":
            return Step(here, (Note("paused"),), ask=None, end="paused")
        case "start_over":
            return Step(_afresh(here), (Note("from_the_start"),))
        case "back" if here.open != SUMMARY:
            return _back(here)
        case "change_answer" if here.open != SUMMARY and not heard.corrects:
            return _back(here)
        case "why":
            return Step(here, ask="why")
        case "repeat" | "resume" | "kidding" if here.unreadable == 0 or here.open == AGE:
            # A second one in a row is taken for an answer that cannot be read.
            asked = replace(here, unreadable=1) if here.open != AGE else here
            return Step(asked, ask="again" if heard.command == "repeat" else "plain")
    return None


def _back(here: Interview) -> Step:
    """The question before the open one, to be answered anew."""
    if here.last is None:
        return Step(here, (Note("no_way_back"),))
    before = [name for name in FIELDS[: FIELDS.index(here.last)] if name in here.done]
    return Step(replace(here.reopened(here.last), last=before[-1] if before else None))


def _refused(here: Interview) -> Step:
    """An answer that is not given: one skip is enough, but the age is asked once more."""
    if here.open == AGE and here.unreadable == 0:
        return Step(replace(here, unreadable=1), (Note("age_needed"),), ask="again")
    given = here.answers.give(Value(here.open))
    if here.open == AGE:
        return Step(replace(here, answers=given), ask=None, end="decided")
    return Step(_answered(here, given), (Note("skipped", here.open),))


def _answered(here: Interview, answers: Answers, said: str = "") -> Interview:
    done = (*here.done, here.open)
    return replace(here, answers=answers, done=done, last=here.open, said=said).moved_on()


def _take(here: Interview, heard: Heard, questions: Questions) -> Step:
    """The answer to the open question, with whatever else the message holds."""
    corrected = corrected_last(here, heard, questions)
    if corrected:
        return Step(corrected, notes_on_change(here, corrected))
    after = landed(here, heard, here.open, questions)
    value = read_value(_of_open(here, after, heard), questions.of(here.open))
    if value is None:
        return _no_answer(here, after, heard, questions)
    notes = notes_on_change(here, after)
    if notes and heard.corrects and value.value not in codes(here.open, questions) and here.open in WORDS_FIELDS:
        return Step(after, notes)  # "oops, 47 not 46" is no time frame
    if _sent_twice(here, heard):
        return Step(replace(after, unreadable=after.unreadable + 1), (Note("have_that"),))
    if value.value is None and not value.findings:
        step = _refused(after)
        return replace(step, notes=(*conflicts(here, after), *step.notes))
    replaces = here.anew and value.value != TOLD
    given = after.answers.correct(value) if replaces else after.answers.answer(value)
    moved = _answered(after, given, heard.said)
    return Step(moved, conflicts(here, moved), answering=heard.asks and heard.answerable)


def _of_open(here: Interview, after: Interview, heard: Heard) -> Heard:
    """The message as an answer to the open question: "it isn't lupus" is none where lupus was told before."""
    own = any(FIELD_OF_FINDING[finding] == here.open for finding in heard.denied)
    if own or heard.none_at_all or not conflicts(here, after):
        return heard
    return replace(heard, denied=frozenset(), yes_no="unclear")


def _sent_twice(here: Interview, heard: Heard) -> bool:
    """Whether a question that takes any words gets those of the last answer; a second time they are meant."""
    first_try = here.unreadable == 0 and not here.anew
    return first_try and here.open in WORDS_FIELDS and heard.said == here.said != ""


def _no_answer(here: Interview, after: Interview, heard: Heard, questions: Questions) -> Step:
    """A message that leaves the open question open: a question of its own, facts for other fields, or not readable."""
    if interrupts(heard, here.open):
        step = _interrupted(after)
        return replace(step, notes=(*conflicts(here, after), *step.notes))
    notes = notes_on_change(here, after)
    if notes or said_again(here, heard, questions):
        return Step(after, notes or (Note("have_that"),))
    tried = replace(after, unreadable=here.unreadable + 1)
    if tried.unreadable < UNREADABLE_AT_MOST:
        return Step(tried, ask="again")
    given = tried.answers.give(Value(here.open))
    if here.open == AGE:
        return Step(replace(tried, answers=given), ask=None, end="decided")
    return Step(_answered(tried, given), (Note("not_read", here.open),))


def _interrupted(here: Interview) -> Step:
    """A question in the middle; after some in a row the check is put aside, and waits."""
    interrupted = replace(here, interruptions=here.interruptions + 1)
    if interrupted.interruptions < INTERRUPTIONS_AT_MOST:
        return Step(interrupted, answering=True)
    return Step(replace(interrupted, interruptions=0), (Note("put_aside"),), ask=None, answering=True, end="paused")


def _confirm(here: Interview, heard: Heard, questions: Questions) -> Step:
    """At the summary: yes ends the check, whatever changes an answer shows the summary again."""
    after = landed(restated(here, heard, questions), heard, SUMMARY, questions)
    notes = notes_on_change(here, after)
    plainly_yes = heard.yes_no == "yes" and not any(word in heard.said for word in CHANGING)
    changes = heard.command in ("change_answer", "back") and not plainly_yes
    if notes:
        return Step(replace(after, unreadable=0), notes)
    if heard.yes_no == "yes" and not changes:
        return Step(after, ask=None, end="decided")
    named = questions.named(heard.said)
    if named and not heard.asks:
        return Step(here.reopened(named))
    if changes or heard.yes_no == "no":
        return Step(here, ask="what_to_change")
    if heard.answerable:
        return _interrupted(here)
    if here.unreadable + 1 >= UNREADABLE_AT_MOST:
        return Step(here, (Note("taken_as_read"),), ask=None, end="decided")
    return Step(replace(here, unreadable=here.unreadable + 1), ask="again")
