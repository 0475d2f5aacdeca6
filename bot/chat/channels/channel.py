"""What a messaging channel is: who sent a request, what it holds, how a reply looks there, and how it is sent."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.transcripts.inbox import Inbound


@dataclass(frozen=True)
class Request:
    """A webhook's request, read whole: `url` is the public address that the provider called, with its query."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Unread:
    """Something from an address that is no text: `kind` is `attachment`, `group` or `edit`; it gets one sentence."""

    address: str
    message_id: str
    kind: str


Event = Inbound | Unread


@dataclass(frozen=True)
class Answer:
    """What the provider gets back at once: status, body and type."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Limits:
    """What a channel can show: characters a message, and buttons with their titles' length; 0 buttons are numbers.

    `brief` channels get an entry's short text with a source line.
    """

    characters: int
    buttons: int
    title_characters: int
    brief: bool


@dataclass(frozen=True)
class Said:
    """One message as a channel can show it: a text, with buttons below it."""

    text: str
    buttons: Sequence[str] = ()


class Channel(ABC):
    """A channel that is on: its settings are there. `name` is also its place, /webhooks/<name>."""

    name: ClassVar[str]
    limits: ClassVar[Limits]

    @abstractmethod
    def verify(self, request: Request, now: datetime) -> bool:
        """Whether the provider sent this, and not too long ago; compared in constant time."""

    @abstractmethod
    def read(self, request: Request) -> Sequence[Event]:
        """What a verified request holds; nothing where it is about something else. Raises MessageRefused."""

    @abstractmethod
    async def send(self, address: str, said: Said) -> None:
        """Send one message to an address; raises DeliveryFailed, with the provider's wish where it has one."""

    def answer(self, request: Request) -> Answer | None:
        """The answer to a request that holds no message but asks something, such as the proof of an address."""
        return None

    def stored(self) -> Answer:
        """The answer to a request whose messages are stored."""
        return Answer()
