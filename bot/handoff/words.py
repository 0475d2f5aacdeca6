"""The hand-off in words: what a step says, its buttons, and its payload."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.assessment.fields import AGE, SUMMARY
from bot.assessment.state import Note
from bot.assessment.words import Spoken
from bot.handoff.fields import CONSENTS, DETAILS, PREFERRED_CONTACT, PREFERRED_TIME, PURPOSES, WAYS, Way
from bot.handoff.form import Form
from bot.handoff.state import Handoff, Step

TOPIC = "consultation_booking"
Details = Mapping[str, Any]


@dataclass(frozen=True)
class HandoffWords:
    """The words of a hand-off: the form, with its phrases."""

    form: Form

    def say(self, step: Step) -> Spoken:
        """The words of a step that asks on, and of the ends `declined`, `paused` and `already`."""
        notes = tuple(self._note(note, step.handoff) for note in step.notes)
        if step.end == "declined":
            return Spoken((*notes, self.phrase("declined")), {"kind": "handoff", "state": "declined"})
        if step.end == "already":
            return self._submitted("already", str(step.handoff.reference))
        if step.end or (step.ask is None and not step.notes):
            return Spoken(notes, {"kind": "smalltalk", "topics": [TOPIC]})
        asked, buttons = self.ask(step)
        return Spoken((*notes, *asked), self._payload(step), buttons)

    def submitted(self, reference: str) -> Spoken:
        """That it was sent: only to be said once the record is committed."""
        return self._submitted("submitted", reference)

    def failed(self) -> Spoken:
        """That it could not be confirmed, and what to say to try again."""
        payload = {"kind": "handoff", "state": "failed", "field": SUMMARY}
        return Spoken((self.phrase("failed"),), payload, (self.phrase("send_again"),))

    def offers(self, here: Handoff, text: str) -> bool:
        """Whether a message is one of the open question's own buttons."""
        return text.strip().casefold() in [title.casefold() for title in self.ask(Step(here))[1]]

    def lines(self, details: Details, agreed: Collection[str], age: int | None = None) -> str:
        """A line for each detail and each consent."""
        told = [self.phrase("age", value=str(age))] if age is not None else []
        told += [self._told(name, details) for name in DETAILS]
        answers = {True: self.phrase("agreed"), False: self.phrase("not_agreed")}
        told += [self._fill(self.form.consents.of(one).told, value=answers[one in agreed]) for one in PURPOSES]
        return "\n".join(self.phrase("summary_line", told=line) for line in told)

    def ask(self, step: Step) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The open question and its buttons."""
        here = step.handoff
        if step.ask == "saving":
            return (self.phrase("saving"),), (self.phrase("yes"), self.phrase("no"))
        if step.ask == "what_to_change":
            return (self.phrase("what_to_change"),), ()
        if here.open in CONSENTS:
            return self._ask_consent(step)
        if here.open == SUMMARY:
            return self._ask_summary(step)
        question = self.form.questions.of(here.open)
        titles = [option.title for option in question.options if self._fits(option.id, here)]
        more = [] if here.open == PREFERRED_CONTACT else [self.phrase("skip")]
        if step.ask is None:
            return (), (*titles, *more)
        if step.ask == "why":
            return (question.why, question.ask), (*titles, *more)
        asked = question.again if step.ask == "again" else question.ask
        return (asked,), (*titles, *more, self.phrase("why"))

    def _ask_consent(self, step: Step) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """A consent's question in its exact wording, with a line before it where it is put again."""
        purpose = CONSENTS[step.handoff.open]
        wording, yes_no = self.form.consents.of(purpose), (self.phrase("yes"), self.phrase("no"))
        shown = self.form.shown(purpose)
        if step.ask == "why":
            return (self._fill(wording.why), shown), yes_no
        again = (self.phrase("yes_or_no"),) if step.ask == "again" else ()
        return (*again, shown), (*yes_no, self.phrase("why"))

    def _ask_summary(self, step: Step) -> tuple[tuple[str, ...], tuple[str, ...]]:
        here, question = step.handoff, self.form.questions.of(SUMMARY)
        phrase = "summary_again" if step.ask == "again" else "summary"
        asked = self.phrase(phrase, lines=self.lines(details_of(here), here.agreed, here.age))
        why = (question.why,) if step.ask == "why" else ()
        return (*why, asked), tuple(option.title for option in question.options)

    def _payload(self, step: Step) -> dict[str, Any]:
        here, first = step.handoff, any(note.phrase == "intro" for note in step.notes)
        payload: dict[str, Any] = {"kind": "question", "field": here.open}
        if here.open in CONSENTS:
            payload = {"kind": "handoff", "state": "consent", "field": here.open}
        elif here.open == SUMMARY:
            payload = {"kind": "handoff", "state": "review", "field": SUMMARY}
        elif here.open == AGE and first:
            payload = {"kind": "handoff", "state": "offered", "field": AGE}
        return {**payload, "topics": [TOPIC]} if first else payload

    def _submitted(self, phrase: str, reference: str) -> Spoken:
        payload = {"kind": "handoff", "state": "submitted", "reference": reference}
        return Spoken((self.phrase(phrase, reference=reference),), payload)

    def _fits(self, option: str, here: Handoff) -> bool:
        return here.open != PREFERRED_CONTACT or option not in WAYS or option in here.possible

    def _note(self, note: Note, here: Handoff) -> str:
        if note.phrase == "refused" and note.field in CONSENTS:
            return self.phrase("refused", way=self.phrase(CONSENTS[note.field]))
        told = self._told(note.field, details_of(here)) if note.field in DETAILS else ""
        return self.phrase(note.phrase, told=told)

    def _told(self, name: str, details: Details) -> str:
        value = details.get(name)
        if name in (PREFERRED_CONTACT, PREFERRED_TIME) and value:
            options = self.form.questions.of(name).options
            value = next((option.title.lower() for option in options if option.id == value), value)
        missing = "no_preference" if name == PREFERRED_CONTACT else "not_given"
        return self.form.questions.of(name).told.format(value=value or self.phrase(missing))

    def ways(self, ways: Collection[Way]) -> str:
        """Ways of contact in a sentence."""
        *some, last = [self.phrase(way) for way in WAYS if way in ways]
        return self.phrase("and", first=", ".join(some), last=last) if some else last

    def phrase(self, phrase: str, **values: str) -> str:
        """A phrase of the form with its places filled."""
        return self._fill(self.form.questions.phrases[phrase], **values)

    def _fill(self, text: str, **values: str) -> str:
        return text.format(**{"clinic": self.form.clinic, **values})


def details_of(here: Handoff) -> dict[str, str | None]:
    """The details of a hand-off by their fields; the way is the one chosen, or the only one."""
    return {**{name: here.value(name) for name in DETAILS}, PREFERRED_CONTACT: here.way}
