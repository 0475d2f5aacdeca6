"""What every kind of target has in common: a message, one try to send it, and what came of that in a few words."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import DeliveryFailed
from bot.leads.delivery.targets import Target

SECONDS = 15.0


@dataclass(frozen=True)
class Message:
    """One try of a message: the id that all tries share, the JSON that it says, and when this try is made (UTC)."""

    id: str
    payload: str
    at: datetime


class Sender(Protocol):
    """Sends messages to one target, at most `at_once` at a time."""

    @property
    def target(self) -> Target:
        """Where the messages go."""

    @property
    def at_once(self) -> int:
        """How many tries may be under way at the same time."""

    async def send(self, message: Message) -> str:
        """What came back, in words; raises DeliveryFailed, OSError."""


async def attempt(sender: Sender, message: Message, seconds: float = SECONDS) -> str:
    """Send within `seconds`, everything included; returns what came back, and raises nothing but DeliveryFailed."""
    try:
        return await asyncio.wait_for(sender.send(message), seconds)
    except asyncio.TimeoutError as error:
        raise DeliveryFailed(f"no answer within {seconds:g} s") from error
    except OSError as error:
        raise DeliveryFailed(explain(error)) from error


def explain(error: OSError) -> str:
    """A failed connection in a few words, without an address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or type(error).__name__}"
    return error.strerror or type(error).__name__
