"""Reads replies as a visitor does."""

import asyncio
import time
from collections.abc import Callable
from typing import Any


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message["text"] for message in messages if "text" in message]


def payload(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The turn's payload, of which there is exactly one."""
    payloads = [message["custom"] for message in messages if "custom" in message]
    assert len(payloads) == 1, messages
    found: dict[str, Any] = payloads[0]
    return found


def may_be_sent_again(messages: list[dict[str, Any]]) -> bool:
    """Whether the visitor was told, in words, that the turn failed and that they can try again."""
    return payload(messages) == {"kind": "error", "retry": True} and len(texts(messages)) == 1


async def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until `condition` holds; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.01)


async def longest_freeze(until: "asyncio.Future[Any]") -> float:
    """The longest time, in seconds, that the event loop stood still before `until` was done."""
    longest, last = 0.0, time.monotonic()
    while not until.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    return longest
