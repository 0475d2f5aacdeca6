"""Serves the widget's files, each under its name and no others."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.chat.answers import error

FOLDER = Path(__file__).parent / "widget"
FILES = {
    "/": ("demo.html", "text/html"),
    "/demo.css": ("demo.css", "text/css"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/widget.js": ("widget.js", "text/javascript"),
    "/widget/en.json": ("en.json", "application/json"),
    "/widget/es.json": ("es.json", "application/json"),
}
CACHE = "public, max-age=300"


@dataclass(frozen=True)
class _Content:
    changed: int
    plain: bytes
    packed: bytes
    tag: str


class File:
    """A file as it is at present; read again when it has changed."""

    def __init__(self, path: Path, content_type: str) -> None:
        self._path = path
        self._content_type = content_type
        self._content: _Content | None = None

    def _read(self) -> _Content:
        changed = self._path.stat().st_mtime_ns
        if self._content is None or self._content.changed != changed:
            plain = self._path.read_bytes()
            packed = gzip.compress(plain, mtime=0)
            self._content = _Content(changed, plain, packed, hashlib.sha256(plain).hexdigest()[:32])
        return self._content

    async def get(self, request: web.Request) -> web.Response:
        """The file, packed for those who can unpack it; nothing for those who have it."""
        try:
            content = self._read()
        except OSError:
            return error(404, "this file is not installed")
        headers = {"ETag": f'"{content.tag}"', "Cache-Control": CACHE, "Vary": "Accept-Encoding"}
        if _has(request, content.tag):
            return web.Response(status=304, headers=headers)
        body = content.plain
        if _unpacks(request):
            body, headers["Content-Encoding"] = content.packed, "gzip"
        return web.Response(body=body, headers=headers, content_type=self._content_type, charset="utf-8")


def _has(request: web.Request, tag: str) -> bool:
    return any(known.value in (tag, "*") for known in request.if_none_match or ())


def _unpacks(request: web.Request) -> bool:
    accepted = request.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(",")
    return "gzip" in accepted or any(each.startswith("gzip;q=") and float_of(each[7:]) > 0 for each in accepted)


def float_of(text: str) -> float:
    """The number that a text is; 0 for one that is none."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def add_files(app: web.Application, folder: Path = FOLDER) -> None:
    """Serve the files of `folder`."""
    for place, (name, content_type) in FILES.items():
        app.router.add_get(place, File(folder / name, content_type).get)
