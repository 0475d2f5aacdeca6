"""Where a hand-off stands, and what a message led to."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from bot.assessment.fields import AGE, SUMMARY
from bot.assessment.state import KEPT_SECONDS, Note
from bot.handoff.fields import (
    CONSENT,
    CONSENTS,
    DETAIL_OF,
    DETAILS,
    EMAIL,
    NAME,
    PHONE,
    PREFERRED_CONTACT,
    PREFERRED_TIME,
    PURPOSES,
    WAYS,
    WAYS_OF,
    Purpose,
    Way,
)

Ask = Literal["plain", "again", "why", "saving", "what_to_change"]
End = Literal["declined", "underage", "paused", "submit", "already", "changed", "unchanged", "withdraw"]


@dataclass(frozen=True)
class Evidence:
    """Where and in which message something was agreed to: the channel's name, and the message's id."""

    channel: str
    message_id: str


@dataclass(frozen=True)
class Consented:
    """One purpose agreed to or refused: the wording as `shown`, when (seconds since 1970, UTC), and in which message.

    `shown` is empty for a refusal that came before its question was put ("e-mail only, please").
    """

    purpose: Purpose
    given: bool
    wording_id: str
    version: str
    language: str
    shown: str
    at: float
    channel: str
    message_id: str


@dataclass(frozen=True)
class Handoff:
    """Where a hand-off stands: what was agreed to, the details, and the open question (a field or `summary`).

    `consents` are all answers in order; the last one on a purpose counts, `stored` of them are in the record already.
    A detail may stand here before its consent was asked: it is only set aside, and dropped with a no. `findings` are
    what was told of one's health meanwhile, `skipped` fields that are not given; `anew` says that the open question was
    answered before, `changing` is the field that is changed after it was sent under `reference`. `at` is the time of
    the last message, in seconds since 1970, UTC. `saved` says whether progress may be kept; None where that was not
    asked yet.
    """

    age: int | None = None
    open: str = AGE
    consents: tuple[Consented, ...] = ()
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    preferred_contact: Way | None = None
    preferred_time: str | None = None
    findings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    anew: bool = False
    tries: int = 0
    interruptions: int = 0
    saving: bool = False
    saved: bool | None = None
    changing: str | None = None
    reference: str | None = None
    stored: int = 0
    at: float = 0.0

    @property
    def waits(self) -> bool:
        """Whether it was begun, and not sent."""
        return self.at > 0 and self.reference is None

    @property
    def expires_at(self) -> float | None:
        """When it may no longer be used, in seconds since 1970; None once it was sent, or may be kept."""
        return None if self.saved or self.reference or not self.at else self.at + KEPT_SECONDS

    def expired(self, now: float) -> bool:
        """Whether nobody agreed to keep it, and a day has passed."""
        return self.expires_at is not None and now > self.expires_at

    def consent(self, purpose: Purpose) -> bool | None:
        """The last word on a purpose; None where its question was not answered, or stands open again."""
        if self.open == f"{CONSENT}{purpose}":
            return None
        return next((one.given for one in reversed(self.consents) if one.purpose == purpose), None)

    @property
    def agreed(self) -> tuple[Purpose, ...]:
        """The purposes that are agreed to."""
        return tuple(purpose for purpose in PURPOSES if self.consent(purpose))

    @property
    def new_consents(self) -> tuple[Consented, ...]:
        """The answers on consent that are not in the record yet."""
        return self.consents[self.stored :]

    @property
    def possible(self) -> tuple[Way, ...]:
        """The ways that are agreed to and whose detail is there, or can still be asked."""
        return tuple(way for way in WAYS if way in self.agreed and DETAIL_OF[way] not in self.skipped)

    @property
    def reachable(self) -> tuple[Way, ...]:
        """The ways that are agreed to and whose detail is there."""
        return tuple(way for way in self.possible if self.value(DETAIL_OF[way]))

    @property
    def way(self) -> Way | None:
        """The way that is preferred: the one chosen, or the only one there is."""
        return self.preferred_contact or (self.possible[0] if len(self.possible) == 1 else None)

    @property
    def ready(self) -> bool:
        """Whether it may be sent: by an adult, with consent, and with a way to answer."""
        return self.age is not None and self.following == SUMMARY and "share" in self.agreed and bool(self.reachable)

    def value(self, name: str) -> str | None:
        """The detail of a field."""
        return cast("str | None", getattr(self, name))

    def may_hold(self, name: str) -> bool:
        """Whether a detail is agreed to, or may still be."""
        ways = WAYS_OF.get(name, ())
        return self.consent("share") is not False and (not ways or any(self.consent(way) is not False for way in ways))

    def put(self, name: str, value: str) -> "Handoff":
        """With a detail, if it may be held."""
        if not self.may_hold(name):
            return self
        kept = tuple(one for one in self.skipped if one != name)
        return replace(self, **_one(name, value), skipped=kept)

    def skip(self, name: str) -> "Handoff":
        """Without a detail, which is not asked for again."""
        return replace(self, **_one(name, None), skipped=tuple(dict.fromkeys((*self.skipped, name))))

    def settled(self) -> "Handoff":
        """Without the details that may not be held, and without a preference for a way that is none."""
        dropped: dict[str, Any] = {name: None for name in DETAILS if not self.may_hold(name)}
        here = replace(self, **dropped)
        unasked = any(here.consent(way) is None for way in WAYS)
        gone = here.preferred_contact and here.preferred_contact not in here.possible and not unasked
        return replace(here, preferred_contact=None) if gone else here

    @property
    def following(self) -> str | None:
        """The field to ask next, or the summary; None where nothing is agreed to that could be used."""
        if self.age is None:
            return AGE
        if self.consent("share") is False or all(self.consent(way) is False for way in WAYS):
            return None
        unasked = next((name for name, purpose in CONSENTS.items() if self.consent(purpose) is None), None)
        return unasked or self._detail_wanted()

    def _detail_wanted(self) -> str | None:
        if not self.possible:
            return None
        if self._lacks(NAME):
            return NAME
        # One detail is enough, but whoever agreed to two ways expects to be asked for both.
        asked = next((name for name in (EMAIL, PHONE) if self._agreed_for(name) and self._lacks(name)), None)
        if asked:
            return asked
        if len(self.possible) > 1 and self._lacks(PREFERRED_CONTACT):
            return PREFERRED_CONTACT
        return PREFERRED_TIME if self._lacks(PREFERRED_TIME) else SUMMARY

    def _agreed_for(self, name: str) -> bool:
        return any(way in self.agreed for way in WAYS_OF[name])

    def _lacks(self, name: str) -> bool:
        return self.value(name) is None and name not in self.skipped

    def moved_on(self) -> "Handoff | None":
        """At the next question, with what may not be held dropped; None where nothing is agreed to that can be used."""
        closed = replace(self, open="", anew=False, tries=0, interruptions=0).settled()
        return replace(closed, open=closed.following) if closed.following else None

    def reopened(self, name: str) -> "Handoff":
        """At a question that was answered before."""
        return replace(self, open=name, anew=True, tries=0, interruptions=0).settled()


def _one(name: str, value: str | None) -> dict[str, Any]:
    return {name: value}


@dataclass(frozen=True)
class Step:
    """What a message led to: what to say first, and how the open question is put, if it is.

    `answering` says that the message is a question of its own, which is answered before the open one is put again.
    """

    handoff: Handoff
    notes: tuple[Note, ...] = field(default=())
    ask: Ask | None = "plain"
    answering: bool = False
    end: End | None = None
