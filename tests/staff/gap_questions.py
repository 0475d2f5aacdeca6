"""Visitors whose questions got no good answer, as their turns leave them in the database; and how alike they are."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

import numpy as np
from console import Console, opened
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.staff.context import ChatLink
from bot.transcripts.tables import conversations, tracker_events, turns

SUBJECTS = ("halal", "shampoo", "dog", "cost", "price")
RELIGION = "cell_sources.religion_ethics"


def encode(texts: Sequence[str]) -> list[list[float]]:
    """Vectors by which texts are alike that have the same subject in them; others are like nothing else."""
    return [_vector(text) for text in texts]


def _vector(text: str) -> list[float]:
    found = next((place for place, subject in enumerate(SUBJECTS) if subject in text.casefold()), None)
    if found is None:
        chance = np.random.default_rng(list(text.encode())).normal(size=64)
    else:
        chance = np.zeros(64)
        chance[found] = 1
    return (chance / np.linalg.norm(chance)).tolist()


@asynccontextmanager
async def gap_console(counted: list[str] | None = None) -> AsyncIterator[Console]:
    """A console whose encoder knows some subjects; `counted` gets every text that it was given."""

    def counting(texts: Sequence[str]) -> list[list[float]]:
        if counted is not None:
            counted.extend(texts)
        return encode(texts)

    async with opened(ChatLink(lambda _: nullcontext(), lambda *_: None, counting)) as console:
        yield console


async def asks(console: Console, conversation: str, text: str, kind: str = "out_of_scope", **turn: Any) -> None:
    """A conversation of one turn, in which a visitor asks something; `turn` is more of what the turn was."""
    at = console.clock()
    await console.run(lambda session: put_turn(session, conversation, text, kind, at, **turn))


def put_turn(
    session: Session,
    conversation: str,
    text: str,
    kind: str,
    at: datetime,
    entries: Sequence[str | None] = (None,),
    likeliest: str = "cost.session_price",
    verdict: str = "none",
    language: str | None = None,
    name: str | None = None,
    channel: str = "web",
    **others: Any,
) -> None:
    """Store the rows of such a turn."""
    slots = {"handoff": {"name": name}} if name else {}
    snapshot = json.dumps({"slots": slots, "loop": None, "paused": False})
    row = {"id": conversation, "last_sequence": 3, "snapshot": snapshot, "updated_at": at, "channel": channel}
    session.execute(insert(conversations).values(row))
    part = {"text": text, "verdict": verdict, "confidence": 0.4, "candidates": [[likeliest, 0.4]]}
    parsed = {"text": text, "understanding": {"parts": [part], "question": None, "language": language}}
    said = {"event": "user", "timestamp": at.timestamp(), "text": text, "parse_data": parsed, "metadata": {}}
    told = {"event": "bot", "timestamp": at.timestamp(), "text": "I can't help with that one.", "data": {}}
    for sequence, event in ((2, said), (3, told)):
        stored = {"conversation_id": conversation, "sequence": sequence, "type": event["event"]}
        stored |= {"timestamp": at.timestamp(), "data": json.dumps(event)}
        session.execute(insert(tracker_events).values(stored))
    rows = {"conversation_id": conversation, "sequence": 2, "at": at, "channel": channel, "kind": kind, **others}
    for place, entry in enumerate(entries):
        session.execute(insert(turns).values({**rows, "place": place, "entry": entry}))
