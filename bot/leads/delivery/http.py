"""Posts JSON to a webhook: guarded against private addresses, no redirects, and nothing of the answer is kept."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from yarl import URL

from bot.errors import DeliveryFailed
from bot.leads.delivery.guard import PublicResolver, require_public_host
from bot.leads.delivery.schedule import read_retry_after
from bot.leads.delivery.sending import explain

CONNECTIONS = 100
PATIENT = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
HEADERS = {"Content-Type": "application/json", "User-Agent": "Strand"}


@contextmanager
def explained() -> Iterator[None]:
    """Have the HTTP client's errors raised as DeliveryFailed, in a few words: its own may hold the address, and with it
    a secret."""
    try:
        yield
    except ClientConnectorCertificateError:
        raise DeliveryFailed("the certificate is not trusted") from None
    except ClientConnectorError as error:
        raise DeliveryFailed(explain(error.os_error)) from None
    except ClientError as error:
        raise DeliveryFailed(f"the connection broke: {type(error).__name__}") from None


class Poster:
    """One HTTP client for all webhooks; `private` lets it connect to private addresses. Make it in a running loop."""

    def __init__(self, private: bool) -> None:
        self._private = private
        resolver = None if private else PublicResolver()
        connector = TCPConnector(resolver=resolver, limit=CONNECTIONS)
        # Time is limited around the whole try, so aiohttp's own clocks are off.
        self._session = ClientSession(
            connector=connector, cookie_jar=DummyCookieJar(), headers=HEADERS, timeout=ClientTimeout(total=None)
        )

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> str:
        """What came back, like HTTP 200; raises DeliveryFailed unless that is a 2xx."""
        address = URL(url)
        if not self._private:
            require_public_host(address.raw_host or "")
        with explained():
            async with self._session.post(address, data=body, headers=headers, allow_redirects=False) as response:
                return _judge(response.status, response.headers.get("Retry-After"), now)

    async def close(self) -> None:
        """End all connections."""
        await self._session.close()
        await asyncio.sleep(0)  # aiohttp closes its sockets in the loop's next round


def _judge(status: int, retry_after: str | None, now: datetime) -> str:
    if 200 <= status < 300:
        return f"HTTP {status}"
    wish = read_retry_after(retry_after, now) if status in PATIENT else None
    raise DeliveryFailed(f"HTTP {status}", wish, gone=status == HTTPStatus.GONE)
