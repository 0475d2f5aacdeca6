"""A message as the check hears it: what the readers took from it, whatever the open question is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.assessment.fields import ADULT
from bot.assessment.questions import plain

BARE_WORDS = 4
YOUNGEST = 8


@dataclass(frozen=True)
class Heard:
    """What a message holds.

    `age` and `months` are numbers that it tells; `told_age` says "my age is" by itself; `since_age` is the age at which
    something began. `present` and `denied` are findings; `harmless` an illness or medicine that is none of these,
    `medicine` that one of the findings is a medicine's.
    `email` and `phone` (E.164) are an address and a number in it, `name` what its sender may want to be called.
    `asks` is a question's form. `about` is the topic that the knowledge base has an answer on, `sure` that it is not
    one of several, `small_talk` that there is only a polite word. `command` is what is to be done with the interview.
    """

    text: str
    age: int | None = None
    told_age: bool = False
    months: int | None = None
    since_age: int | None = None
    yes_no: str = "unclear"
    present: frozenset[str] = field(default=frozenset())
    denied: frozenset[str] = field(default=frozenset())
    harmless: bool = False
    medicine: bool = False
    none_at_all: bool = False
    refuses: bool = False
    unsure: bool = False
    corrects: bool = False
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    asks: bool = False
    about: str | None = None
    sure: bool = False
    small_talk: bool = False
    command: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether there is something to say to the message besides the check."""
        return self.small_talk or self.about is not None

    @property
    def under_age(self) -> bool:
        """Whether the age in the message is a minor's, whoever's it is."""
        return self.age is not None and self.age < ADULT

    @property
    def said(self) -> str:
        """The plain words."""
        return plain(self.text)


def without_stray_age(heard: Heard) -> Heard:
    """The message without a number that would make its sender a minor and is hardly meant as an age.

    In a question or a longer message it counts something else ("I have 3 kids, is it safe?"), and nobody who writes
    here is five: that is a choice's number. The age is asked again then.
    """
    begins = heard.said.startswith(str(heard.age)) or len(heard.said.split()) <= BARE_WORDS
    counts = heard.asks or not begins or (heard.age or 0) < YOUNGEST
    return replace(heard, age=None) if heard.under_age and not heard.told_age and counts else heard


def read_heard(message: Mapping[str, Any], **beside: Any) -> Heard:
    """What the language components wrote into a message's parse data; `beside` are the fields that they do not know.

    A blank message tells nothing.
    """
    text = str(message.get("text") or "")
    found: Mapping[str, Any] = (message.get("answers") or {}) if text.strip() else {}
    named = {name: found[name] for name in Heard.__dataclass_fields__ if name in found}
    sets: dict[str, Any] = {name: frozenset(named.pop(name, ())) for name in ("present", "denied")}
    told = {name: value for name, value in beside.items() if value is not None}
    return Heard(**{"text": text, **sets, **named, **told})
