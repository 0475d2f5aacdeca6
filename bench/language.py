"""What the screen for danger and the readers cost a message: the language components with their times apart."""

import asyncio
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import wraps
from pathlib import Path
from typing import Any


def _timed(kind: type, spent: dict[str, list[float]]) -> None:
    """Keep the milliseconds of each call of a component."""
    process = kind.process  # type: ignore[attr-defined]  # every component of a pipeline has it

    @wraps(process)
    def timed(self: Any, messages: list[Any]) -> list[Any]:
        begun = time.perf_counter()
        done: list[Any] = process(self, messages)
        spent[kind.__name__].append((time.perf_counter() - begun) * 1000)
        return done

    kind.process = timed  # type: ignore[attr-defined]  # every component of a pipeline has it


async def _parse(model: Path, texts: Sequence[str], rounds: int) -> dict[str, float]:
    from bot.dialogue.assistant import load
    from bot.language.answer_component import AnswerReader
    from bot.language.screen_component import RedFlagScreen

    spent: dict[str, list[float]] = defaultdict(list)
    for kind in (RedFlagScreen, AnswerReader):  # before the graph takes hold of their methods
        _timed(kind, spent)
    assistant = await load(model, throwaway=True)
    await assistant.agent.parse_message(texts[0])  # the first message makes what is made once
    for values in spent.values():
        values.clear()
    for _ in range(rounds):
        for text in texts:
            begun = time.perf_counter()
            await assistant.agent.parse_message(text)
            spent["message"].append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(values) for name, values in spent.items()}


def main() -> None:
    """Read a job from standard input (model, texts, rounds), and print medians in milliseconds by name."""
    job = json.loads(sys.stdin.read())
    found = asyncio.run(_parse(Path(job["model"]), job["texts"], job["rounds"]))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
