"""An action server over HTTP that answers, breaks, hangs or talks nonsense, and remembers its calls."""

import asyncio
from typing import Any, Literal

from aiohttp import web
from aiohttp.test_utils import TestServer

Mood = Literal["well", "broken", "hanging", "nonsense", "declining"]


class ActionServer:
    """An action server in the test's own event loop; its mood is the test's to change."""

    def __init__(self) -> None:
        self.mood: Mood = "well"
        self.calls: list[str] = []
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/webhook", self._answer)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url("/webhook"))

    async def _answer(self, request: web.Request) -> web.Response:
        call: dict[str, Any] = await request.json()
        self.calls.append(call["next_action"])
        if self.mood == "broken":
            return web.Response(status=500, text="on purpose")
        if self.mood == "nonsense":
            return web.json_response({"events": "none"})
        if self.mood == "declining":
            return web.json_response({"action_name": call["next_action"], "error": "not now"}, status=400)
        if self.mood == "hanging":
            await asyncio.sleep(30)
        return web.json_response(self._well(call))

    def _well(self, call: dict[str, Any]) -> dict[str, Any]:
        if call["next_action"].startswith("validate_"):
            return {"events": [], "responses": []}
        count = int(call["tracker"]["slots"]["count"] or 0) + 1
        said = {"text": f"served {count}"}
        payload = {"custom": {"kind": "answer"}}
        return {"events": [{"event": "slot", "name": "count", "value": count}], "responses": [said, payload]}
