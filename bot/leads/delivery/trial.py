"""Tries a target with a marked test message, past the outbox, and says what came back."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime

from bot.errors import DeliveryFailed
from bot.leads.delivery.payload import plain_payload
from bot.leads.delivery.senders import open_senders
from bot.leads.delivery.sending import Message, attempt
from bot.leads.delivery.targets import Target
from bot.settings import Settings

EVENT = "lead.test"


@dataclass(frozen=True)
class Trial:
    """What came back from a target, or why nothing did, in words, and after how long."""

    name: str
    worked: bool
    answer: str
    milliseconds: float


async def send_test(target: Target, settings: Settings, now: datetime) -> Trial:
    """Send a message of the type lead.test, which is marked as a test, to a target; never raises for its failure."""
    data = {"test": True, "reference": "S-TEST", "note": "This is a test of Strand, not a lead."}
    message = Message(f"msg_{secrets.token_urlsafe(18)}", plain_payload(EVENT, data, now), now)
    async with open_senders([target], settings) as (sender,):
        begun = time.monotonic()
        try:
            worked, answer = True, await attempt(sender, message)
        except DeliveryFailed as error:
            worked, answer = False, str(error)
        return Trial(target.name, worked, answer, 1000 * (time.monotonic() - begun))
