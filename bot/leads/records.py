"""What a lead is made of, and what can become of it: plain data between the services, the actions and the staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Purpose = Literal["share", "email", "phone", "text"]
Way = Literal["email", "phone", "text"]
Queue = Literal["sales", "clinician"]
Status = Literal["new", "contacted", "booked", "not_suitable", "closed", "withdrawn"]

PURPOSES: tuple[Purpose, ...] = ("share", "email", "phone", "text")
WAYS: tuple[Way, ...] = ("email", "phone", "text")


@dataclass(frozen=True)
class Consent:
    """One purpose agreed to, refused or withdrawn: the wording as `shown`, when (UTC), where, in which message."""

    purpose: Purpose
    given: bool
    wording_id: str
    wording_version: str
    language: str
    shown: str
    at: datetime
    channel: str
    message_id: str


@dataclass(frozen=True)
class Contact:
    """How to reach a person; `phone` is E.164, `preferred_time` a code or the person's words."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    preferred_contact: Way | None = None
    preferred_time: str | None = None


@dataclass(frozen=True)
class Assessed:
    """What the check came to: JSON-like data; `outcome` is `none` where there was no finished check.

    `answers` are a field's values as bot.assessment.answers keeps them, `flags` the ids of red flags that were raised.
    """

    outcome: str
    table_version: str
    reasons: Sequence[Mapping[str, Any]] = ()
    findings: Sequence[str] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    flags: Sequence[str] = ()

    @property
    def flagged(self) -> bool:
        """Whether staff look first: a red flag was raised, or the check said "not now" and a person was asked for."""
        return bool(self.flags) or self.outcome == "not_now"


@dataclass(frozen=True)
class NewLead:
    """A hand-off that the visitor has confirmed."""

    conversation: str
    form_version: str
    channel: str
    language: str
    queue: Queue
    assessed: Assessed
    contact: Contact
    consents: tuple[Consent, ...]


@dataclass(frozen=True)
class Lead:
    """A lead as it stands; `consents` has the latest word on each purpose that was asked."""

    reference: str
    conversation: str
    form_version: str
    channel: str
    language: str
    queue: Queue
    status: Status
    assessed: Assessed
    contact: Contact
    consents: Mapping[Purpose, bool]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Submitted:
    """The lead is stored; `first` is false where it was there already, and nothing was changed.

    A lead that was withdrawn and is handed over again has the reference it had, and `first` is true.
    """

    reference: str
    first: bool


@dataclass(frozen=True)
class Changed:
    """What was to be changed is as the person wants it; `fields` are the names of the details that are others now."""

    reference: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Withdrawn:
    """Consent was taken back; `left` are the purposes that are still agreed to, without a way where nobody may write
    or call any more."""

    reference: str
    left: frozenset[Purpose]


@dataclass(frozen=True)
class Erased:
    """A person's record is gone; `counts` says how many rows of what."""

    receipt: str
    counts: Mapping[str, int]
