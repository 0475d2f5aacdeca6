"""Does what the words of the law on text messages want, in the caller's transaction, once for each message.

Each function returns the conversation that its answer is listed under, or None where it says nothing.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.leads.changes import withdraw_consents
from bot.leads.records import Consent
from bot.leads.submission import VISITOR
from bot.settings import Settings
from bot.transcripts import addresses, asides, inbox, replies
from bot.transcripts.inbox import Inbound

# The one reply that an address which has opted out may still get.
OPTED_OUT: Mapping[str, Any] = {"kind": "account", "action": "opted_out"}
OPTED_IN: Mapping[str, Any] = {"kind": "account", "action": "opted_in"}
WORDING = "law_on_texts"
WORDING_VERSION = "1"


def stop(session: Session, asked: Inbound, confirmation: str | None, settings: Settings, now: datetime) -> str | None:
    """Send the address nothing more but the confirmation, and withdraw the consent to texts that was given there.

    `confirmation` is None where the provider has sent one.
    """
    known = not inbox.remember(session, asked, now)
    if known or replies.opted_out(session, asked.channel, asked.address):
        return None
    replies.opt_out(session, asked.channel, asked.address, now)
    replies.drop(session, asked.channel, asked.address)
    _withdraw(session, asked, settings, now)
    return asides.say(session, asked, confirmation, OPTED_OUT, now) if confirmation else None


def _withdraw(session: Session, asked: Inbound, settings: Settings, now: datetime) -> None:
    conversation = addresses.find(session, asked.channel, asked.address)
    if conversation is None:
        return
    refusal = Consent(
        purpose="text",
        given=False,
        wording_id=WORDING,
        wording_version=WORDING_VERSION,
        language="en",
        shown="",
        at=now,
        channel=asked.channel,
        message_id=secrets.token_urlsafe(12),  # the provider's id is not kept: it leads to the number
    )
    withdraw_consents(session, conversation, (refusal,), settings, now, VISITOR)


def start(session: Session, asked: Inbound, confirmation: str | None, now: datetime) -> str | None:
    """Answer an address again that had stopped, and say so unless the provider did; consents stay withdrawn."""
    if not inbox.remember(session, asked, now):
        return None
    replies.opt_in(session, asked.channel, asked.address)
    return asides.say(session, asked, confirmation, OPTED_IN, now) if confirmation else None
