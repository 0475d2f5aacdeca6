"""What a hand-off asks, as data: the consents' exact wordings, and the questions on the person."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Extra

from bot.assessment.files import read_model
from bot.assessment.questions import Questions, read_questions
from bot.handoff.fields import CONSENTS, Purpose


class _Frozen(BaseModel):
    class Config:
        frozen = True
        extra = Extra.forbid


class Wording(_Frozen):
    """One purpose's question, as it is agreed to; `names` are the words by which a visitor means the purpose."""

    id: str
    purpose: Purpose
    text: str
    why: str
    told: str
    names: tuple[str, ...]


class Notice(_Frozen):
    """What the very first reply tells of the keeping of chats; `text` has a place for `{days}`."""

    id: str
    version: str
    text: str


class Consents(_Frozen):
    """The wordings of the consents, in one language; `signed_by` is the lawyer who has read them."""

    version: str
    language: str
    signed_by: str | None
    notice: Notice
    wordings: tuple[Wording, ...]

    def of(self, purpose: Purpose) -> Wording:
        """The wording of a purpose."""
        return next(wording for wording in self.wordings if wording.purpose == purpose)


@dataclass(frozen=True)
class Form:
    """All that a hand-off asks: the consents, the questions with the phrases around them, and the clinic's name."""

    consents: Consents
    questions: Questions
    clinic: str

    @property
    def version(self) -> str:
        """The version of the form: of what is asked and of how consent is put."""
        return f"{self.questions.version}/{self.consents.version}"

    def shown(self, purpose: Purpose) -> str:
        """The question of a purpose as a visitor reads it."""
        return self.consents.of(purpose).text.replace("{clinic}", self.clinic)

    def notice(self, days: int) -> str:
        """The line on the keeping of chats."""
        return self.consents.notice.text.replace("{days}", str(days))

    def named(self, said: str) -> str | None:
        """The field whose name stands in `said` (plain words): a question's, else a consent's."""
        spoken = f" {said} "
        consents = (
            field
            for field, purpose in CONSENTS.items()
            if any(f" {name} " in spoken for name in self.consents.of(purpose).names)
        )
        return self.questions.named(said) or next(consents, None)


def read_form(folder: Path, clinic: str) -> Form:
    """The form in `consent.yml` and `contact.yml` of a folder; raises AssessmentError."""
    return Form(read_model(folder / "consent.yml", Consents), read_questions(folder / "contact.yml"), clinic)
