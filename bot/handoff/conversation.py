"""A hand-off's conversation as a pure function: where it stands and what was heard give where it stands next."""

from dataclasses import replace

from bot.assessment.fields import ADULT, AGE, SUMMARY
from bot.assessment.heard import Heard, without_stray_age
from bot.assessment.state import Note
from bot.handoff.changing import change, reopened
from bot.handoff.commands import is_command, obey, save_or_not
from bot.handoff.consenting import answer_on, answered, without_ways
from bot.handoff.details import aside, given
from bot.handoff.fields import CONSENT, CONSENTS, DETAILS, NAME, PREFERRED_CONTACT, WAYS
from bot.handoff.form import Form
from bot.handoff.review import changes, ends_sharing, review, says_yes
from bot.handoff.state import Evidence, Handoff, Step
from bot.handoff.steps import declined, interrupted, onward
from bot.handoff.turn import Turn

UNREADABLE_AT_MOST = 2
TOPIC = "consultation_booking"
SKIPPING = frozenset({"skip", "skip it", "skip this", "skip that", "next", "pass", "skip please"})


def begin(handoff: Handoff, heard: Heard, age: int | None, form: Form, now: float, evidence: Evidence) -> Step:
    """The first question, or the one at which a hand-off was left; what the message tells besides counts already.

    `age` is the age that is known from the check. One that was sent is not begun again; what has expired is forgotten.
    """
    told = heard.age if heard.told_age else None
    if (heard.told_age and heard.under_age) or (age is not None and age < ADULT):
        return Step(Handoff(), ask=None, end="underage")
    if handoff.reference:
        return Step(handoff, ask=None, end="already")
    expired = handoff.expired(now)
    here = Handoff() if expired else handoff
    opening = Note("welcome_back" if here.waits else "intro")
    notes = (Note("expired"), opening) if expired else (opening,)
    known = age if age is not None else told if told is not None else here.age
    here = replace(here, at=now, age=known, saving=False)
    turn = Turn(heard, form, now, evidence)
    moved = without_ways(aside(here, turn), turn).moved_on()
    return Step(moved, notes) if moved else declined()


def advance(handoff: Handoff, heard: Heard, form: Form, now: float, evidence: Evidence) -> Step:
    """The step that a message makes."""
    heard = without_stray_age(heard) if handoff.open == AGE else heard
    if _is_minor(handoff, heard):
        return Step(Handoff(), ask=None, end="underage")
    if handoff.expired(now):
        return Step(Handoff(at=now), (Note("expired"),))
    turn = Turn(heard, form, now, evidence)
    here = replace(handoff, at=now)
    if here.saving:
        here = replace(here, saving=False)
        step = save_or_not(here, heard)
        if step:
            return step
    if here.changing:
        return change(here, turn)
    after = without_ways(aside(here, turn), turn)
    step = obey(after, turn) if is_command(after, turn, _answers(after, turn)) else None
    return step or _hear(here, after, turn)


def _hear(here: Handoff, after: Handoff, turn: Turn) -> Step:
    """The step of a message that is no command; `after` is `here` with what the message holds besides."""
    if after.open == SUMMARY:
        return review(here, after, turn)
    if after.open == AGE:
        return _age(after, turn)
    if after.open in CONSENTS:
        return _consent(after, turn)
    return _detail(here, after, turn)


def _is_minor(here: Handoff, heard: Heard) -> bool:
    return heard.under_age and (heard.told_age or (here.open == AGE and heard.phone is None))


def _answers(here: Handoff, turn: Turn) -> bool:
    """Whether the message answers the open question."""
    if here.open == AGE:
        return turn.heard.age is not None
    if here.open == SUMMARY:
        return says_yes(turn)
    if here.open in CONSENTS:
        # A refusal that is only a command's is left to the command.
        plain = replace(turn, heard=replace(turn.heard, command=None))
        return answer_on(CONSENTS[here.open], plain) is not None
    return given(here, turn) is not None


