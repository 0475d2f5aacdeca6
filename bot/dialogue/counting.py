"""Counts turns: what they were, how long they took, which danger they spoke of. What is not kept is not counted."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot import metrics
from bot.dialogue.notices import Messages
from bot.transcripts.turn import Turn

SILENT = "none"
ERROR = "error"


@contextmanager
def timed(turn: Turn, channel: str) -> Iterator[None]:
    """Take the time of a turn's work, however it ends."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        if turn.kept:
            metrics.turn_seconds.labels(channel=channel).observe(time.perf_counter() - begun)


def count_answer(turn: Turn, channel: str, replies: Messages) -> None:
    """Count a turn whose replies are stored."""
    if not turn.kept:
        return
    payload = next((reply["custom"] for reply in replies if "custom" in reply), {"kind": SILENT})
    metrics.turns.labels(kind=str(payload.get("kind")), channel=channel).inc()
    if "class" in payload:
        metrics.red_flags.labels(str(payload["class"])).inc()


def count_error(turn: Turn, channel: str) -> None:
    """Count a turn that the visitor hears an apology of."""
    if turn.kept:
        metrics.turns.labels(kind=ERROR, channel=channel).inc()


def count_failure(turn: Turn | None, where: str) -> None:
    """Count an error that was caught at an edge, unless it is that of a turn that is not kept."""
    if turn is None or turn.kept:
        metrics.failures.labels(where=where).inc()
