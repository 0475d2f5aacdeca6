"""A receiver of webhooks on this machine that checks each message with the official library."""

import asyncio
import json
import random
from collections import Counter
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwbXkzT5Gx6eM="
NEXT_SECRET = "whsec_" + "bmV4dCBzZWNyZXQgbmV4dCBzZWNyZXQgbmV4dA=="


class Receiver:
    """Answers with `plan`, an item a request: a status, (status, headers), "hang", "drop"
    or "wait", which is until `go_on`; then with `usual`.

    With `seed`, each request fails by chance half of the time; `taken` has what was answered with a 2xx, by id.
    """

    def __init__(self, secret: str = SECRET) -> None:
        self.secret = secret
        self.plan: list[Any] = []
        self.usual: Any = 204
        self.chance: random.Random | None = None
        self.taken: dict[str, Any] = {}
        self.times_taken: Counter[str] = Counter()
        self.forged = 0
        self.requests: list[dict[str, str]] = []
        self.twice_at_once: list[str] = []
        self._under_way: set[str] = set()
        self.go_on = asyncio.Event()
        self._over = asyncio.Event()

    async def __aenter__(self) -> "Receiver":
        app = web.Application()
        app.router.add_post("/leads", self._receive)
        app.router.add_route("*", "/elsewhere", self._elsewhere)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}/leads"
        self.elsewhere = 0
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._runner.cleanup()

    def fail_by_chance(self, seed: int) -> None:
        self.chance = random.Random(seed)

    async def _elsewhere(self, _request: web.Request) -> web.Response:
        self.elsewhere += 1
        return web.Response()

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        headers = dict(request.headers)
        self.requests.append(headers)
        try:
            message = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            self.forged += 1
            return web.Response(status=401)
        identifier = headers["webhook-id"]
        if identifier in self._under_way:
            self.twice_at_once.append(identifier)
        self._under_way.add(identifier)
        try:
            await asyncio.sleep(0)
            return await self._answer(request, identifier, message)
        finally:
            self._under_way.discard(identifier)

    async def _answer(self, request: web.Request, identifier: str, message: Any) -> web.StreamResponse:
        planned = self.plan.pop(0) if self.plan else self._by_chance()
        if planned == "hang":
            await self._over.wait()
        if planned == "wait":
            await self.go_on.wait()
            planned = self.usual
        if planned == "drop":
            assert request.transport
            request.transport.abort()
        status, more = planned if isinstance(planned, tuple) else (planned, {})
        if not isinstance(status, int):
            return web.Response()
        if 200 <= status < 300:
            self.taken[identifier] = message
            self.times_taken[identifier] += 1
        return web.Response(status=status, headers=more, text=json.dumps({"echo": message}) if status >= 300 else None)

    def _by_chance(self) -> Any:
        if self.chance is None or self.chance.random() < 0.5:
            return self.usual
        return self.chance.choice([500, 503, 404, 302, "drop"])
