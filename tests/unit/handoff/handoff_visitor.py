"""Somebody who is passed on to a person and remembers where that stands; no language component, no conversation."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.assessment.heard import Heard
from bot.handoff.conversation import advance, begin, reopen
from bot.handoff.details import name_text
from bot.handoff.fields import WAYS
from bot.handoff.form import Form, read_form
from bot.handoff.kept import handoff_data, read_handoff, sent
from bot.handoff.state import Evidence, Handoff, Step
from bot.handoff.words import HandoffWords
from bot.readers.name import read_name
from bot.settings import PROJECT

ASSESSMENT: Path = PROJECT / "data" / "assessment"
CLINIC = "Example Clinic"
HOUR = 3600.0
REFERENCE = "S-7K3M9Q"
MAIL, NUMBER = "sam@mail.example", "+12025550143"
# What a visitor answers who agrees to e-mail alone.
PLAIN = {
    "age": "34",
    "consent_share": "yes",
    "consent_email": "yes",
    "consent_phone": "no",
    "consent_text": "no",
    "name": "Sam Lee",
    "email": MAIL,
    "phone": "(202) 555-0143",
    "preferred_contact": "no preference",
    "preferred_time": "skip",
    "summary": "yes, send it",
}


@lru_cache(maxsize=1)
def shipped_form() -> Form:
    """The form as it ships, read once."""
    return read_form(ASSESSMENT, CLINIC)


class Caller:
    """Begins a hand-off at `now` (seconds since 1970), is heard by the real readers, and keeps the last step."""

    def __init__(self, listen: Callable[..., Heard], text: str, age: int | None, now: float = 1_000_000.0) -> None:
        self.listen, self.form, self.now = listen, shipped_form(), now
        self.words = HandoffWords(self.form)
        self.messages = 0
        self.step: Step = begin(Handoff(), self.hear(text), age, self.form, now, self.evidence)

    @property
    def evidence(self) -> Evidence:
        return Evidence("web", f"message-{self.messages}")

    @property
    def handoff(self) -> Handoff:
        return self.step.handoff

    @property
    def open(self) -> str:
        return self.handoff.open

    @property
    def notes(self) -> list[str]:
        """The phrases said before the question."""
        return [note.phrase for note in self.step.notes]

    @property
    def agreed(self) -> set[str]:
        return set(self.handoff.agreed)

    @property
    def refused(self) -> set[str]:
        return {way for way in WAYS if self.handoff.consent(way) is False}

    def hear(self, text: str, **told: Any) -> Heard:
        self.messages += 1
        return self.listen(text, **{"name": read_name(name_text(text)), **told})

    def says(self, text: str, **told: Any) -> "Caller":
        """Send a message while the hand-off is open; `told` is what takes a trained model: topic and command."""
        assert self.step.end is None, f"it has ended: {self.step.end}"
        # What is kept between two messages is what a slot can hold.
        here = read_handoff(handoff_data(self.handoff))
        self.step = advance(here, self.hear(text, **told), self.form, self.now, self.evidence)
        return self

    def all_of(self, *texts: str) -> "Caller":
        """Send messages one after the other."""
        for text in texts:
            self.says(text)
        return self

    def up_to(self, field: str, **answers: str) -> "Caller":
        """Answer plainly, or as told by field, until `field` is asked."""
        while self.open != field:
            self.says({**PLAIN, **answers}[self.open])
        return self

    def comes_back(self, text: str = "can someone call me", hours: float = 1) -> "Caller":
        """Ask for a person again some time after it was left."""
        self.now += hours * HOUR
        self.step = begin(self.handoff, self.hear(text), None, self.form, self.now, self.evidence)
        return self

    def waits(self, hours: float) -> "Caller":
        self.now += hours * HOUR
        return self

    def sends(self, **answers: str) -> "Caller":
        """Go through it all, and keep it as sent."""
        self.up_to("summary", **answers).says("yes, send it")
        assert self.step.end == "submit"
        self.step = Step(sent(self.handoff, REFERENCE), ask=None)
        return self

    def asks_to_change(self, field: str, text: str) -> "Caller":
        """Ask for a change of what was sent."""
        self.step = reopen(self.handoff, field, self.hear(text), self.form, self.now, self.evidence)
        return self

    def reads(self) -> str:
        """What the visitor reads."""
        return "\n".join(self.words.say(self.step).texts)
