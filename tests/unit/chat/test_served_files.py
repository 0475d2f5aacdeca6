"""The widget's files: what is there is served whole or packed, what was had is not sent again, nothing else is."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.chat.files import FILES, FOLDER, add_files

SCRIPT = "customElements.define('strand-chat', class extends HTMLElement {});\n" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "widget.js").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return tmp_path


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[TestClient]:
    app = web.Application()
    add_files(app, folder)
    opened = TestClient(TestServer(app), auto_decompress=False)
    await opened.start_server()
    yield opened
    await opened.close()


async def test_a_file_is_served_as_what_it_is(client: TestClient) -> None:
    response = await client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Content-Encoding" not in response.headers
    assert await response.text() == SCRIPT


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("br", False),
        ("gzip;q=x", False),
    ],
)
async def test_whoever_can_unpack_it_gets_it_packed(client: TestClient, accepted: str, packed: bool) -> None:
    response = await client.get("/widget.js", headers={"Accept-Encoding": accepted})
    body = await response.read()
    assert (response.headers.get("Content-Encoding") == "gzip") is packed
    assert (gzip.decompress(body) if packed else body).decode() == SCRIPT
    assert "Accept-Encoding" in response.headers["Vary"]


async def test_whoever_has_it_gets_nothing_until_it_changes(client: TestClient, folder: Path) -> None:
    tag = (await client.get("/widget.js")).headers["ETag"]
    again = await client.get("/widget.js", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status, await again.read()) == (304, b"")
    (folder / "widget.js").write_text("changed", encoding="utf-8")
    changed = await client.get("/widget.js", headers={"If-None-Match": tag, "Accept-Encoding": "identity"})
    assert (changed.status, await changed.text()) == (200, "changed")


async def test_nothing_else_is_served(client: TestClient) -> None:
    for place in (
        "/secret.txt",
        "/widget/",
        "/widget/secret.txt",
        "/widget/../secret.txt",
        "/widget/%2e%2e/secret.txt",
    ):
        assert (await client.get(place)).status == 404
    assert (await client.get("/widget/en.json")).status == 404  # it is not in this folder
    assert (await client.post("/widget.js")).status == 405


def test_every_file_is_there() -> None:
    assert [name for name, _ in FILES.values() if not (FOLDER / name).is_file()] == []
