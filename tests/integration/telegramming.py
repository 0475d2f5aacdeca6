"""Somebody who writes by Telegram: updates as its Bot API documents them, under our secret."""

from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

TOKEN, SECRET = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "a-secret-of-ours"
ANN, KIM, GROUP = 1111111, 2222222, -1001234567890
SETTINGS = {"telegram_token": TOKEN, "telegram_secret": SECRET, "public_url": "https://chat.clinic.example"}


def message_of(number: int, chat: int = ANN, **more: Any) -> dict[str, Any]:
    """A message, without what it says."""
    place = {"id": chat, "type": "private", "first_name": "Ann"} if chat > 0 else {"id": chat, "type": "supergroup"}
    sender = {"id": abs(chat), "is_bot": False, "first_name": "Ann", "language_code": "en"}
    return {"message_id": number, "from": sender, "chat": place, "date": 1751371200, **more}


def pressed(number: int, message: int, keyboard: Any, data: str, chat: int = ANN) -> dict[str, Any]:
    """The press of a button below message number `message`."""
    below = message_of(message, chat, text="Which?", reply_markup={"inline_keyboard": keyboard})
    below["from"] = {"id": 110201543, "is_bot": True, "first_name": "Strand"}
    query = {"id": f"43820{number}", "from": {"id": chat, "is_bot": False}, "message": below, "chat_instance": "-1"}
    return {"callback_query": {**query, "data": data}}


class Telegrammer:
    """Sends updates, each with an id of its own."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.count = client, 10_000

    async def write(self, text: str, chat: int = ANN, update: int | None = None) -> ClientResponse:
        """Write a message, or the one with that id again."""
        return await self.send({"message": message_of(self.count + 1, chat, text=text)}, update)

    async def send(self, content: Any, update: int | None = None) -> ClientResponse:
        """Send an update of any kind."""
        self.count += 1
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        return await self.client.post(
            "/webhooks/telegram", json={"update_id": update or self.count, **content}, headers=headers
        )
