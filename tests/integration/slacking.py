"""Somebody who writes in Slack: requests as Slack documents them, signed by the rules of its documentation."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

TOKEN, SECRET = "xoxb-1-2-three", "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, CHAT, ANN, ROOM = "T123ABC456", "D0PNCRP9N", "U123ABC456", "C123ABC456"
STAMP = "1751371200.000100"
SETTINGS = {"slack_bot_token": TOKEN, "slack_signing_secret": SECRET, "public_url": "https://chat.clinic.example"}


def sign(body: bytes, at: int, secret: str = SECRET) -> str:
    """The version, the time and the body by HMAC-SHA256."""
    return "v0=" + hmac.new(secret.encode(), b"v0:%d:%s" % (at, body), hashlib.sha256).hexdigest()


def message_of(text: str, **more: Any) -> dict[str, Any]:
    """The event of a direct message."""
    event = {"type": "message", "user": ANN, "text": text, "ts": STAMP, "client_msg_id": "x", "team": TEAM}
    return {**event, "channel": CHAT, "event_ts": STAMP, "channel_type": "im", **more}


def pressed(shown: Mapping[str, Any], stamp: str, number: int, **more: Any) -> dict[str, Any]:
    """The press of a message's button, counted from 0."""
    button = shown["blocks"][-1]["elements"][number]
    return {
        "type": "block_actions",
        "user": {"id": ANN, "username": "ann", "team_id": TEAM},
        "api_app_id": "A123ABC456",
        "container": {"type": "message", "message_ts": stamp, "channel_id": CHAT, "is_ephemeral": False},
        "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
        "team": {"id": TEAM, "domain": "clinic"},
        "channel": {"id": CHAT, "name": "directmessage"},
        "message": {"type": "message", "ts": stamp, "text": shown["text"], "blocks": shown["blocks"]},
        "actions": [{**button, "block_id": "=qXel", "action_ts": "1751371260.123456"}],
        **more,
    }


class Slacker:
    """Sends Slack's requests, each event with an id of its own."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.count = client, 0

    async def write(self, text: str, identifier: str | None = None, **more: Any) -> ClientResponse:
        """Write a direct message, or the one with that id again."""
        return await self.send(message_of(text, **more), identifier)

    async def send(self, event: Any, identifier: str | None = None) -> ClientResponse:
        """Send an event of any kind."""
        self.count += 1
        wrapped = {"token": "x", "team_id": TEAM, "api_app_id": "A123ABC456", "type": "event_callback", "event": event}
        return await self.call({**wrapped, "event_id": identifier or f"Ev{self.count:08}", "event_time": 1751371200})

    async def call(self, data: Any) -> ClientResponse:
        """Send any JSON."""
        return await self.post(json.dumps(data).encode(), "application/json")

    async def press(self, payload: Any) -> ClientResponse:
        """Send what interactivity sends."""
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode())

    async def post(
        self, body: bytes, kind: str = "application/x-www-form-urlencoded", late: int = 0, **headers: str
    ) -> ClientResponse:
        """Post a body with its signature, made `late` seconds ago."""
        at = int(time.time()) - late
        signed = {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": sign(body, at), "Content-Type": kind}
        return await self.client.post("/webhooks/slack", data=body, headers={**signed, **headers})
