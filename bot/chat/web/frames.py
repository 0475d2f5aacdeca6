"""The frames of the web chat: what a browser may send, read strictly, and what it gets. docs/web-chat.md has them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

from bot.transcripts.inbox import Open
from bot.transcripts.reading import Item
from bot.transcripts.sessions import Token

MOST_BYTES = 64 * 1024
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
MOST_CURSOR = 2**53  # the numbers that a browser can count to
TOKEN_CHARACTERS = 512

Frame = dict[str, Any]
Reason = Literal["slow", "busy", "long", "unreadable", "session"]


@dataclass(frozen=True)
class Hello:
    """The first frame: whose chat this is, and what of it is known."""

    token: str
    after: int


@dataclass(frozen=True)
class Say:
    """A message, under the client's id."""

    id: str
    text: str


@dataclass(frozen=True)
class Earlier:
    """The wish for what was said before a cursor."""

    before: int


@dataclass(frozen=True)
class Renew:
    """The wish for a token with a whole life."""


@dataclass(frozen=True)
class End:
    """The wish to end and delete this chat."""


@dataclass(frozen=True)
class Unreadable:
    """Whatever else was sent; with the id where it has one."""

    id: str | None = None


ClientFrame = Hello | Say | Earlier | Renew | End | Unreadable


@dataclass(frozen=True)
class Refusal:
    """Why something is not done, in words for the visitor; `retry_in` is in seconds."""

    reason: Reason
    text: str
    retry_in: float | None = None

    def frame(self, message_id: str | None = None) -> Frame:
        """The refusal of the message of that id, or of something else."""
        return {
            "type": "refused",
            "id": message_id,
            "reason": self.reason,
            "retry_in": self.retry_in,
            "text": self.text,
        }


def read_frame(text: str | bytes) -> ClientFrame:
    """What a browser sent."""
    data = read_object(text)
    kind = data.get("type")
    if kind == "hello":
        return _hello(data)
    if kind == "message":
        return read_message(data)
    if kind == "earlier":
        before = read_cursor(data.get("before"))
        return Unreadable() if before is None else Earlier(before)
    if kind == "renew":
        return Renew()
    return End() if kind == "end" else Unreadable()


def read_object(text: str | bytes) -> Mapping[str, Any]:
    """A JSON object; an empty one for whatever is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _hello(data: Mapping[str, Any]) -> Hello | Unreadable:
    token, after = data.get("token"), read_cursor(data.get("after"))
    if not isinstance(token, str) or len(token) > TOKEN_CHARACTERS or after is None:
        return Unreadable()
    return Hello(token, after)


def read_message(data: Mapping[str, Any]) -> Say | Unreadable:
    """The message that an object holds."""
    identifier, text = data.get("id"), data.get("text")
    if not isinstance(identifier, str) or not MESSAGE_ID.fullmatch(identifier):
        return Unreadable()
    return Say(identifier, text) if isinstance(text, str) else Unreadable(identifier)


def read_cursor(value: object) -> int | None:
    """A cursor; None for whatever is none."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_CURSOR:
        return value
    return None


def welcome(token: Token, news: Frame, more: bool) -> Frame:
    """The answer to a hello: the token to go on with, and what was said."""
    return {**news, "type": "welcome", "token": token.text, "expires_in": token.seconds, "more": more}


def token_frame(token: Token) -> Frame:
    """A renewed token."""
    return {"type": "token", "token": token.text, "expires_in": token.seconds}


def news_frame(items: Sequence[Item], cursor: int, unanswered: Sequence[Open] | None) -> Frame:
    """What is new; without the messages that wait where nothing is known of them."""
    frame: Frame = {"type": "news", "items": [_item(item) for item in items], "cursor": cursor}
    if unanswered is not None:
        frame["open"] = [_open(message) for message in unanswered]
    return frame


def earlier_frame(items: Sequence[Item], more: bool) -> Frame:
    """What was said before."""
    return {"type": "earlier", "items": [_item(item) for item in items], "more": more}


def typing_frame() -> Frame:
    """Somebody of the staff is writing."""
    return {"type": "typing"}


def ended_frame(receipt: str | None, texts: Sequence[str], goes_on: bool) -> Frame:
    """The chat's end. It `goes_on` where a message behind its deletion has begun a new one of the same session."""
    return {"type": "ended", "receipt": receipt, "texts": list(texts), "goes_on": goes_on}


def _item(item: Item) -> Frame:
    base: Frame = {"cursor": item.cursor, "from": item.author}
    if item.author == "visitor":
        return {**base, "id": item.id, "text": "\n".join(item.texts), "at": _iso(item.at)}
    said = {"texts": list(item.texts), "buttons": list(item.buttons), "payload": item.payload}
    return {**base, **said, "at": _iso(item.at)}


def _open(message: Open) -> Frame:
    return {
        "id": message.message_id,
        "text": message.text,
        "state": message.state,
        "at": _iso(message.at),
        "reply": message.notice,
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
