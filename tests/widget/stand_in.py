"""A server that speaks the web chat's protocol (docs/web-chat.md) and does what a test tells it to.

It keeps sessions and conversations as the real one does, so that the widget cannot tell; only its answers are scripted.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from aiohttp import WSCloseCode, web

from bot.settings import PROJECT

WIDGET = PROJECT / "bot" / "chat" / "widget"
SECONDS = 86_400
PAGE_ITEMS = 100
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
HEADERS = {"Content-Security-Policy": STRICT, "Cache-Control": "no-store"}
# A page of its own; the attributes go in.
PAGE = (
    '<!doctype html><html lang="en"><head><title>Ours</title><script src="/widget.js" defer></script></head>'
    "<body><main><h1>Page</h1><strand-chat {}></strand-chat></main></body></html>"
)
PREFLIGHT = {"Access-Control-Allow-Headers": "Authorization, Content-Type"}
Data = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def now() -> str:
    return datetime.now(timezone.utc).isoformat()


def reply(*texts: str, buttons: Sequence[str] = (), **payload: Any) -> Data:
    """What the assistant says at once."""
    return {"texts": list(texts), "buttons": list(buttons), "payload": {"kind": "answer", **payload}}


@dataclass
class Talk:
    """A conversation: what was said, what is open, and who listens."""

    items: list[Data] = field(default_factory=list)
    open: dict[str, Data] = field(default_factory=dict)
    sockets: set[web.WebSocketResponse] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    cursor: int = 0

    def add(self, author: str, **said: Any) -> Data:
        self.cursor += 1
        item = {"cursor": self.cursor, "from": author, "at": now(), **said}
        self.items.append(item)
        return item

    def knows(self, message_id: str) -> bool:
        """Whether a message is stored and needs no other answer."""
        said = any(item.get("id") == message_id for item in self.items)
        return said or self.open.get(message_id, {"state": "failed"})["state"] != "failed"

    def after(self, cursor: int) -> Data:
        items = [item for item in self.items if item["cursor"] > cursor]
        more = len(items) > PAGE_ITEMS
        return {"items": items[-PAGE_ITEMS:], "cursor": self.cursor, "open": list(self.open.values()), "more": more}

    def before(self, cursor: int) -> Data:
        items = [item for item in self.items if item["cursor"] < cursor]
        return {"items": items[-PAGE_ITEMS:], "more": len(items) > PAGE_ITEMS}


class StandIn:
    """The server on a port of its own: `answers` by text, `held` keeps messages unanswered, `refusals` come first."""

    def __init__(self) -> None:
        self.port = 0
        self.address = ""
        self.talks: dict[str, Talk] = {}
        self.received: list[tuple[str, str]] = []
        self.forget()
        self._runner: web.AppRunner | None = None

    def forget(self) -> None:
        """Become as new, on the same port."""
        self.talks.clear()
        self.received.clear()
        self.answers: dict[str, Data] = {}
        self.failing: set[str] = set()
        self.refusals: list[Data] = []
        self.missing: set[str] = set()
        self.pages: dict[str, str] = {}
        self.origins: set[str] = set()
        self.held = False
        self.sockets_open = True

    async def start(self) -> None:
        app = web.Application(middlewares=[self._guard])
        app.router.add_post("/chat/session", self._session)
        app.router.add_get("/chat/socket", self._socket)
        app.router.add_post("/chat/messages", self._message)
        app.router.add_get("/chat/news", self._news)
        app.router.add_post("/chat/end", self._end)
        app.router.add_get("/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Close the port and every connection; what was said is kept."""
        for talk in self.talks.values():
            for socket in list(talk.sockets):
                await socket.close(code=WSCloseCode.GOING_AWAY)
        if self._runner:
            await self._runner.cleanup()
        self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Other origins only where they are allowed; for these the answers may be read."""
        origin = request.headers.get("Origin", self.address)
        if origin not in self.origins | {self.address}:
            raise web.HTTPForbidden
        if request.method == "OPTIONS":
            return web.Response(status=204, headers={"Access-Control-Allow-Origin": origin, **PREFLIGHT})
        response = await handler(request)
        if not response.prepared:
            response.headers["Access-Control-Allow-Origin"] = origin
        return response

    # ---- what a test does

    @property
    def talk(self) -> Talk:
        """The latest session's conversation."""
        return list(self.talks.values())[-1]

    def texts(self) -> list[str]:
        """The texts of the visitor's messages that were answered, in order."""
        return [item["text"] for talk in self._all() for item in talk.items if item["from"] == "visitor"]

    async def say(self, said: Data, author: str = "assistant") -> None:
        """Say something that nobody asked for."""
        await self._tell_news(self.talk, [self.talk.add(author, **said)])

    async def tell(self, frame: Data) -> None:
        """Send a frame to all who listen."""
        for socket in list(self.talk.sockets):
            await socket.send_json(frame)
        self.talk.changed.set()

    async def release(self) -> None:
        """Answer what was held, and hold no more."""
        self.held = False
        for message_id, message in list(self.talk.open.items()):
            if message["state"] == "waiting":
                await self._answer(self.talk, message_id)

    def remember(self, *turns: tuple[str, Data]) -> str:
        """A conversation that was held before; returns its token."""
        token = self._new_token(Talk())
        for text, said in turns:
            self.talk.add("visitor", id=secrets.token_hex(8), text=text)
            self.talk.add("assistant", **said)
        return token

    # ---- the protocol

    def _all(self) -> list[Talk]:
        return list({id(talk): talk for talk in self.talks.values()}.values())

    def _new_token(self, talk: Talk) -> str:
        token = secrets.token_urlsafe(16)
        self.talks[token] = talk
        return token

    def _caller(self, request: web.Request) -> Talk:
        talk = self.talks.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if talk is None:
            raise web.HTTPUnauthorized(text=json.dumps({"reason": "session"}), content_type="application/json")
        return talk

    async def _session(self, request: web.Request) -> web.Response:
        talk = self._caller(request) if "Authorization" in request.headers else Talk()
        told = {"expires_in": SECONDS, "characters": 1000, "clinic": "Fennel Street Clinic"}
        return web.json_response({"token": self._new_token(talk), **told})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self.sockets_open:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = await socket.receive_json()
        talk = self.talks.get(hello["token"])
        if talk is None:
            await socket.send_json({"type": "refused", "id": None, "reason": "session", "retry_in": None, "text": ""})
            await socket.close(code=4401)
            return socket
        welcome = {"type": "welcome", "token": hello["token"], "expires_in": SECONDS, **talk.after(hello["after"])}
        talk.sockets.add(socket)
        await socket.send_json(welcome)
        async for message in socket:
            await self._frame(talk, socket, message.json())
        talk.sockets.discard(socket)
        return socket

    async def _frame(self, talk: Talk, socket: web.WebSocketResponse, frame: Mapping[str, Any]) -> None:
        if frame["type"] == "message":
            refusal = self._take(talk, frame)
            await socket.send_json(refusal or {"type": "stored", "id": frame["id"]})
            await self._go_on(talk, frame["id"])
        elif frame["type"] == "earlier":
            await socket.send_json({"type": "earlier", **talk.before(frame["before"])})
        elif frame["type"] == "renew":
            await socket.send_json({"type": "token", "token": self._new_token(talk), "expires_in": SECONDS})
        elif frame["type"] == "end":
            await self._end_talk(talk)

    def _take(self, talk: Talk, frame: Mapping[str, Any]) -> Data | None:
        """Store a message; the refusal where a test asked for one."""
        self.received.append((frame["id"], frame["text"]))
        if self.refusals:
            return {"type": "refused", "id": frame["id"], "retry_in": None, "text": "Not now.", **self.refusals.pop(0)}
        if not talk.knows(frame["id"]):
            kept = {"id": frame["id"], "text": frame["text"], "state": "waiting", "at": now(), "reply": None}
            talk.open[frame["id"]] = kept
        return None

    async def _go_on(self, talk: Talk, message_id: str) -> None:
        message = talk.open.get(message_id)
        if message is None or message["state"] != "waiting":
            return
        if message["text"] in self.failing:
            said = reply("Sorry, that did not work on our side. Please send it again.", kind="error", retry=True)
            talk.open[message_id] = {**message, "state": "failed", "reply": said}
            await self._tell_news(talk, [])
        elif not self.held:
            await self._answer(talk, message_id)

    async def _answer(self, talk: Talk, message_id: str) -> None:
        text = talk.open.pop(message_id)["text"]
        said = self.answers.get(text, reply(f"An answer to: {text}"))
        await self._tell_news(talk, [talk.add("visitor", id=message_id, text=text), talk.add("assistant", **said)])

    async def _tell_news(self, talk: Talk, items: list[Data]) -> None:
        news = {"type": "news", "items": items, "cursor": talk.cursor, "open": list(talk.open.values())}
        for socket in list(talk.sockets):
            await socket.send_json(news)
        talk.changed.set()

    async def _end_talk(self, talk: Talk) -> str:
        receipt = f"R-{secrets.token_hex(4)}"
        self.talks = {token: other for token, other in self.talks.items() if other is not talk}
        for socket in list(talk.sockets):
            await socket.send_json({"type": "ended", "receipt": receipt})
            await socket.close()
        talk.changed.set()
        return receipt

    # ---- the same by requests

    async def _message(self, request: web.Request) -> web.Response:
        talk, frame = self._caller(request), await request.json()
        refusal = self._take(talk, frame)
        if refusal:
            status = {"long": 413, "slow": 429, "busy": 503}.get(refusal["reason"], 400)
            return web.json_response(refusal, status=status)
        await self._go_on(talk, frame["id"])
        return web.json_response({"stored": frame["id"]}, status=202)

    async def _news(self, request: web.Request) -> web.Response:
        talk = self._caller(request)
        if "before" in request.query:
            return web.json_response(talk.before(int(request.query["before"])))
        after = int(request.query["after"])
        if talk.cursor <= after:
            talk.changed.clear()
            await asyncio.wait({asyncio.ensure_future(talk.changed.wait())}, timeout=25)
        self._caller(request)  # it may be over by now
        return web.json_response({**talk.after(after), "moment": []})

    async def _end(self, request: web.Request) -> web.Response:
        return web.json_response({"receipt": await self._end_talk(self._caller(request))})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.path in self.pages:
            return web.Response(text=self.pages[request.path], content_type="text/html", headers=HEADERS)
        name = request.path.rsplit("/", 1)[-1] or "demo.html"
        if request.path in self.missing or not (WIDGET / name).is_file():
            raise web.HTTPNotFound
        return web.FileResponse(WIDGET / name, headers=HEADERS)
