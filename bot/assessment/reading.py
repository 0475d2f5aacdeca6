"""Which value a message gives a field, and which facts in it belong to other fields."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.assessment.answers import Value
from bot.assessment.fields import (
    AGE,
    CONDITIONS,
    DURATION,
    EXPECTATIONS,
    FIELD_OF_FINDING,
    FIELDS,
    MEDICATIONS,
    PATTERN,
    PREGNANCY,
    SCALP,
    TIMELINE,
    TREATMENTS,
)
from bot.assessment.heard import BARE_WORDS, Heard
from bot.assessment.questions import Question, Questions, option_of

MOST_WORDS_KEPT = 200
MONTHS_IN_YEAR = 12
THINNING = re.compile(r"\bthin\w*", re.IGNORECASE)
MARKUP = frozenset("<>{}[]=")
# What is said on these is no answer to any question of the check.
ASIDE = frozenset({"consultation_booking", "privacy_data", "bot_identity"})
# What is said on these may be an answer to a question about one's health, also where it was not understood as one.
HEALTH = frozenset({"contraindications", "candidacy_general", "hair_loss_types", "side_effects", "vs_medication"})
NONE = "none"
# Findings, in the visitor's own words.
TOLD = "told"
# What is told under another field's question answers it.
ELSEWHERE = "elsewhere"
# These need no question any more when their fact was told under another one; of the others there may be more.
ANSWERED_IN_PASSING = frozenset({AGE, DURATION, PATTERN, PREGNANCY})
# These take any words.
WORDS_FIELDS = frozenset({TREATMENTS, EXPECTATIONS, TIMELINE})


def findings_of(field: str, heard: Heard) -> tuple[str, ...]:
    """The findings in a message that belong to a field, in the contract's order."""
    return tuple(name for name, owner in FIELD_OF_FINDING.items() if owner == field and name in heard.present)


def _number(heard: Heard, question: Question) -> Value | None:
    field = question.id
    number = heard.age if field == AGE else _months(heard)
    return None if number is None else Value(field, number)


def _months(heard: Heard) -> int | None:
    """How long, in months; a bare number means years."""
    bare = len(heard.said.split()) <= BARE_WORDS and not MARKUP & set(heard.text)
    if heard.months is not None or heard.told_age or heard.age is None or not bare:
        return heard.months
    return heard.age * MONTHS_IN_YEAR


def count_from_age(heard: Heard, age: int | None) -> Heard:
    """With the months since an age that the message names ("since 38"), where the present age is known."""
    if heard.months is not None or heard.since_age is None or age is None or not 0 <= heard.since_age < age:
        return heard
    return replace(heard, months=(age - heard.since_age) * MONTHS_IN_YEAR)


def _chosen(heard: Heard, question: Question) -> Value | None:
    """A quick reply, or the words that mean one; findings told in the same message come with it."""
    field = question.id
    told = findings_of(field, heard)
    option = option_of(question.options, heard.text, exactly=heard.asks)
    if option and option.refuses and not told:
        return Value(field)
    if option and not option.refuses:
        return Value(field, option.id, tuple(dict.fromkeys((*told, *option.findings))))
    return Value(field, TOLD, told) if told else None


def _says_no(heard: Heard) -> bool:
    """Whether the message says that there is none; "I'm not telling" and "no, I don't know" do not."""
    return heard.none_at_all or (heard.yes_no == "no" and not heard.refuses and not heard.unsure)


def _illnesses(heard: Heard, question: Question) -> Value | None:
    """Findings, a plain no, or an illness or medicine that matters to nobody here; unknown words are no answer."""
    field = question.id
    told = findings_of(field, heard)
    if told:
        return Value(field, TOLD, told)
    # An illness told by its medicine answers the question on medicines; a medicine alone tells of no illness.
    if heard.present and heard.medicine == (field == MEDICATIONS):
        return Value(field, ELSEWHERE)
    if heard.asks:
        return None
    if _says_no(heard):
        return Value(field, NONE)
    if heard.unsure:
        return Value(field)
    return Value(field, "other") if heard.harmless or heard.denied else None


