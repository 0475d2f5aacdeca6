"""Where the web chat answers."""

from aiohttp import web

from bot.addresses import client_address
from bot.chat.answers import retry_after
from bot.chat.web.chats import BUSY_SECONDS, Chats, refuse
from bot.chat.web.hub import Hub
from bot.chat.web.polling import Polling
from bot.chat.web.socket import Socket
from bot.dialogue.intake import Intake
from bot.settings import Settings


def add_web_chat(app: web.Application, settings: Settings, intake: Intake) -> None:
    """Serve web chats on an inbox, until the application shuts down: browsers then hear that it goes away."""
    hub = Hub()
    intake.listen(hub.hear)
    chats = Chats(settings, intake, hub)
    polling = Polling(chats)
    app.router.add_post("/chat/session", polling.session)
    app.router.add_post("/chat/messages", polling.say)
    app.router.add_get("/chat/news", polling.news)
    app.router.add_post("/chat/end", polling.end)
    app.router.add_get("/chat/socket", Sockets(chats).open)

    async def close(_app: web.Application) -> None:
        await hub.close()

    app.on_shutdown.append(close)  # type: ignore[arg-type]  # aiohttp's own type for these is one call too deep


class Sockets:
    """Opens WebSockets, so many for one internet address."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Serve a WebSocket until it is closed."""
        place = client_address(request, self._chats.settings.proxies)
        if self._chats.hub.closed or not self._chats.places.take(place):
            refusal = refuse("slow", BUSY_SECONDS)
            return web.json_response(refusal.frame(), status=429, headers=retry_after(refusal.retry_in))
        try:
            return await Socket(self._chats, place).run(request)
        finally:
            self._chats.places.leave(place)
