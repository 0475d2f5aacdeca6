"""Runs the chosen sections, one after the other, on a machine that should have nothing else to do."""

import os
import platform
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Row
from bench.plan import Plan
from bench.sections import Bench, Pair, Show, latency, memory, safety, start, throughput, training
from bench.systems import Stock, Strand

WHILE_RUNNING = {"latency": latency, "throughput": throughput, "memory": memory}
SECTIONS = ("latency", "throughput", "start", "memory", "safety", "training")


@dataclass(frozen=True)
class Report:
    """The rows of a run, what was strange in it, and the machine it ran on."""

    rows: list[Row]
    notes: list[str]
    machine: dict[str, Any]

    def as_data(self) -> dict[str, Any]:
        """The report for a JSON file."""
        return {"machine": self.machine, "rows": [row.as_data() for row in self.rows], "notes": self.notes}


def machine() -> dict[str, Any]:
    """What a reader needs to know of this machine."""
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def measure(sections: Collection[str], plan: Plan, show: Show) -> Report:
    """Measure `sections` of SECTIONS; raises StrandError where a system cannot be made to answer."""
    before = machine()
    with tempfile.TemporaryDirectory(prefix="strand-bench-") as name:
        folder = Path(name)
        show("Making the stock assistant")
        bench = Bench(Strand(folder / "strand"), Stock(folder / "stock"), plan, show)
        stock_seconds = bench.stock.train()
        show("Making Strand ready")
        bench.strand.prepare()
        rows = training(bench, stock_seconds) if "training" in sections else []
        rows += safety(bench) if "safety" in sections else []
        rows += start(bench) if "start" in sections else []
        rows += _while_running(bench, sections)
    return Report(rows, bench.notes, before)


def _while_running(bench: Bench, sections: Collection[str]) -> list[Row]:
    chosen = [section for name, section in WHILE_RUNNING.items() if name in sections]
    if not chosen:
        return []
    bench.show("Starting both")
    with bench.stock.running() as stock, bench.strand.running() as strand:
        pair = Pair(strand, stock)
        return [row for section in chosen for row in section(bench, pair)]
