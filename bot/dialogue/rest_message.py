"""Reads the body of a request to the REST channel."""

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from bot.errors import MessageRefused

MOST_BYTES = 256 * 1024
SENDER_CHARACTERS = 255


@dataclass(frozen=True)
class RestMessage:
    """One message and the conversation that it belongs to."""

    sender: str
    message: str
    metadata: dict[str, Any] | None


def read_message(body: bytes) -> RestMessage:
    """The message of a request's body; raises MessageRefused."""
    data = _read_json(body)
    if not isinstance(data, dict):
        raise MessageRefused('the body must be a JSON object like {"sender": "…", "message": "…"}')
    sender, message, metadata = data.get("sender"), data.get("message"), data.get("metadata")
    if not isinstance(sender, str) or not _is_name(sender):
        raise MessageRefused(f"sender must be a text of 1 to {SENDER_CHARACTERS} printable characters")
    if not isinstance(message, str):
        raise MessageRefused("message must be a text")
    if not isinstance(metadata, dict | None):
        raise MessageRefused("metadata must be an object")
    return RestMessage(sender, message, metadata)


def _read_json(body: bytes) -> Any:
    if len(body) > MOST_BYTES:
        raise MessageRefused(f"the body is longer than {MOST_BYTES} bytes", status=413)
    try:
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MessageRefused("the body is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise MessageRefused("the body is not JSON") from error


def _is_name(sender: str) -> bool:
    return 0 < len(sender) <= SENDER_CHARACTERS and not any(unicodedata.category(each)[0] == "C" for each in sender)
