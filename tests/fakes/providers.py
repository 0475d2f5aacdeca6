"""Stand-ins of the channels' providers on loopback: they check what they are sent as the real ones do, and keep it."""

import asyncio
import base64
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

SECONDS = 30.0


@dataclass(frozen=True)
class Call:
    """A call of a provider's API, its body read as a form or as JSON."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Planned:
    """What a provider answers to one call in place of its own judgement."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class Provider:
    """A provider's API on loopback, at `url`: `calls` has all that was asked of it, `sent` the messages that it took.

    It answers with `refuse`'s plan, an item a call, then by `judge`. While `gate` is closed, it answers nobody.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[Call] = []
        self.planned: deque[Planned] = deque()
        self.gate = asyncio.Event()
        self.gate.set()
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> "Provider":
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._receive)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gate.set()
        await self._runner.cleanup()

    def refuse(self, *planned: Planned) -> None:
        """Answer the next calls so."""
        self.planned.extend(planned)

    def judge(self, call: Call) -> Planned:
        """What the provider answers to a call; whoever overrides it raises nothing."""
        return Planned(200)

    def is_message(self, call: Call) -> bool:
        """Whether a call that was answered with a 2xx has sent a message."""
        return True

    async def has_sent(self, count: int) -> list[Call]:
        """The messages that were taken, once there are `count`."""
        await self._until(lambda: len(self.sent) >= count)
        return list(self.sent)

    async def was_called(self, count: int) -> list[Call]:
        """The calls that were begun, once there are `count`."""
        await self._until(lambda: len(self.calls) >= count)
        return list(self.calls)

    async def _until(self, true: Any) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(true), SECONDS)

    async def _receive(self, request: web.Request) -> web.Response:
        call = Call(request.path, request.headers, _read(await request.read(), request.content_type))
        await self._note(self.calls, call)
        await self.gate.wait()
        planned = self.planned.popleft() if self.planned else self.judge(call)
        if 200 <= planned.status < 300 and self.is_message(call):
            await self._note(self.sent, call)
        return web.json_response(dict(planned.body), status=planned.status, headers=planned.headers)

    async def _note(self, calls: list[Call], call: Call) -> None:
        async with self._changed:
            calls.append(call)
            self._changed.notify_all()


def _read(body: bytes, content_type: str) -> Mapping[str, Any]:
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    return dict(json.loads(body)) if body else {}


class TwilioApi(Provider):
    """Twilio's Messages resource: `stopped` are numbers that have opted out."""

    def __init__(self, account: str, token: str) -> None:
        super().__init__()
        self.path = f"/2010-04-01/Accounts/{account}/Messages.json"
        self.authorization = "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode()
        self.stopped: set[str] = set()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Whom something was sent to, and what."""
        return [(call.body["To"], call.body["Body"]) for call in self.sent]

    def judge(self, call: Call) -> Planned:
        if call.headers.get("Authorization") != self.authorization:
            return _twilio_error(401, 20003)
        if call.path != self.path:
            return _twilio_error(404, 20404)
        if set(call.body) != {"From", "To", "Body"} or not call.body["Body"]:
            return _twilio_error(400, 21602)
        if _units(call.body["Body"]) > 1600:
            return _twilio_error(400, 21617)
        if call.body["To"] in self.stopped:
            return _twilio_error(400, 21610)
        return Planned(201, {"sid": f"SM{len(self.sent):032x}", "status": "queued"})


def _twilio_error(status: int, code: int) -> Planned:
    return Planned(status, {"code": code, "message": "no", "more_info": "https://example.com", "status": status})


class MessengerApi(Provider):
    """Meta's Send API: `late` are people whose last message is more than 24 hours old."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.authorization = f"Bearer {token}"
        self.late: set[str] = set()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Whom something was sent to, and what."""
        return [(call.body["recipient"]["id"], call.body["message"]["text"]) for call in self.sent]

    @property
    def buttons(self) -> list[list[str]]:
        """The quick replies below each message."""
        return [[one["title"] for one in call.body["message"].get("quick_replies", ())] for call in self.sent]

    def judge(self, call: Call) -> Planned:
        if call.headers.get("Authorization") != self.authorization:
            return _graph_error(401, 190)
        if call.path != "/me/messages":
            return _graph_error(404, 100)
        message, person = call.body["message"], call.body["recipient"]["id"]
        quick = message.get("quick_replies", [])
        too_long = _units(message["text"]) > 2000 or any(len(one["title"]) > 20 for one in quick)
        if call.body["messaging_type"] != "RESPONSE" or too_long or len(quick) > 13 or not message["text"]:
            return _graph_error(400, 100)
        if person in self.late:
            return _graph_error(400, 10, 2018278)
        return Planned(200, {"recipient_id": person, "message_id": f"m_{len(self.sent)}"})


def _graph_error(status: int, code: int, subcode: int | None = None) -> Planned:
    error = {"message": "no", "type": "OAuthException", "code": code, "fbtrace_id": "x"}
    return Planned(status, {"error": error | ({"error_subcode": subcode} if subcode else {})})


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
