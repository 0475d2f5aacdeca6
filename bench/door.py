"""The sections of the web chat: what the way through the door costs, idle chats, and a crowd of them. Strand alone."""

import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from bench.databases import SQLITE, databases
from bench.figures import Row, Wanted
from bench.plan import Plan
from bench.processes import Show, environment, raise_file_limit, run_job
from bench.systems import Running, Strand
from bench.web_client import PLACE, Job, Result

MEGABYTES = Wanted("value", "≤", 100.0, "≤ 100 MB")
ADDED = Wanted("value", "≤", 3.0, "≤ 3 ms")
NO_SLOWER = Wanted("value", "≤", 1.1, "≤ 1.1")
NONE = Wanted("value", "≤", 0.0, "none")


class Chats:
    """A running Strand on a database of the kind `name`, how much to measure, and what was strange on the way."""

    def __init__(self, name: str, running: Running, plan: Plan, notes: list[str]) -> None:
        self.name, self.plan = name, plan
        self._running, self._notes = running, notes

    def do(self, measure: str, turns: int, chats: int = 1, seconds: float = 0.0) -> Result:
        """A job by a client process of its own; raises StrandError where that fails."""
        running = self._running
        at = running.url.removesuffix(PLACE)
        job = Job(measure, at, running.texts, running.kind, running.token, turns, chats, seconds, running.process.pid)
        failed = f"the web chats' load client failed, {measure}, {self.name}"
        result = Result(**json.loads(run_job("bench.web_client", asdict(job), failed, environment())))
        self._note(measure, result)
        return result

    def _note(self, measure: str, result: Result) -> None:
        said = [*dict.fromkeys(result.wrong)]
        said += [f"{result.strange} replies were not as expected"] if result.strange else []
        said += [f"{result.put_off} messages were put off, and sent again"] if result.put_off else []
        self._notes += [f"{measure}, {self.name}: {sentence}" for sentence in said]


def door(chats: Chats) -> list[Row]:
    """A turn through the REST reference channel, and through guard, inbox and socket."""
    figures = chats.do("door", chats.plan.door_turns).figures
    return [
        Row(f"turn through REST, {chats.name}", "ms", figures["rest"], None),
        Row(f"turn through the socket, {chats.name}", "ms", figures["socket"], None),
        Row(f"guard, inbox and socket add, {chats.name}", "ms", figures["added"], None, ADDED),
    ]


def idle(chats: Chats) -> list[Row]:
    """Sockets on which nothing is said: their memory, and a reply's time beside them against without them."""
    count = chats.plan.idle_chats
    figures = chats.do("idle", chats.plan.idle_turns, count, chats.plan.idle_seconds).figures
    without, beside = figures["without"], figures["beside"]
    times = beside / without if without and beside else None
    return [
        Row(f"memory of {count:,} idle sockets, {chats.name}", "MB", figures["memory"], None, MEGABYTES),
        Row(f"turn without them, {chats.name}", "ms", without, None),
        Row(f"turn beside them, {chats.name}", "ms", beside, None),
        Row(f"turn beside them against without, {chats.name}", "times", times, None, NO_SLOWER),
    ]


def crowd(chats: Chats) -> list[Row]:
    """Many conversations at once: how fast they are answered, and whether each message is, once and in order."""
    count = chats.plan.crowd_chats
    figures = chats.do("crowd", chats.plan.crowd_turns, count).figures
    words = f"{count} conversations at once through sockets, {chats.name}"
    return [
        Row(words, "messages/s", figures["rate"], None),
        Row(f"conversations not answered once, in order, {chats.name}", "", figures["faults"], None, NONE),
    ]


SECTIONS = {"door": door, "idle": idle, "crowd": crowd}
ON_EVERY_DATABASE = ("door", "crowd")


def web_chats(sections: Collection[str], plan: Plan, folder: Path, show: Show, notes: list[str]) -> list[Row]:
    """Measure those of `sections` that are of the web chat, on each database; raises StrandError."""
    rows: list[Row] = []
    raise_file_limit(plan.idle_chats)
    with databases(folder, durable=True) as found:
        for name, url in found.items():
            chosen = [each for each in SECTIONS if each in sections and (name == SQLITE or each in ON_EVERY_DATABASE)]
            if chosen:
                rows += _on(name, Strand(folder / name, url), chosen, plan, show, notes)
    return rows


def _on(name: str, strand: Strand, chosen: list[str], plan: Plan, show: Show, notes: list[str]) -> list[Row]:
    rows: list[Row] = []
    show(f"Starting Strand, {name}")
    strand.prepare()
    with strand.running() as running:
        for section in chosen:
            show(f"Web chats: {section}, {name}")
            rows += SECTIONS[section](Chats(name, running, plan, notes))
    return rows
