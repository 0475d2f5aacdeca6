"""Answers of the chat role in JSON, also to what goes wrong."""

import json
import logging
import math
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.metrics import failures

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

logger = logging.getLogger(__name__)


def error(status: int, reason: str) -> web.Response:
    """A refusal with its reason."""
    return web.json_response({"error": reason}, status=status)


def retry_after(seconds: float | None) -> dict[str, str]:
    """The header that says after how many seconds it is worth to ask again."""
    return {} if seconds is None else {"Retry-After": str(max(1, math.ceil(seconds)))}


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns whatever a handler raises into JSON."""
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        refusal.text = json.dumps({"error": refusal.reason})
        refusal.content_type = "application/json"
        raise
    except Exception:  # the edge of the process: the traceback is for the log, never for the caller
        failures.labels(where="request").inc()
        logger.exception("a request failed")
        return error(500, "something went wrong on this side")
