"""The check in words: what a step says, its buttons, and its payload."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.assessment.answers import Answers, Value
from bot.assessment.fields import FIELDS, SAFETY_FIELDS, SUMMARY
from bot.assessment.outcome import QUALIFIED, Outcome, Reason
from bot.assessment.questions import Question, Questions, option_of, plain
from bot.assessment.state import Interview, Note, Step
from bot.assessment.table import Table

MONTHS_IN_YEAR = 12
YEARS_FROM = 24
TOPIC = "start_assessment"
CHOICE_WORDS = 5
CODES = ("none", "other", "elsewhere")

Cite = Callable[[Sequence[str]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Spoken:
    """What one turn of the check says: its texts, the buttons below the last one, and the payload."""

    texts: tuple[str, ...]
    payload: dict[str, Any]
    buttons: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Words:
    """The words of the check: the questions with their phrases, and the decision table's labels."""

    questions: Questions
    table: Table

    def say(self, step: Step) -> Spoken:
        """The words of a step that asks on, or that ends without an outcome."""
        notes = tuple(self._note(note, step.interview.answers) for note in step.notes)
        if step.ask is None:
            return Spoken(notes, {"kind": "smalltalk", "topics": [TOPIC]})
        asked, buttons = self.ask(step)
        payload: dict[str, Any] = {"kind": "question", "field": step.interview.open}
        if any(note.phrase == "intro" for note in step.notes):
            payload["topics"] = [TOPIC]
        return Spoken((*notes, *asked), payload, buttons)

    def offers(self, here: Interview, text: str, exactly: bool = False) -> bool:
        """Whether a message is one of the open question's own choices, and says nothing else or, unless `exactly`, in
        few words."""
        options = () if here.open == SUMMARY else self.questions.of(here.open).options
        exact = any(plain(text) in map(plain, (option.title, *option.words)) for option in options)
        if exact or exactly:
            return exact
        return len(text.split()) <= CHOICE_WORDS and option_of(options, text) is not None

    def ask(self, step: Step) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The open question and its buttons."""
        phrases: Mapping[str, str] = self.questions.phrases
        here = step.interview
        if step.ask == "saving":
            return (phrases["saving"],), (phrases["yes"], phrases["no"])
        if step.ask == "what_to_change":
            return (phrases["what_to_change"],), ()
        if here.open == SUMMARY:
            phrase = phrases["summary_again" if step.ask == "again" else "summary"]
            return (phrase.format(lines=self.summary(here.answers)),), (phrases["right"], phrases["change"])
        question = self.questions.of(here.open)
        buttons = (*(option.title for option in question.options), phrases["skip"], phrases["why"])
        if step.ask == "why":
            return (question.why, self._put(question, here)), buttons[:-1]
        return (question.again if step.ask == "again" else self._put(question, here),), buttons

    def _put(self, question: Question, here: Interview) -> str:
        heard_some = question.more and here.answers.current(question.id) and not here.anew
        return self.questions.phrases["progress"].format(
            number=FIELDS.index(question.id) + 1,
            total=len(FIELDS),
            question=question.more if heard_some else question.ask,
        )

    def _note(self, note: Note, answers: Answers) -> str:
        safety = f"{note.phrase}_safety"
        phrases = self.questions.phrases
        if note.field in SAFETY_FIELDS and safety in phrases:
            return phrases[safety]
        told = self._line(note.field, answers) if note.field else ""
        return phrases[note.phrase].format(told=told)

    def summary(self, answers: Answers) -> str:
        """A line for each field."""
        line = self.questions.phrases["summary_line"]
        return "\n".join(line.format(told=self._line(name, answers)) for name in FIELDS)

    def _line(self, name: str, answers: Answers) -> str:
        question = self.questions.of(name)
        told = [self._value(value, question) for value in answers.current(name)]
        # "none" is not the whole of it where something was told under another question.
        known = [text for text in dict.fromkeys(told) if text not in self._empty()] or told[-1:]
        return question.told.format(value=", ".join(known) or self.questions.phrases["not_given"])

    def tell(self, value: Value) -> str:
        """A value in words."""
        return self._value(value, self.questions.of(value.field))

    def title(self, name: str) -> str:
        """What a field is called in the summary."""
        return self.questions.of(name).told.partition(":")[0]

    def _empty(self) -> tuple[str, ...]:
        return self.questions.phrases["none"], self.questions.phrases["not_given"]

    def _value(self, value: Value, question: Question) -> str:
        phrases = self.questions.phrases
        if value.findings:
            return ", ".join(self.table.rule(finding).label for finding in value.findings)
        if isinstance(value.value, int):
            return self._time(value.value) if question.id == "duration" else str(value.value)
        titles = {option.id: option.title.lower() for option in question.options}
        titles |= {code: phrases[code] for code in CODES}
        return titles.get(value.value, value.value) if value.value is not None else phrases["not_given"]

    def _time(self, months: int) -> str:
        phrases = self.questions.phrases
        if months < YEARS_FROM and months != MONTHS_IN_YEAR:
            return phrases["month"] if months == 1 else phrases["months"].format(count=months)
        years = months // MONTHS_IN_YEAR
        return phrases["year"] if years == 1 else phrases["years"].format(count=years)

    def conclude(self, outcome: Outcome, cite: Cite, notes: Sequence[Note] = ()) -> Spoken:
        """The outcome with its reasons, a source for each, and what to do next."""
        words = self.table.words(outcome.id)
        told = [self._reason(reason, cite) for reason in outcome.reasons]
        weighty = dict.fromkeys(self._because(reason) for reason in told if reason["outcome"] != QUALIFIED)
        why = (self.questions.phrases["reasons"].format(reasons="\n".join(weighty)),) if weighty else ()
        begun = tuple(self._note(note, Answers()) for note in notes)
        texts = (*begun, words.says, *why, *((words.next,) if words.next else ()))
        return Spoken(texts, {"kind": "assessment", "outcome": outcome.id, "reasons": told})

    def _because(self, reason: Mapping[str, Any]) -> str:
        title = reason["source"]["title"]
        return self.questions.phrases["reason"].format(because=reason["because"], source=title)

    def _reason(self, reason: Reason, cite: Cite) -> dict[str, Any]:
        rule = reason.rule
        return {
            "field": reason.field,
            "finding": rule.finding,
            "outcome": rule.outcome,
            "because": rule.because,
            "source": cite(rule.sources)[0],
        }
