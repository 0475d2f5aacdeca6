"""One database, one receiver and the children that die between them; every fault is followed by a verdict."""

import json
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.crash.child import Play, Round
from bench.crash.facts import KINDS, Verdict, judge
from bench.crash.faults import Strike
from bench.crash.log import Log
from bench.crash.receiver import Receiver
from bench.processes import environment
from bot.errors import StrandError
from bot.settings import PROJECT

ANSWER_SECONDS = 90.0
KILLED = -9


class Nursery:
    """Children on request, with the keys of a state directory; ended when the `with` block is left."""

    def __init__(self, state: Path, log: Path) -> None:
        command = [sys.executable, "-m", "bench.crash.nursery"]
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=environment(STRAND_ENV="development", STRAND_STATE_DIR=str(state)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def do(self, work: str, **how: Any) -> tuple[int, Any]:
        """A child's exit status and answer; raises StrandError with the log's end where it failed by itself."""
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise StrandError("the nursery has no pipes")
        print(json.dumps({"do": work, **how}), file=process.stdin, flush=True)
        ready, _, _ = select.select([process.stdout], [], [], ANSWER_SECONDS)
        line = process.stdout.readline() if ready else ""
        done = json.loads(line) if line else {"status": None, "answer": None}
        if done["status"] not in (0, KILLED):
            raise StrandError(f"a child failed ({done['status']}) at {work}:\n{self._log.read_text()[-3000:]}")
        return done["status"], done["answer"]


@dataclass
class Tally:
    """What happened on a stage, in numbers; `wrong` has each sentence of the verdicts once, by kind, with its fault."""

    steps: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    wrong: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in KINDS})

    @property
    def struck(self) -> int:
        """How many faults there were."""
        return sum(self.faults.values())

    @property
    def sentences(self) -> list[str]:
        """What is wrong, and after which fault that was first seen."""
        return [f"{kind}: {what} ({after})" for kind in KINDS for what, after in self.wrong[kind].items()]

    def take(self, verdict: Verdict, after: str) -> None:
        """Note what is wrong after a fault."""
        for kind in KINDS:
            for sentence in getattr(verdict, kind):
                self.wrong[kind].setdefault(sentence, after)


class Stage:
    """Plays on the database of an address; its tables are made where they are missing."""

    def __init__(self, url: str, state: Path, folder: Path, seed: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.url, self.tally = url, Tally()
        self._state, self._folder = state, folder
        self.log = Log(folder / "told.jsonl")  # where the children write what they said
        self.receiver = Receiver(seed)
        self.conversations: list[str] = []
        self._ending = ExitStack()

    def __enter__(self) -> "Stage":
        self._ending.callback(self.receiver.server_close)
        self._ending.callback(self.receiver.shutdown)
        self.nursery = self._ending.enter_context(Nursery(self._state, self._folder / "children.txt"))
        self.nursery.do("migrate", url=self.url)
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def new_conversations(self, count: int, name: str = "conversation") -> tuple[str, ...]:
        """Conversations that there were not before, named `name` and a number."""
        first = len(self.conversations) + 1
        made = tuple(f"{name} {number}" for number in range(first, first + count))
        self.conversations += made
        return made

    def play(self, rounds: Sequence[Round], again: Iterable[Strike] = (), every: bool = False) -> None:
        """Play `rounds` to their end; where a child is killed, the next one takes over its round, and goes on.

        One that takes over is struck as `again` says, if at all. Raises StrandError where a child fails by itself.
        """
        left, more = list(rounds), iter(again)
        while left:
            over, hits = len(self.log.of("over")), len(self.log.of("hit"))
            job = Play(self.url, self.receiver.url, str(self.log.path), left, every)
            status, _ = self.nursery.do("play", **asdict(job))
            struck = self.log.of("hit")[hits:]
            self.tally.faults.update(fault for fault, _ in struck)
            self.tally.steps.update(name for _, name in struck)
            left = left[len(self.log.of("over")) - over :]
            if status == KILLED:
                if not struck or struck[-1][0] != "kill":
                    raise StrandError("a child was killed, and not by this test")
                self.tally.restarts += 1
                fault, at = next(more, ("none", 0))
                left[0] = replace(left[0], fault=fault, at=at)

    def check(self, after: str, chain: bool = True) -> None:
        """Compare what was said, what is stored and what arrived since the stage was opened; `chain`: the audit too."""
        _, found = self.nursery.do("facts", url=self.url, chain=chain)
        kept, refused = self.receiver.kept_so_far()
        self.tally.take(judge(found, self.conversations, self.log.of("sent"), kept, refused), after)
