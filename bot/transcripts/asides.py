"""What is said to an address of a channel outside of any turn, in the caller's transaction: it waits like a reply.

It is part of no transcript, and an address that has no conversation gets none by it.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.transcripts import addresses, inbox, replies
from bot.transcripts.inbox import Inbound

UNREAD: Mapping[str, Any] = {"kind": "error", "retry": False}


def say(session: Session, asked: Inbound, text: str, payload: Mapping[str, Any], now: datetime) -> str:
    """Let a sentence wait for the address that `asked` came from; returns the conversation that it is listed under."""
    known = addresses.find(session, asked.channel, asked.address)
    conversation = known or secrets.token_urlsafe(addresses.ID_BYTES)
    said = {"texts": [text], "buttons": [], "payload": payload}
    replies.put(session, conversation, asked.channel, asked.address, said, now)
    return conversation


def say_once(session: Session, asked: Inbound, text: str, payload: Mapping[str, Any], now: datetime) -> str | None:
    """The same, unless the message was known already: then nothing is said, and None is returned."""
    return say(session, asked, text, payload, now) if inbox.remember(session, asked, now) else None
