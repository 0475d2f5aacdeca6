"""Starts children that have their imports behind them: `python -m bench.crash.nursery` forks one for each line.

A line is a JSON object: `do` names the work, the rest are its arguments. The answer is a line too: the child's exit
status as subprocess has it (-9 for one that was killed), and what its work returned. It uses the environment's keys.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

from bench.crash.child import Play, Round, play
from bench.crash.facts import facts
from bot.storage.schema import migrate

CHILD_SECONDS = 60


def _play(rounds: list[dict[str, Any]], **job: Any) -> None:
    asyncio.run(play(Play(rounds=[Round(**one) for one in rounds], **job)))


WORK: Mapping[str, Callable[..., Any]] = {"migrate": migrate, "play": _play, "facts": facts}


def _work(job: dict[str, Any], answer: int) -> None:
    """The child's life."""
    signal.alarm(CHILD_SECONDS)
    done = WORK[job.pop("do")](**job)
    with os.fdopen(answer, "w") as out:
        json.dump(done, out)


def _raise_child(job: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            _work(job, writing)
            status = 0
        except BaseException:  # the child's edge: the traceback goes to the nursery's log
            sys.excepthook(*sys.exc_info())
            sys.stderr.flush()
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "answer": json.loads(text) if text else None}


def main() -> None:
    """Read jobs until there are no more."""
    for line in sys.stdin:
        print(json.dumps(_raise_child(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
