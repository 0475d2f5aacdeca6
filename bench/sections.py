"""The sections of the suite; each measures both systems in turns and returns its rows."""

import json
import statistics
import subprocess
import sys
import time
import uuid
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field

from bench.client import Job, Result
from bench.figures import Row, Wanted, median_around, ratio_at_most
from bench.plan import Plan
from bench.processes import JOB_SECONDS, Show, environment, run_job
from bench.systems import ACTION_TEXT, QUESTIONS, Running, Stock, Strand
from bot.cli.inputs import model_path
from bot.errors import StrandError
from bot.settings import PROJECT, settings

LATENCY_WANTED = {1: 3.0, 200: 15.0, 500: 30.0}


@dataclass
class Bench:
    """Both systems, how much to measure, who hears of the progress, and what was strange on the way."""

    strand: Strand
    stock: Stock
    plan: Plan
    show: Show
    notes: list[str] = field(default_factory=list)

    def do(self, running: Running, name: str, **how: object) -> Result:
        """A job against one system, by a client process of its own; raises StrandError where the client fails."""
        kept = {"url": running.url, "texts": running.texts, "kind": running.kind, "token": running.token}
        job = Job(**{**kept, "sender": uuid.uuid4().hex, **how})  # type: ignore[arg-type]  # the callers know the fields
        printed = run_job("bench.client", asdict(job), f"the load client against {name} failed", environment())
        result = Result(**json.loads(printed))
        if result.strange:
            self.notes.append(f"{name}: {result.strange} of {len(result.milliseconds)} replies were not as expected")
        return result


@dataclass(frozen=True)
class Pair:
    """Both systems while they answer."""

    strand: Running
    stock: Running

    def named(self) -> tuple[tuple[str, Running], ...]:
        """The systems in the order in which they take their turns."""
        return (("stock", self.stock), ("Strand", self.strand))


def _fresh(bench: Bench, pair: Pair) -> dict[str, list[list[float]]]:
    """The milliseconds of the first turns of new conversations, a list a conversation."""
    found: dict[str, list[list[float]]] = {"stock": [], "Strand": []}
    for place in range(bench.plan.fresh_conversations):
        for name, running in pair.named():
            found[name].append(bench.do(running, name, turns=bench.plan.fresh_turns).milliseconds)
        bench.show("Latency in new conversations", place + 1, bench.plan.fresh_conversations)
    return found


def _long(bench: Bench, pair: Pair) -> dict[str, list[float]]:
    """The milliseconds of every turn of one long conversation, measured in chunks that alternate."""
    found: dict[str, list[float]] = {"stock": [], "Strand": []}
    sender = uuid.uuid4().hex
    for first in range(1, bench.plan.long_turns + 1, bench.plan.chunk):
        turns = min(bench.plan.chunk, bench.plan.long_turns - first + 1)
        for name, running in pair.named():
            result = bench.do(running, name, sender=sender, first_turn=first, turns=turns)
            found[name] += result.milliseconds
        bench.show("Latency in a long conversation", first + turns - 1, bench.plan.long_turns)
    return found


def _action_latency(bench: Bench, pair: Pair) -> float:
    """The stock assistant's custom action in new conversations, at its first turn."""
    firsts = [
        bench.do(pair.stock, "stock's action", texts=[ACTION_TEXT], turns=1).milliseconds[0]
        for _ in range(bench.plan.action_turns)
    ]
    return statistics.median(firsts)


def latency(bench: Bench, pair: Pair) -> list[Row]:
    """HTTP in to reply out, medians, at the marked turns."""
    fresh = _fresh(bench, pair)
    first = {name: statistics.median(turns[0] for turns in lists) for name, lists in fresh.items()}
    fifth = {name: statistics.median([took for turns in lists for took in turns[3:6]]) for name, lists in fresh.items()}
    long = _long(bench, pair)
    rows = [Row("latency at turn 1", "ms", first["Strand"], first["stock"], ratio_at_most(LATENCY_WANTED[1]))]
    for turn in bench.plan.marks:
        at = {name: median_around(long[name], turn, bench.plan.reach) for name in long}
        wanted = ratio_at_most(LATENCY_WANTED[turn]) if turn in LATENCY_WANTED else None
        rows.append(Row(f"latency at turn {turn}", "ms", at["Strand"], at["stock"], wanted))
    last = max(bench.plan.marks)
    growth = {name: median_around(long[name], last, bench.plan.reach) / fifth[name] for name in long}
    flat = Wanted("value", "≤", 1.15, "≤ 1.15")
    rows.append(Row(f"turn {last} against turn 5", "times", growth["Strand"], growth["stock"], flat))
    action = _action_latency(bench, pair)
    return [*rows, Row("turn 1, stock by a custom action", "ms", first["Strand"], action)]


