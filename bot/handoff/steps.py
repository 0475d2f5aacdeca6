"""The steps that several parts of a hand-off's conversation end with."""

from dataclasses import replace

from bot.assessment.state import Note
from bot.handoff.state import Handoff, Step

INTERRUPTIONS_AT_MOST = 3


def declined(*notes: Note) -> Step:
    """The hand-off ends, and nothing is left of it."""
    return Step(Handoff(), notes, ask=None, end="declined")


def paused(here: Handoff, phrase: str) -> Step:
    """The hand-off is put off, and waits."""
    return Step(here, (Note(phrase),), ask=None, end="paused")


def onward(here: Handoff, *notes: Note, answering: bool = False) -> Step:
    """The next question; the end where nothing is agreed to that could be used."""
    moved = here.moved_on()
    return Step(moved, notes, answering=answering) if moved else declined(*notes)


def interrupted(here: Handoff) -> Step:
    """A question in the middle; after some in a row the hand-off is put aside, and waits."""
    after = replace(here, interruptions=here.interruptions + 1)
    if after.interruptions < INTERRUPTIONS_AT_MOST:
        return Step(after, answering=True)
    return replace(paused(replace(after, interruptions=0), "put_aside"), answering=True)