def _denied(field: str, heard: Heard) -> bool:
    own = any(FIELD_OF_FINDING[finding] == field for finding in heard.denied)
    return own or _says_no(heard)


def _symptoms(heard: Heard, question: Question) -> Value | None:
    field = question.id
    chosen = _chosen(heard, question)
    if chosen or heard.asks:
        return chosen
    if _denied(field, heard):
        return Value(field, NONE)
    return Value(field) if heard.unsure else None


def _pregnancy(heard: Heard, question: Question) -> Value | None:
    field = question.id
    chosen = _chosen(heard, question)
    if chosen or heard.asks:
        return chosen
    if heard.yes_no == "yes":
        return Value(field, "yes", ("pregnant",))
    if _denied(field, heard):
        return Value(field, "no")
    return Value(field) if heard.unsure else None


def _pattern(heard: Heard, question: Question) -> Value | None:
    field = question.id
    chosen = _chosen(heard, question)
    return chosen or (Value(field) if heard.unsure and not heard.asks else None)


def _words(heard: Heard, question: Question) -> Value | None:
    """A quick reply, or the visitor's own words."""
    field = question.id
    option = option_of(question.options, heard.text)
    if not option and _says_no(heard):
        return Value(field, NONE)
    aside = heard.asks or heard.refuses or heard.small_talk or heard.about in ASIDE
    if not option and (aside or not any(letter.isalpha() for letter in heard.text)):
        return None
    return Value(field, option.id if option else " ".join(heard.text.split())[:MOST_WORDS_KEPT])


_READERS: Mapping[str, Callable[[Heard, Question], Value | None]] = {
    AGE: _number,
    PATTERN: _pattern,
    DURATION: _number,
    TREATMENTS: _words,
    CONDITIONS: _illnesses,
    MEDICATIONS: _illnesses,
    PREGNANCY: _pregnancy,
    SCALP: _symptoms,
    EXPECTATIONS: _words,
    TIMELINE: _words,
}


def read_value(heard: Heard, question: Question) -> Value | None:
    """The value that a message gives a question's field: a Value of None is an answer refused, None no answer."""
    value = _READERS[question.id](heard, question)
    return Value(question.id) if value is None and heard.refuses else value


def _pattern_beside_age(heard: Heard, questions: Questions) -> list[Value]:
    # That it thins says nothing of how it came.
    text = THINNING.sub(" ", heard.text)
    option = None if heard.asks else option_of(questions.of(PATTERN).options, text)
    return [Value(PATTERN, option.id, option.findings)] if option and not option.refuses else []


def read_elsewhere(heard: Heard, open_field: str, questions: Questions) -> list[Value]:
    """The facts in a message that belong to fields other than the open one."""
    found = _pattern_beside_age(heard, questions) if open_field == AGE else []
    if open_field != AGE and heard.told_age and heard.age is not None:
        found.append(Value(AGE, heard.age))
    # Later on, a length of time is that of a treatment or an illness.
    if open_field in (AGE, PATTERN) and heard.months is not None and not heard.asks:
        found.append(Value(DURATION, heard.months))
    told = {field: findings_of(field, heard) for field in FIELDS if field != open_field}
    return found + [Value(field, TOLD, findings) for field, findings in told.items() if findings]


def interrupts(heard: Heard, open_field: str) -> bool:
    """Whether a message that does not answer the open question is one of its own.

    A statement is one only where the knowledge base is sure of it, and it is about neither health nor a number.
    """
    if heard.asks or heard.small_talk:
        return heard.answerable
    told_number = open_field in (AGE, DURATION) and any(letter.isdigit() for letter in heard.text)
    return heard.sure and heard.about not in HEALTH and not told_number