def _rate(result: Result) -> float:
    return len(result.milliseconds) / result.seconds


def throughput(bench: Bench, pair: Pair) -> list[Row]:
    """Messages a second, one conversation at a time and a crowd of them; the median of the rounds."""
    rows = []
    for conversations in (1, bench.plan.crowd):
        rates: dict[str, list[float]] = {"stock": [], "Strand": []}
        for turn in range(bench.plan.load_rounds):
            for name, running in pair.named():
                how = {"turns": bench.plan.load_turns, "seconds": bench.plan.load_seconds}
                rates[name].append(_rate(bench.do(running, name, conversations=conversations, **how)))
            bench.show(f"Messages a second, {conversations} at once", turn + 1, bench.plan.load_rounds)
        wanted = Wanted("ratio", "≥", 3.0, "≥ 3") if conversations > 1 else None
        medians = {name: statistics.median(values) for name, values in rates.items()}
        words = f"throughput, {conversations} conversation{'s' if conversations > 1 else ''}"
        rows.append(Row(words, "messages/s", medians["Strand"], medians["stock"], wanted))
    return rows


def memory(bench: Bench, pair: Pair) -> list[Row]:
    """Resident memory after some conversations."""
    bench.show("Memory")
    for name, running in pair.named():
        bench.do(running, name, turns=bench.plan.fresh_turns)
    held = {name: running.process.resident_megabytes() for name, running in pair.named()}
    rows = [Row("resident memory", "MB", held["Strand"], held["stock"], Wanted("ratio", "≤", 2 / 3, "≤ 2/3"))]
    beside = [process.resident_megabytes() for process in pair.stock.helpers]
    if held["stock"] is None or not beside:
        return rows
    whole = held["stock"] + sum(filter(None, beside))
    return [*rows, Row("the same, stock with its action server", "MB", held["Strand"], whole)]


def _seconds_to_answer(system: AbstractContextManager[Running]) -> float:
    begun = time.perf_counter()
    with system:
        return time.perf_counter() - begun


def start(bench: Bench) -> list[Row]:
    """From the start of the process to the first answer, the model trained; a first start of each is not counted."""
    seconds: dict[str, list[float]] = {"stock": [], "Strand": []}
    for turn in range(bench.plan.starts + 1):
        taken = {
            "stock": _seconds_to_answer(bench.stock.running(with_actions=False)),
            "Strand": _seconds_to_answer(bench.strand.running()),
        }
        for name, value in taken.items():
            seconds[name] += [value] if turn else []
        bench.show("Start to first answer", turn + 1, bench.plan.starts + 1)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return [Row("start to first answer", "s", medians["Strand"], medians["stock"], ratio_at_most(5))]


def training(bench: Bench, stock_seconds: float) -> list[Row]:
    """Training from nothing, and when nothing has changed; the stock assistant's was timed when it was made."""
    bench.show("Training from nothing")
    from_nothing = bench.strand.train()
    unchanged = bench.strand.train_unchanged()
    return [
        Row("training from nothing", "s", from_nothing, stock_seconds, Wanted("value", "≤", 60.0, "≤ 60 s")),
        Row("training, nothing changed", "s", unchanged, None, Wanted("value", "≤", 1.0, "≤ 1 s")),
    ]


def safety(bench: Bench) -> list[Row]:
    """What the screen for danger and the readers cost a message, of all that the language components cost it."""
    bench.show("The screen and the readers")
    job = {"model": str(model_path(settings())), "texts": QUESTIONS, "rounds": bench.plan.parse_rounds}
    done = subprocess.run(
        [sys.executable, "-m", "bench.language"],
        cwd=PROJECT,
        env=environment(),
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=JOB_SECONDS,
        check=False,
    )
    if done.returncode:
        raise StrandError(f"the language components failed: {done.stderr.strip().splitlines()[-1:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    both = found["RedFlagScreen"] + found["AnswerReader"]
    return [
        Row("screen and readers, a message", "ms", both, None, Wanted("value", "≤", 3.0, "≤ 3 ms")),
        Row("all language components", "ms", found["message"], None),
    ]
