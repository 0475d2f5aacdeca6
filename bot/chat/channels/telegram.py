"""Telegram, by its Bot API: updates come in under a secret of ours, messages go out with inline keyboards."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession

from bot.chat.channels.api import Reported, at, objects_at, post, read_object, text_at
from bot.chat.channels.channel import Channel, Event, Kind, Limits, Request, Said, Unread
from bot.dialogue.numbered import BELOW
from bot.errors import DeliveryFailed, MessageRefused
from bot.settings import Settings
from bot.transcripts.inbox import Inbound

HEADER = "X-Telegram-Bot-Api-Secret-Token"
START = "/start"
GREETING = "hello"
DATA_BYTES = 64
TOAST_CHARACTERS = 200
GROUPS = ("group", "supergroup")
# What a message of a person may hold beside words; all else is Telegram's own notes on the chat.
ATTACHMENTS = frozenset(
    {"animation", "audio", "document", "paid_media", "photo", "sticker", "story", "video", "video_note", "voice"}
    | {"checklist", "contact", "dice", "game", "invoice", "location", "poll", "venue"}
)
# What no later try would change: the person has blocked the bot, or there is no such chat.
GIVEN_UP = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN})


class Telegram(Channel):
    """A bot; the addresses are the ids of people's private chats with it."""

    name = "telegram"
    limits = Limits(characters=4096, buttons=20, title_characters=60, brief=False)

    def __init__(self, settings: Settings, http: ClientSession) -> None:
        self._secret = settings.telegram_secret.encode()
        self._url = f"{settings.telegram_api.rstrip('/')}/bot{settings.telegram_token}"
        self._http = http

    def verify(self, request: Request, now: datetime) -> bool:
        """Whether the secret is there that Telegram was told; it signs no body and no time."""
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        return bool(self._secret) and hmac.compare_digest(given, self._secret)

    def read(self, request: Request) -> Sequence[Event]:
        """The one event of an update, at most."""
        update = read_object(request.body)
        number = update.get("update_id")
        if not isinstance(number, int):
            raise MessageRefused("an update has an update_id")
        event = _event(update, str(number))
        return [event] if event else []

    async def send(self, address: str, said: Said) -> None:
        """Send a text with its keyboard; raises DeliveryFailed."""
        call: dict[str, Any] = {"chat_id": address, "text": said.text, "link_preview_options": {"is_disabled": True}}
        if said.buttons:
            call["reply_markup"] = {"inline_keyboard": _keyboard(said.buttons)}
        await self._call("sendMessage", call)

    async def arrived(self, request: Request) -> None:
        """End the waiting of a button that was pressed, and take its keyboard off."""
        query = at(read_object(request.body), "callback_query")
        chat, message = at(query, "message", "chat", "id"), at(query, "message", "message_id")
        if chat is None or message is None:
            return
        answer = {"callback_query_id": text_at(query, "id"), "text": _title(query)[:TOAST_CHARACTERS]}
        bare = {"chat_id": chat, "message_id": message, "reply_markup": {"inline_keyboard": []}}
        for method, call in (("answerCallbackQuery", answer), ("editMessageReplyMarkup", bare)):
            try:
                await self._call(method, call)
            except DeliveryFailed:  # only the spinner turns for longer, or the keyboard stays: both do no harm
                continue

    async def _call(self, method: str, call: Mapping[str, Any]) -> None:
        _judge(await post(self._http, f"{self._url}/{method}", json=call))


def _keyboard(titles: Sequence[str]) -> list[list[dict[str, str]]]:
    """A button a row; what is sent back is its title, or where there is no room for that, its number."""
    return [
        [{"text": title, "callback_data": title if len(title.encode()) <= DATA_BYTES else str(number)}]
        for number, title in enumerate(titles, start=1)
    ]


def _event(update: Mapping[str, Any], identifier: str) -> Event | None:
    if "message" in update:
        return _message(update["message"], identifier)
    if "edited_message" in update:
        return _edited(update["edited_message"])
    if "callback_query" in update:
        return _pressed(update["callback_query"])
    if "message_reaction" in update and objects_at(update, "message_reaction", "new_reaction"):
        reaction = update["message_reaction"]
        return _unread(reaction, f"reaction {at(reaction, 'message_id')}", "attachment")
    return None


def _address(message: Any) -> str:
    """The chat of a message, where it is a person's alone; empty for any other."""
    chat = at(message, "chat", "id")
    private = text_at(message, "chat", "type") == "private"
    return str(chat) if private and isinstance(chat, int) and not at(message, "from", "is_bot") else ""


def _unread(message: Any, identifier: str, kind: Kind) -> Unread | None:
    address = _address(message)
    return Unread(address, identifier, kind) if address else _in_group(message)


def _in_group(message: Any) -> Unread | None:
    chat = at(message, "chat", "id")
    group = text_at(message, "chat", "type") in GROUPS and isinstance(chat, int)
    return Unread(str(chat), "group", "group") if group else None


def _message(message: Any, identifier: str) -> Event | None:
    text = (text_at(message, "text") or text_at(message, "caption")).strip()
    address = _address(message)
    if text and address:
        return Inbound(Telegram.name, address, identifier, GREETING if text.split()[0] == START else text)
    if text or (isinstance(message, Mapping) and ATTACHMENTS & message.keys()):
        # The pictures of an album are messages of their own.
        album = text_at(message, "media_group_id")
        return _unread(message, f"album {album}" if album else identifier, "attachment")
    return None


def _edited(message: Any) -> Event | None:
    # A place that is shared live is edited with every step, and a reaction may look like an edit that has no date.
    written = text_at(message, "text") or text_at(message, "caption")
    edited = written and at(message, "edit_date") is not None
    return _unread(message, f"edit {at(message, 'message_id')}", "edit") if edited else None


def _pressed(query: Any) -> Event | None:
    title, chat = _title(query).strip(), at(query, "message", "chat", "id")
    if text_at(query, "message", "chat", "type") != "private" or not isinstance(chat, int) or not title:
        return None
    # Pressed twice before the keyboard is off is pressed once.
    below = {BELOW: text_at(query, "message", "text")}
    return Inbound(Telegram.name, str(chat), f"pressed {at(query, 'message', 'message_id')}", title, below)


def _title(query: Any) -> str:
    """What the pressed button says: a number alone would be read as a choice of the newest question."""
    data, keyboard = text_at(query, "data"), at(query, "message", "reply_markup", "inline_keyboard")
    rows = keyboard if isinstance(keyboard, list) else []
    buttons = [button for row in rows if isinstance(row, list) for button in row]
    return next((text_at(button, "text") for button in buttons if text_at(button, "callback_data") == data), data)


def _judge(reported: Reported) -> None:
    if reported.taken and reported.data.get("ok") is not False:
        return
    code = reported.data.get("error_code")
    status = code if isinstance(code, int) else reported.status
    seconds = at(reported.data, "parameters", "retry_after")
    wish = timedelta(seconds=min(seconds, 86400)) if isinstance(seconds, int) and seconds > 0 else reported.wish()
    raise DeliveryFailed(f"HTTP {status}", wish, gone=status in GIVEN_UP)
