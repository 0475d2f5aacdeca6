"""Slack, by its Events API and interactivity: signed requests come in, direct messages go out with blocks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from aiohttp import ClientSession
from slack_sdk.signature import Clock, SignatureVerifier

from bot.chat.channels.api import Reported, at, objects_at, post, read_object, text_at
from bot.chat.channels.channel import Answer, Channel, Event, Limits, Request, Said, Unread
from bot.chat.channels.slack_text import escape, sections, unescape
from bot.dialogue.numbered import BELOW
from bot.errors import DeliveryFailed, MessageRefused
from bot.settings import Settings
from bot.transcripts.inbox import Inbound

TIMESTAMP = "X-Slack-Request-Timestamp"
SIGNATURE = "X-Slack-Signature"
FORM = "application/x-www-form-urlencoded"
TIME_DIGITS = 12
PERSONS_OWN = (None, "file_share", "me_message", "thread_broadcast")
SLACKBOT = "USLACKBOT"
# What no later try would change: the account, the chat or the token is gone, or Slack will not have the message.
GIVEN_UP = frozenset(
    {"account_inactive", "cannot_dm_bot", "channel_not_found", "invalid_blocks", "is_archived", "messages_tab_disabled"}
    | {"msg_too_long", "no_text", "not_in_channel", "restricted_action", "token_revoked", "user_not_found"}
)


class _At(Clock):
    """A clock that stands still."""

    def __init__(self, now: datetime) -> None:
        self._now = now.timestamp()

    def now(self) -> float:
        return self._now


class Slack(Channel):
    """A bot in a workspace; the addresses are a direct message's channel and its person, as "D…:U…".

    A token is good for one workspace, so that is not in the address: events and buttons name it in different ways.
    """

    name = "slack"
    limits = Limits(characters=3000, buttons=25, title_characters=75, brief=False)

    def __init__(self, settings: Settings, http: ClientSession) -> None:
        self._secret = settings.slack_signing_secret
        self._headers = {"Authorization": f"Bearer {settings.slack_bot_token}"}
        self._api = settings.slack_api.rstrip("/")
        self._http = http

    def verify(self, request: Request, now: datetime) -> bool:
        """Whether time and body are signed with the app's secret, within five minutes of `now`."""
        timestamp, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < TIME_DIGITS and signature.isascii()):
            return False
        try:
            return SignatureVerifier(self._secret, _At(now)).is_valid(request.body, timestamp, signature)
        except ValueError:  # a body that is not UTF-8, or no secret
            return False

    def answer(self, request: Request) -> Answer | None:
        """The challenge of the proof of an address."""
        try:
            data = _data(request)
        except MessageRefused:  # `read` says so
            return None
        return Answer(200, text_at(data, "challenge")) if data.get("type") == "url_verification" else None

    def read(self, request: Request) -> Sequence[Event]:
        """The one event of a request, at most."""
        data = _data(request)
        kind, event = data.get("type"), None
        if kind == "event_callback":
            event = _event(at(data, "event"), text_at(data, "event_id"))
        elif kind == "block_actions":
            event = _pressed(data)
        return [event] if event else []

    async def send(self, address: str, said: Said) -> None:
        """Send a text, with its buttons in blocks; raises DeliveryFailed."""
        call: dict[str, Any] = {"channel": address.partition(":")[0], "text": escape(said.text)}
        if said.buttons:
            call["blocks"] = [*sections(said.text), {"type": "actions", "elements": _buttons(said.buttons)}]
        await self._call("chat.postMessage", {**call, "unfurl_links": False, "unfurl_media": False})

    async def arrived(self, request: Request) -> None:
        """Take the buttons off a message, one of which was pressed, and show there which."""
        data = _data(request)
        if data.get("type") != "block_actions" or _pressed(data) is None:
            return
        kept = [block for block in objects_at(data, "message", "blocks") if block.get("type") != "actions"]
        chosen = {"type": "context", "elements": [{"type": "plain_text", "text": f"→ {_value(data)}"}]}
        call = {
            "channel": text_at(data, "channel", "id"),
            "ts": text_at(data, "container", "message_ts"),
            "text": text_at(data, "message", "text"),
            "blocks": [*kept, chosen],
        }
        try:
            await self._call("chat.update", call)
        except DeliveryFailed:  # the buttons stay, and do no harm
            return

    async def _call(self, method: str, call: Mapping[str, Any]) -> None:
        _judge(await post(self._http, f"{self._api}/{method}", json=call, headers=self._headers))


