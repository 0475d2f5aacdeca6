"""Calls of the providers' APIs: posted once, answered in time or not at all, with nothing of an answer in an error."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any

from aiohttp import BasicAuth, ClientResponse, ClientSession, ClientTimeout

from bot.errors import DeliveryFailed, MessageRefused
from bot.leads.delivery.http import explained
from bot.leads.delivery.schedule import read_retry_after

SECONDS = 10.0
MOST_BYTES = 256 * 1024
CHUNK_BYTES = 8192


@dataclass(frozen=True)
class Reported:
    """What an API answered: `data` is its JSON object, empty where it is none; header names in any case."""

    status: int
    headers: Mapping[str, str]
    data: Mapping[str, Any]

    @property
    def taken(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300

    def wish(self) -> timedelta | None:
        """How long the provider asks to be left alone for; None where it does not."""
        patient = self.status == HTTPStatus.TOO_MANY_REQUESTS or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return read_retry_after(self.headers.get("Retry-After"), datetime.now(timezone.utc)) if patient else None


async def post(
    http: ClientSession,
    url: str,
    *,
    json: Mapping[str, Any] | None = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    auth: BasicAuth | None = None,
) -> Reported:
    """What came back, whatever its status, within ten seconds; raises DeliveryFailed where nothing did."""
    # A token may stand in the address, so no error of the client's is passed on as it is.
    more: dict[str, Any] = {"timeout": ClientTimeout(total=SECONDS), "allow_redirects": False}
    with explained():
        try:
            async with http.post(url, json=json, data=form, headers=headers, auth=auth, **more) as response:
                return Reported(response.status, response.headers, _object(await _read(response)) or {})
        except asyncio.TimeoutError:  # some of the client's errors are this one too
            raise DeliveryFailed(f"no answer within {SECONDS:g} s") from None


async def _read(response: ClientResponse) -> bytes:
    body = b""
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        body += chunk
        if len(body) > MOST_BYTES:
            return b""
    return body


def _object(text: bytes | str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # not UTF-8, no JSON, or nested without end
        return None
    return found if isinstance(found, dict) else None


def read_object(text: bytes | str) -> dict[str, Any]:
    """The JSON object that a request holds; raises MessageRefused where it holds none."""
    found = _object(text)
    if found is None:
        raise MessageRefused("a JSON object is wanted")
    return found


def at(data: Any, *path: str) -> Any:
    """What stands in an object at a path of keys; None where there is no such place."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def text_at(data: Any, *path: str) -> str:
    """The text at a path; empty where there is none."""
    found = at(data, *path)
    return found if isinstance(found, str) else ""


def objects_at(data: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at a path; none where there is no list."""
    found = at(data, *path)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
