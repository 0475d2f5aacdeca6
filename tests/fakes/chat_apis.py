"""Stand-ins of Telegram's and Slack's APIs on loopback: they keep what stands in each chat, as people would see it."""

from typing import Any

from tests.fakes.providers import Call, Planned, Provider


class TelegramApi(Provider):
    """The Bot API: `keyboards` has what can be pressed below each message, `blocked` who wants nothing more."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.place = f"/bot{token}/"
        self.blocked: set[str] = set()
        self.keyboards: dict[int, list[list[dict[str, str]]]] = {}
        self.toasts: dict[str, str] = {}

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Whom something was sent to, and what."""
        return [(str(call.body["chat_id"]), call.body["text"]) for call in self.sent]

    def is_message(self, call: Call) -> bool:
        return call.path.endswith("/sendMessage")

    def judge(self, call: Call) -> Planned:
        if not call.path.startswith(self.place):
            return _refused(401, "Unauthorized")
        method = getattr(self, "_" + call.path.removeprefix(self.place), None)
        return method(call.body) if method else _refused(404, "Not Found")

    def _sendMessage(self, body: Any) -> Planned:  # noqa: N802  (Telegram's names)
        keyboard = body.get("reply_markup", {}).get("inline_keyboard", [])
        data = [button["callback_data"] for row in keyboard for button in row]
        if not 1 <= len(body["text"].encode("utf-16-le")) // 2 <= 4096:
            return _refused(400, "Bad Request: message is too long")
        if not all(1 <= len(one.encode()) <= 64 for one in data):
            return _refused(400, "Bad Request: BUTTON_DATA_INVALID")
        if body["chat_id"] in self.blocked:
            return _refused(403, "Forbidden: bot was blocked by the user")
        identifier = len(self.calls)
        self.keyboards[identifier] = keyboard
        return Planned(200, {"ok": True, "result": {"message_id": identifier}})

    def _answerCallbackQuery(self, body: Any) -> Planned:  # noqa: N802
        if body["callback_query_id"] in self.toasts:
            return _refused(400, "Bad Request: query is too old")
        self.toasts[body["callback_query_id"]] = body["text"]
        return Planned(200, {"ok": True, "result": True})

    def _editMessageReplyMarkup(self, body: Any) -> Planned:  # noqa: N802
        if self.keyboards.get(body["message_id"]) == body["reply_markup"]["inline_keyboard"]:
            return _refused(400, "Bad Request: message is not modified")
        self.keyboards[body["message_id"]] = body["reply_markup"]["inline_keyboard"]
        return Planned(200, {"ok": True, "result": True})


def _refused(code: int, description: str, **parameters: int) -> Planned:
    more = {"parameters": parameters} if parameters else {}
    return Planned(code, {"ok": False, "error_code": code, "description": description, **more})


def too_many(seconds: int) -> Planned:
    """What Telegram answers to too many messages."""
    return _refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class SlackApi(Provider):
    """The Web API: `chats` has the messages of each channel, `closed` the channels that are there no more."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.authorization = f"Bearer {token}"
        self.closed: set[str] = set()
        self.chats: dict[str, dict[str, Any]] = {}

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Where something was sent to, and what."""
        return [(call.body["channel"], call.body["text"]) for call in self.sent]

    def is_message(self, call: Call) -> bool:
        return call.path == "/chat.postMessage" and self._fault(call) is None

    def judge(self, call: Call) -> Planned:
        fault = self._fault(call)
        if fault:
            return Planned(200, {"ok": False, "error": fault})
        chat = self.chats.setdefault(call.body["channel"], {})
        stamp = call.body.get("ts") or f"1751371200.{len(self.calls):06}"
        chat[stamp] = dict(call.body)
        return Planned(200, {"ok": True, "channel": call.body["channel"], "ts": stamp})

    def _fault(self, call: Call) -> str | None:
        if call.headers.get("Authorization") != self.authorization:
            return "invalid_auth"
        if call.path not in ("/chat.postMessage", "/chat.update"):
            return "unknown_method"
        if call.body["channel"] in self.closed:
            return "channel_not_found"
        return _fault_of(call.body.get("blocks", [])) if call.body.get("text") else "no_text"


def _fault_of(blocks: list[dict[str, Any]]) -> str | None:
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    buttons = [button for block in blocks if block["type"] == "actions" for button in block["elements"]]
    right = (
        all(1 <= len(text) <= 3000 for text in texts)
        and all(len(button["text"]["text"]) <= 75 and len(button["value"]) <= 2000 for button in buttons)
        and len({button["action_id"] for button in buttons}) == len(buttons) <= 25
    )
    return None if right else "invalid_blocks"