def _age(here: Handoff, turn: Turn) -> Step:
    """The age: refused, or not readable a second time, it ends the hand-off."""
    heard = turn.heard
    if heard.age is not None and (heard.told_age or heard.phone is None):
        return onward(replace(here, age=heard.age))
    if not heard.refuses and heard.command != "skip":
        return _not_read(here, turn)
    if here.tries + 1 >= UNREADABLE_AT_MOST:
        return declined()
    return Step(replace(here, tries=here.tries + 1), (Note("age_needed"),), ask="again")


def _consent(here: Handoff, turn: Turn) -> Step:
    """Consent is only what plainly says yes to the question that was put."""
    purpose = CONSENTS[here.open]
    if purpose != "share" and ends_sharing(turn):
        return declined()
    answer = answer_on(purpose, turn)
    if answer is None:
        return _not_read(here, turn)
    asked = turn.heard.asks and turn.heard.answerable
    return onward(answered(here, purpose, answer, turn), answering=asked)


def _detail(before: Handoff, here: Handoff, turn: Turn) -> Step:
    """The answer to a question on the person, or a way to go on without it."""
    taken = given(here, turn)
    if taken:
        return onward(taken, answering=turn.heard.asks and turn.heard.answerable)
    heard = turn.heard
    unagreed = _unagreed_way(here, turn)
    if unagreed:
        return Step(here.reopened(unagreed))
    if here.consents != before.consents:
        return onward(here, *changes(before, here))
    skips = heard.command == "skip" or "skip" in heard.said.split()
    refuses = heard.refuses or skips or heard.yes_no == "no" or heard.none_at_all
    return _refused(here, turn) if skips or (refuses and not (heard.asks or turn.aside)) else _not_read(here, turn)


def _unagreed_way(here: Handoff, turn: Turn) -> str | None:
    """The consent to ask first, where a way is chosen that was not agreed to."""
    if here.open != PREFERRED_CONTACT or turn.heard.asks:
        return None
    named = turn.ways.left(turn.heard.text)
    return next((f"{CONSENT}{way}" for way in WAYS if way in named and here.consent(way) is False), None)


def _refused(here: Handoff, turn: Turn) -> Step:
    """A detail that is not given: a name is wanted a second time, and what was there before stays."""
    if here.anew and here.value(here.open) is not None:
        return onward(here)
    if here.open == NAME and here.tries == 0 and turn.heard.said not in SKIPPING:
        return Step(replace(here, tries=1), (Note("name_enough"),), ask=None)
    return onward(here.skip(here.open), Note("nameless" if here.open == NAME else "skipped"))


def _not_read(here: Handoff, turn: Turn) -> Step:
    """A message that leaves the question open: a question of its own, or not readable."""
    heard = turn.heard
    if turn.interrupts:
        return interrupted(here)
    held = tuple(Note("set_aside") for told in (heard.email, heard.phone) if told and told in (here.email, here.phone))
    if here.tries + 1 < UNREADABLE_AT_MOST:
        aside_now = held[:1] if here.open in CONSENTS else ()
        asks_anew = heard.sure and heard.about == TOPIC  # "talk to a person": that is what this is
        return Step(replace(here, tries=here.tries + 1), aside_now, ask="plain" if asks_anew else "again")
    if here.open == AGE:
        return declined()
    if here.open in CONSENTS:
        return onward(answered(here, CONSENTS[here.open], False, turn), Note("taken_as_no"))
    if here.anew and here.value(here.open) is not None:
        return onward(here, Note("left_out"))
    return onward(here.skip(here.open), Note("nameless" if here.open == NAME else "left_out"))


def reopen(handoff: Handoff, field: str, heard: Heard, form: Form, now: float, evidence: Evidence) -> Step:
    """A detail to change after it was sent: its question, or at once the change that the message tells.

    Where nothing is agreed to that needs the detail, consent is asked first. The change ends with `changed`, with
    `unchanged`, or with `withdraw` where the answer is that one does not want to be contacted. Raises ValueError for a
    field that cannot be changed, and where nothing was sent.
    """
    if not handoff.reference or field not in (*DETAILS, *CONSENTS) or field == "consent_share":
        raise ValueError(f"{field} cannot be changed here")
    return reopened(handoff, field, Turn(heard, form, now, evidence))
