"""Messenger, by Meta's webhooks and its Send API."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientSession

from bot.chat.channels.api import Reported, at, objects_at, post, read_object, text_at
from bot.chat.channels.channel import Answer, Channel, Event, Limits, Request, Said, Unread
from bot.errors import DeliveryFailed
from bot.settings import Settings
from bot.transcripts.inbox import Inbound

SIGNATURE = "X-Hub-Signature-256"
# The Graph API's codes for too many calls, after which it wants a pause without saying how long; and, with their
# subcodes, what no later try would change: the last message is more than 24 hours old, the person has blocked the page
# or is gone.
TOO_MANY = frozenset({4, 17, 32, 613})
PAUSE = timedelta(minutes=1)
GIVEN_UP = frozenset({(10, 2018278), (10, 2018065), (551, 1545041), (100, 2018001)})


class Messenger(Channel):
    """A page on Facebook; the addresses are the page's ids of people."""

    name = "messenger"
    limits = Limits(characters=2000, buttons=13, title_characters=20, brief=False)

    def __init__(self, settings: Settings, http: ClientSession) -> None:
        self._secret = settings.messenger_secret.encode()
        self._word = settings.messenger_verify.encode()
        self._headers = {"Authorization": f"Bearer {settings.messenger_token}"}
        self._url = f"{settings.messenger_api.rstrip('/')}/me/messages"
        self._http = http

    def verify(self, request: Request, now: datetime) -> bool:
        """Whether the body is signed with the app's secret, or for the proof of the address, our word is right."""
        if request.method == "GET":
            given, right = request.query.get("hub.verify_token", ""), self._word
        else:
            digest = hmac.new(self._secret, request.body, hashlib.sha256).hexdigest()
            given, right = request.headers.get(SIGNATURE, ""), f"sha256={digest}".encode()
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right)

    def answer(self, request: Request) -> Answer | None:
        """The challenge of the proof of an address."""
        if request.method != "GET" or request.query.get("hub.mode") != "subscribe":
            return None
        return Answer(200, request.query.get("hub.challenge", ""))

    def read(self, request: Request) -> Sequence[Event]:
        """The messages of a batch, in its order; receipts and what the page itself says are none."""
        entries = objects_at(read_object(request.body), "entry")
        found = (_event(one) for entry in entries for one in objects_at(entry, "messaging"))
        return [event for event in found if event is not None]

    async def send(self, address: str, said: Said) -> None:
        """Send a text with its quick replies; raises DeliveryFailed."""
        quick = [{"content_type": "text", "title": title, "payload": title} for title in said.buttons]
        message = {"text": said.text, **({"quick_replies": quick} if quick else {})}
        call = {"recipient": {"id": address}, "messaging_type": "RESPONSE", "message": message}
        _judge(await post(self._http, self._url, json=call, headers=self._headers))


def _event(data: Mapping[str, Any]) -> Event | None:
    address = text_at(data, "sender", "id")
    if not (address and address.isascii()):
        return None
    if "message" in data:
        return _message(address, data)
    if "postback" in data:
        return _postback(address, data)
    if "message_edit" in data:
        edit = f"{text_at(data, 'message_edit', 'mid')} {at(data, 'message_edit', 'num_edit')}"
        return Unread(address, f"edit {edit}", "edit")
    if text_at(data, "reaction", "action") == "react":
        return Unread(address, f"reaction {text_at(data, 'reaction', 'mid')}", "attachment")
    return None


def _message(address: str, data: Mapping[str, Any]) -> Event | None:
    identifier, text = text_at(data, "message", "mid"), text_at(data, "message", "text")
    quiet = at(data, "message", "is_echo") or at(data, "message", "is_deleted")
    if quiet or not identifier:
        return None
    chosen = text_at(data, "message", "quick_reply", "payload") or text
    if chosen.strip():
        return Inbound(Messenger.name, address, identifier, chosen)
    return Unread(address, identifier, "attachment")


def _postback(address: str, data: Mapping[str, Any]) -> Event | None:
    identifier = text_at(data, "postback", "mid") or f"postback {at(data, 'timestamp')}"
    title = text_at(data, "postback", "title")
    if title.strip().casefold() == "get started":  # Meta's own button, before the first message
        title = "hello"
    return Inbound(Messenger.name, address, identifier, title) if title.strip() else None


def _judge(reported: Reported) -> None:
    if reported.taken:
        return
    code, subcode = at(reported.data, "error", "code"), at(reported.data, "error", "error_subcode")
    known = code if isinstance(code, int) else 0
    wish = reported.wish() or (PAUSE if known in TOO_MANY else None)
    raise DeliveryFailed(f"HTTP {reported.status}, Meta's error {known}", wish, (code, subcode) in GIVEN_UP)
