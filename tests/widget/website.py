"""Somebody else's website that has the widget on its pages."""

from aiohttp import web
from playwright.async_api import Page, expect

COUNT_CLICKS = "() => { document.querySelector('#theirs').onclick = () => { clicked = (window.clicked ?? 0) + 1; }; }"


class Site:
    """A website on a port of its own, with a policy as strict as one can be that embeds a chat from elsewhere."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.address = ""
        self.chat = "http://127.0.0.1:*"
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/{name}", self._page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def policy(self) -> str:
        """What docs/widget.md asks of a page with a strict policy."""
        return f"default-src 'none'; style-src 'self'; script-src {self.chat}; connect-src {self.chat} {self._socket}"

    @property
    def _socket(self) -> str:
        return self.chat.replace("http", "ws")

    async def stop(self) -> None:
        assert self._runner
        await self._runner.cleanup()

    def put(self, head: str = "", body: str = "") -> str:
        """The address of a page with a button of its own."""
        top = f'<!doctype html><html lang="en"><head><title>Theirs</title>{head}</head>'
        self.pages["page"] = f'{top}<body><h1>Theirs</h1><button id="theirs">Buy</button>{body}</body></html>'
        return f"{self.address}/page"

    async def _page(self, request: web.Request) -> web.Response:
        text = self.pages.get(request.match_info["name"])
        if text is None:
            raise web.HTTPNotFound
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": self.policy})


async def is_whole(page: Page) -> None:
    """The page's own button can be clicked, and nothing of the widget is to be seen."""
    await page.evaluate(COUNT_CLICKS)
    await page.locator("#theirs").click()
    assert await page.evaluate("window.clicked") == 1
    await expect(page.locator("strand-chat [part=launcher]")).to_have_count(0)
