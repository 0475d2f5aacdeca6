"""The console's own files: its style, its one script, its icon."""

from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
FILES = {"console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"}


def add_routes(app: web.Application) -> None:
    """Add `/static/…` and `/health`."""
    app.router.add_get("/static/{name}", _file, name="static")
    app.router.add_get("/health", _health, name="health")


async def _file(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    body = (FOLDER / name).read_bytes()
    return web.Response(
        body=body, content_type=FILES[name], charset="utf-8", headers={"Cache-Control": "private, max-age=300"}
    )


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
