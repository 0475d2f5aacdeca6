"""What a messaging channel is: who sent a request, what it holds, how a reply looks there, and how it is sent."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from aiohttp import ClientSession

from bot.settings import Settings
from bot.transcripts.inbox import Inbound

Kind = Literal["attachment", "group", "edit"]


@dataclass(frozen=True)
class Request:
    """A webhook's request, read whole: `url` is the public address that the provider called, with its query.

    The names of `headers` may be looked up in any case.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Unread:
    """Something from an address that is no text: it gets one sentence, and for the same `message_id` no other.

    A channel's id for a `group` is that of the group, so that it hears the sentence once.
    """

    address: str
    message_id: str
    kind: Kind


@dataclass(frozen=True)
class Wish:
    """The message `asked` is a word of the law on texts: `stop`, `start` or `help`.

    It is `told` where the provider has answered it already. A `start` of someone who has not stopped is a message like
    others.
    """

    asked: Inbound
    kind: Literal["stop", "start", "help"]
    told: bool = False


Event = Inbound | Unread | Wish


@dataclass(frozen=True)
class Answer:
    """What the provider gets back at once: status, body and type."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Limits:
    """What a channel can show: characters a message, and buttons with their titles' length; 0 buttons are numbers.

    Characters are UTF-16 units, as the providers count them. `brief` channels get an entry's short text with a source
    line, and all texts of a turn as one.
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
    """A channel that is on: its settings are there. `name` is also its place, /webhooks/<name>.

    On one that `stops`, people who have said stop are neither heard nor answered until they say start.
    """

    name: ClassVar[str]
    limits: ClassVar[Limits]
    stops: ClassVar[bool] = False

    def __init__(self, settings: Settings, http: ClientSession) -> None:  # noqa: B027  # most keep something else
        """Made of the settings and of the one HTTP client of all channels; each takes what it needs."""

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
        """The answer to a verified request that holds no message but asks something, such as the proof of an address.

        Only such requests may have the method GET.
        """
        return None

    def stored(self) -> Answer:
        """The answer to a request whose messages are stored."""
        return Answer()

    async def arrived(self, request: Request) -> None:  # noqa: B027 (most providers want nothing)
        """Show in the chat that a request's messages are stored, where the provider wants that; nothing hangs on it."""
