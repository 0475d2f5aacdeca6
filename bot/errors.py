"""Every error that Strand raises on purpose.

StrandError
├── SettingError           a setting, a file or a command line that cannot be used
│   ├── ModelMissing       no trained model, or one made by other inputs
│   ├── EncoderMissing     the encoder's weights are absent or are not the published ones
│   ├── SchemaOutdated     the database's schema is not the one this program needs
│   └── AccountRefused     a change to the staff's accounts that cannot be made; its text is for whoever asked
├── KnowledgeError         a file of the knowledge base that cannot be read as one
├── AssessmentError        a data file of the suitability check that cannot be used
├── WorkersBusy            every worker thread is taken, by calls that hang or by too many at once
├── MessageRefused         a request that holds no message; its text is for the sender
├── FormRefused            a form of the staff console that cannot be used; its text is for the reader
├── SessionRefused         a token of the web chat that is none, or whose session is over
├── LeadRefused            a hand-off that may not be stored, or a change of a lead that may not be made
├── LeadChanged            somebody else changed the lead since it was looked at; the text says who and how
├── TakeoverRefused        a member of the staff cannot do that in a conversation; the text says why
├── DeliveryFailed         a target did not take a message
├── StorageError           the database gave no answer
│   ├── DatabaseUnavailable  it refused, failed or took too long
│   └── TurnAbandoned      a save came after its turn had failed or had run out of time
└── TurnError              a turn that ends without a reply of its own
    ├── ActionFailed       an action raised or its server gave no answer
    └── TurnTimedOut       the turn took longer than it may
"""

from datetime import datetime, timedelta
from pathlib import Path


class StrandError(Exception):
    """An error that Strand raises on purpose; its text may be shown to the operator."""


class SettingError(StrandError):
    """A setting, a file or a command line cannot be used; the text says what to change."""


class ModelMissing(SettingError):
    """There is no trained model for the present inputs."""


class EncoderMissing(SettingError):
    """The encoder's weights are absent, or their checksum is not the published one."""


class SchemaOutdated(SettingError):
    """The database's schema is older or newer than the program."""


class AccountRefused(SettingError):
    """A change to the staff's accounts cannot be made; the text says why, to the operator or the administrator."""


class KnowledgeError(StrandError):
    """A file of the knowledge base cannot be read; the text has file and line, counted from 1."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        self.path, self.line, self.problem = path, line, " ".join(problem.split())
        super().__init__(f"{path}:{line}: {self.problem}")


class AssessmentError(StrandError):
    """A data file of the suitability check cannot be used; the text has its name and the problem."""


class WorkersBusy(StrandError):
    """Every worker thread is taken; nothing was begun."""


class MessageRefused(StrandError):
    """A request holds no message that can be read; the text may be shown to its sender. `status` is HTTP's."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


class SessionRefused(StrandError):
    """A web chat's token was not signed by this server, or its session is over."""


class FormRefused(StrandError):
    """A form of the staff console cannot be used; the text says why, to whoever sent it."""


class LeadRefused(StrandError):
    """A hand-off may not be stored, or a lead not be changed so; the text says which rule forbids it, and nothing of
    the person."""


class LeadChanged(StrandError):
    """A lead is not any more as it was looked at; nothing was done. The text says who changed it, and how; `at` when
    (UTC), where that is known."""

    def __init__(self, text: str, at: datetime | None = None) -> None:
        super().__init__(text)
        self.at = at


class TakeoverRefused(StrandError):
    """A member of the staff cannot do that in a conversation; the text says why, to them. It may be `gone`."""

    def __init__(self, text: str, gone: bool = False) -> None:
        super().__init__(text)
        self.gone = gone


class DeliveryFailed(StrandError):
    """A target did not take a message; the text says why in a few words, without an address and without the answer.

    `wish` is how long the target asked to be left alone, and it is `gone` where it wants nothing any more.
    """

    def __init__(self, text: str, wish: timedelta | None = None, gone: bool = False) -> None:
        super().__init__(text)
        self.wish, self.gone = wish, gone


class StorageError(StrandError):
    """The database gave no answer."""


class DatabaseUnavailable(StorageError):
    """The database refused, failed or took too long; nothing was changed."""


class TurnAbandoned(StorageError):
    """A turn that failed or ran out of time may not be saved."""


class TurnError(StrandError):
    """A turn ended without a reply of its own; nothing of it was kept."""


class ActionFailed(TurnError):
    """An action raised, or the action server gave no answer."""


class TurnTimedOut(TurnError):
    """The turn took longer than it may."""
