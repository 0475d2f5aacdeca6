"""The vectors of questions, kept in memory: they take milliseconds each to make. Words are not kept."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from aiohttp import web

from bot.staff.context import Vectors
from bot.staff.gaps.clusters import Floats
from bot.staff.gaps.questions import Question
from bot.transcripts.reviews import Turn

# Some months of questions, in about 8 MB.
MOST = 5000


class VectorCache:
    """The vectors of the questions that were asked for last."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[Turn, Floats] = OrderedDict()
        self._most = most
        self._one_at_once = asyncio.Lock()

    async def of(self, questions: Sequence[Question], encode: Callable[[Sequence[str]], Vectors]) -> Floats:
        """A row for each question; those that are new are made in a thread."""
        async with self._one_at_once:
            new = [question for question in questions if question.turn not in self._kept]
            if new:
                made = await asyncio.to_thread(encode, [question.text for question in new])
                for question, vector in zip(new, made, strict=True):
                    self._kept[question.turn] = np.asarray(vector, np.float32)
            for question in questions:
                self._kept.move_to_end(question.turn)
            found = [self._kept[question.turn] for question in questions]
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return np.stack(found) if found else np.zeros((0, 1), np.float32)


VECTORS = web.AppKey("gap_vectors", VectorCache)
