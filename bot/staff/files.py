"""The console's own files: its style, its one script, its icon."""

from hashlib import sha256
from pathlib import Path

from aiohttp import ETag, web

FOLDER = Path(__file__).parent / "static"
FILES = {"console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"}
# Kept, and asked for again each time: what has not changed is not sent anew, and what has is never mixed with the old.
CACHING = {"Cache-Control": "private, no-cache"}


def add_routes(app: web.Application) -> None:
    """Add `/static/…` and `/health`."""
    app.router.add_get("/static/{name}", _file, name="static")
    app.router.add_get("/health", _health, name="health")


async def _file(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    body = (FOLDER / name).read_bytes()
    tag = sha256(body).hexdigest()[:32]
    if ETag(value=tag) in (request.if_none_match or ()):
        answer = web.Response(status=304, headers=CACHING)
    else:
        answer = web.Response(body=body, content_type=FILES[name], charset="utf-8", headers=CACHING)
    answer.etag = tag
    return answer


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