def _data(request: Request) -> dict[str, Any]:
    """The object of a request, which is its body, or in a form, what its one field holds; raises MessageRefused."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != FORM:
        return read_object(request.body)
    try:
        fields = parse_qs(request.body.decode(), max_num_fields=10)
    except ValueError as error:
        raise MessageRefused("a form is wanted") from error
    return read_object(fields.get("payload", [""])[0])


def _buttons(titles: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "type": "button",
            "action_id": f"choice-{number}",
            "text": {"type": "plain_text", "text": title, "emoji": False},
            "value": title,
        }
        for number, title in enumerate(titles, start=1)
    ]


def _event(event: Any, identifier: str) -> Event | None:
    if not identifier:
        raise MessageRefused("an event has an event_id")
    kind = text_at(event, "type")
    if kind == "message":
        return _message(event, identifier)
    if kind == "app_mention":
        return _in_channel(event)
    if kind == "reaction_added":
        item = at(event, "item")
        address = _address(text_at(item, "channel"), text_at(event, "user"))
        return Unread(address, f"reaction {text_at(item, 'ts')}", "attachment") if address else None
    return None


def _message(event: Any, identifier: str) -> Event | None:
    subtype = at(event, "subtype")
    if subtype == "message_changed":
        return _edited(event)
    if subtype not in PERSONS_OWN or at(event, "bot_id"):
        return None
    if text_at(event, "channel_type") != "im":
        return _in_channel(event)
    address, text = _address(text_at(event, "channel"), text_at(event, "user")), unescape(text_at(event, "text"))
    if not address:
        return None
    return Inbound(Slack.name, address, identifier, text) if text else Unread(address, identifier, "attachment")


def _address(channel: str, user: str) -> str:
    """The address of a person in a direct message; empty where it is none, or no person."""
    return f"{channel}:{user}" if channel.startswith("D") and user and user != SLACKBOT else ""


def _in_channel(event: Any) -> Unread | None:
    channel = text_at(event, "channel")
    return Unread(f"{channel}:", "group", "group") if channel and not at(event, "bot_id") else None


def _edited(event: Any) -> Unread | None:
    # Slack also changes messages by itself, to show what a link leads to.
    before, after = text_at(event, "previous_message", "text"), text_at(event, "message", "text")
    address = _address(text_at(event, "channel"), text_at(event, "message", "user"))
    theirs = address and not at(event, "message", "bot_id") and at(event, "message", "edited") is not None
    return Unread(address, f"edit {text_at(event, 'message', 'ts')}", "edit") if theirs and before != after else None


def _pressed(data: Mapping[str, Any]) -> Event | None:
    address, title = _address(text_at(data, "channel", "id"), text_at(data, "user", "id")), _value(data)
    if not (address and title):
        return None
    # Pressed twice before the buttons are off is pressed once.
    shown = [unescape(text_at(block, "text", "text")) for block in objects_at(data, "message", "blocks")]
    below = {BELOW: next((text for text in shown if text), "")}
    return Inbound(Slack.name, address, f"pressed {text_at(data, 'container', 'message_ts')}", title, below)


def _value(data: Mapping[str, Any]) -> str:
    return next((text_at(action, "value") for action in objects_at(data, "actions")), "")


def _judge(reported: Reported) -> None:
    if reported.taken and reported.data.get("ok") is True:
        return
    code = text_at(reported.data, "error")
    known = code if code.isascii() and code.replace("_", "").isalnum() and len(code) < 40 else "no reason"
    raise DeliveryFailed(f"HTTP {reported.status}, {known}", reported.wish(), gone=code in GIVEN_UP)
