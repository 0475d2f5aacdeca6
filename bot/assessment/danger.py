"""What a message is answered with where danger is told of, or was just before: a pure function."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.assessment.heard import Heard
from bot.assessment.red_flags import ENDING, RedFlags

CLINICIAN_FIRST = "clinician_first"
SELF_HARM = "self_harm"
PRIVACY = "privacy_data"
SELLING = frozenset({"start_assessment", "consultation_booking"})

Way = Literal["advise", "ask", "again", "calm"]


@dataclass(frozen=True)
class Flag:
    """A red flag of this message, or the one that stands since an earlier message."""

    id: str
    kind: str
    certain: bool

    @property
    def ends(self) -> bool:
        """Whether it ends a check and a hand-off."""
        return self.certain and self.kind in ENDING

    def as_data(self) -> dict[str, Any]:
        """The flag as a slot keeps it."""
        return {"id": self.id, "class": self.kind, "certain": self.certain}


@dataclass(frozen=True)
class Safety:
    """How danger is answered: the advice, its first line with a question, the advice once more, or a kind word."""

    way: Way
    flag: Flag


def read_flag(data: Mapping[str, Any] | None) -> Flag | None:
    """The flag in a slot or in a message's parse data."""
    return Flag(data["id"], data["class"], bool(data["certain"])) if data else None


def decide_safety(raised: Flag | None, standing: Flag | None, told: Collection[str], heard: Heard) -> Safety | None:
    """How a message is answered for the sake of safety; None where it is answered as any other.

    `raised` is the message's own flag, `standing` the one that the message before left, `told` the ids of flags whose
    advice was given in this conversation.
    """
    if raised:
        return _on_raised(raised, standing, told)
    return _on_standing(standing, heard) if standing else None


def _on_raised(raised: Flag, standing: Flag | None, told: Collection[str]) -> Safety | None:
    if raised.kind == CLINICIAN_FIRST and (raised.id in told or (raised.id == raised.kind and told)):
        return None  # a sign that is not plain is taken for the one that was told before
    asked_before = standing is not None and not standing.certain and standing.kind == raised.kind
    if raised.certain or asked_before:
        return Safety("advise", Flag(raised.id, raised.kind, True))
    return Safety("ask", raised)


def _on_standing(standing: Flag, heard: Heard) -> Safety | None:
    if heard.command == "kidding" or (not standing.certain and heard.yes_no == "no"):
        return Safety("calm", standing)
    if not standing.certain:
        return Safety("advise", Flag(standing.id, standing.kind, True)) if _admits(standing, heard) else None
    if standing.kind not in ENDING:
        return None
    asks_on = heard.asks and heard.about is not None and heard.about not in SELLING
    own_data = heard.about == PRIVACY  # whoever wants to be forgotten is, also now
    return None if heard.sure and (asks_on or own_data) else Safety("again", standing)


def _admits(suspected: Flag, heard: Heard) -> bool:
    """Whether the answer to the class's question leaves the danger standing."""
    if heard.yes_no == "yes" or heard.unsure:
        return True
    # "sometimes" or "what does it matter", said to the question about ending one's life, is a yes.
    return suspected.kind == SELF_HARM and not heard.answerable and heard.age is None


def texts_of(safety: Safety, flags: RedFlags) -> tuple[str, ...]:
    """What is said."""
    words = flags.classes[safety.flag.kind]
    if safety.way == "advise":
        return (flags.flag(safety.flag.id).advice,)
    if safety.way == "ask":
        return words.first_line, words.ask
    return (words.again if safety.way == "again" else words.calm,)
