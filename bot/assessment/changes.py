"""How a message changes answers besides that to the open question, and what is said of it."""

from dataclasses import replace

from bot.assessment.answers import Value
from bot.assessment.fields import AGE, DURATION
from bot.assessment.heard import Heard
from bot.assessment.questions import Questions
from bot.assessment.reading import ANSWERED_IN_PASSING, NONE, read_elsewhere, read_value
from bot.assessment.state import Interview, Note

NO = frozenset({NONE, "no"})


def codes(name: str, questions: Questions) -> set[str | int]:
    """The values of a field that a choice gives."""
    return {NONE, *(option.id for option in questions.of(name).options)}


def _read_plainly(name: str, heard: Heard, questions: Questions) -> Value | None:
    """The value of a field that is not asked now: "no, my medicines are wrong" says nothing of them."""
    return read_value(replace(heard, yes_no="unclear"), questions.of(name))


def _chooses(name: str, heard: Heard, questions: Questions) -> bool:
    """Whether the message names a choice of a field."""
    value = _read_plainly(name, heard, questions)
    return value is not None and value.value in codes(name, questions) - NO


def landed(here: Interview, heard: Heard, asked: str, questions: Questions) -> Interview:
    """With the facts that belong to other fields than `asked`; a number replaces the one before, a finding is added."""
    answers, done = here.answers.deny(heard.denied - heard.present), here.done
    for value in read_elsewhere(heard, asked, questions):
        if value.field in ANSWERED_IN_PASSING and value.field not in done:
            done = (*done, value.field)
        answers = answers.correct(value) if isinstance(value.value, int) else answers.give(value)
    after = replace(here, answers=answers, done=done)
    return after.moved_on() if after.open in done else after


def corrected_last(here: Interview, heard: Heard, questions: Questions) -> Interview | None:
    """With the last answer replaced, where the message says that it was another."""
    if here.last is None or not heard.corrects or (here.last == AGE and not corrects_age(here, heard)):
        return None
    value = _read_plainly(here.last, heard, questions)
    if value is None or (not isinstance(value.value, int) and value.value not in codes(here.last, questions)):
        return None
    if value.value in NO and _chooses(here.open, heard, questions):
        return None
    answers = here.answers.correct(value)
    return None if answers == here.answers else landed(replace(here, answers=answers), heard, here.last, questions)


def corrects_age(here: Interview, heard: Heard) -> bool:
    """Whether a number in the message takes the place of the age that was told last."""
    answers_duration = here.open == DURATION and heard.months is not None
    return heard.corrects and here.last == AGE and not answers_duration


def restated(here: Interview, heard: Heard, questions: Questions) -> Interview:
    """At the summary: with the answer replaced that the message names and gives anew, or that its number fits."""
    names = [] if heard.asks else [questions.named(heard.said)]
    if heard.yes_no != "yes" and not heard.asks:
        names.append(DURATION if heard.months is not None else AGE)
    for name in filter(None, names):
        value = _read_plainly(name, heard, questions)
        if value and (isinstance(value.value, int) or value.value in codes(name, questions)):
            return replace(here, answers=here.answers.correct(value))
    return here


def notes_on_change(before: Interview, after: Interview) -> tuple[Note, ...]:
    """What to say where an answer changed: a more cautious one that was replaced goes to a person."""
    changed = [value for value in after.answers.values if value not in before.answers.values]
    if any(value.status == "corrected" and value.findings for value in changed):
        return (Note("conflict"),)
    return (Note("noted", changed[-1].field),) if changed else ()


def conflicts(before: Interview, after: Interview) -> tuple[Note, ...]:
    """What to say only where answers do not agree."""
    return tuple(note for note in notes_on_change(before, after) if note.phrase == "conflict")


def said_again(here: Interview, heard: Heard, questions: Questions) -> bool:
    """Whether the message only says once more what the question before was answered with."""
    if here.last is None:
        return False
    value = read_value(heard, questions.of(here.last))
    return value is not None and value in here.answers.current(here.last)
