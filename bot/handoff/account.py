"""What a visitor later wants done with what was sent: which ways and which detail a request means, and its words."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.assessment.heard import Heard
from bot.assessment.words import Spoken
from bot.handoff.fields import DETAILS, EMAIL, PHONE, WAYS, WAYS_OF, Way
from bot.handoff.form import Form
from bot.handoff.state import Handoff
from bot.handoff.ways import way_words
from bot.handoff.words import Details, HandoffWords, details_of

TOPIC = "privacy_data"
_NUMBER = re.compile(r"\b(?:number|cell|mobile|digits)\b")
_ADDRESS = re.compile(r"\b(?:address|inbox)\b")
# These mean whatever there is, also where a way is named beside them.
_ALL = re.compile(
    r"\b(?:all (?:contact|of it|ways)|any (?:way|contact|of)|contact me|anything|everything|at all|whole|my consents?|"
    r"my permission|off (?:your|the|ur) (?:\w+ )?list)\b"
)


def ways_meant(heard: Heard, form: Form) -> frozenset[Way]:
    """The ways on which a visitor no longer wants to be contacted; all where none is named."""
    words, said = way_words(form), heard.said
    refused, only = words.refused(heard.text), words.only_ways(heard.text)
    if refused or only:
        return refused | (frozenset(WAYS) - only if only else frozenset())
    if _NUMBER.search(said) or _ADDRESS.search(said):
        name = PHONE if _NUMBER.search(said) else EMAIL
        return frozenset(WAYS_OF[name])
    named = words.named(heard.text)
    return named if named and not _ALL.search(said) else frozenset(WAYS)


def field_meant(heard: Heard, form: Form) -> str | None:
    """The detail that a visitor wants to change; None where none is named or told."""
    told = {EMAIL: heard.email, PHONE: heard.phone}
    given = next((name for name, value in told.items() if value), None)
    named = form.questions.named(heard.said)
    return given or (named if named in DETAILS else None)


@dataclass(frozen=True)
class AccountWords:
    """The words on what was sent; `details` are by the names of their fields, `agreed` the purposes that stand.

    That something was changed, withdrawn or deleted may only be said once it is committed.
    """

    words: HandoffWords

    def shown(self, reference: str, details: Details, agreed: Collection[str], withdrawn: bool = False) -> Spoken:
        """What was sent, as it stands now; `withdrawn` where it was taken back."""
        if withdrawn:
            return self._say("shown", self.words.phrase("withdrawn_lines", reference=reference))
        lines = self.words.lines(details, agreed)
        return self._say("shown", self.words.phrase("shown", reference=reference, lines=lines))

    def changed(self, reference: str, details: Details, agreed: Collection[str]) -> Spoken:
        """That a detail was changed."""
        lines = self.words.lines(details, agreed)
        return self._say("changed", self.words.phrase("changed", reference=reference, lines=lines))

    def unchanged(self, details: Details, agreed: Collection[str]) -> Spoken:
        """That nothing was changed."""
        return self._say("shown", self.words.phrase("unchanged", lines=self.words.lines(details, agreed)))

    def withdrawn(self, reference: str, ways: Collection[Way], details: Details, agreed: Collection[str]) -> Spoken:
        """That consent was taken back: for `ways`, or for all where no way is left among `agreed`."""
        if not set(agreed) & set(WAYS) or not ways:
            return self._say("withdrawn", self.words.phrase("withdrawn_all", reference=reference))
        lines = self.words.lines(details, agreed)
        told = self.words.phrase("withdrawn", reference=reference, ways=self.words.ways(ways), lines=lines)
        return self._say("withdrawn", told)

    def deleted(self, receipt: str, was_sent: bool) -> Spoken:
        """That it was deleted; `was_sent` where something had been passed on."""
        phrase = "deleted" if was_sent else "deleted_nothing_sent"
        return self._say("deleted", self.words.phrase(phrase, receipt=receipt))

    def nothing_kept(self) -> Spoken:
        """That nothing was passed on from this conversation."""
        return self._say("shown", self.words.phrase("nothing_kept"))

    def draft(self, here: Handoff, open_question: Spoken | None = None, field: str | None = None) -> Spoken:
        """What is there of a hand-off that was not sent, and its open question again, if it is to be put."""
        lines = self.words.lines(details_of(here), here.agreed, here.age)
        told = self._say("shown", self.words.phrase("draft", lines=lines))
        if open_question is None:
            return told
        payload = {**told.payload, **({"field": field} if field else {})}
        return Spoken((*told.texts, *open_question.texts), payload, open_question.buttons)

    def which_detail(self) -> Spoken:
        """The question which detail is to be changed; no field is open, any detail may be named."""
        return self._say("shown", self.words.phrase("which_detail"))

    def failed(self) -> Spoken:
        """That a request could not be confirmed, and may be made again."""
        return Spoken((self.words.phrase("account_failed"),), {"kind": "error", "retry": True})

    def _say(self, action: str, text: str) -> Spoken:
        payload: dict[str, Any] = {"kind": "account", "topics": [TOPIC], "action": action}
        return Spoken((text,), payload)
