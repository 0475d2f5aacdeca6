"""Runs the chosen sections, one after the other, on a machine that should have nothing else to do."""

import os
import platform
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.door import SECTIONS as OF_THE_WEB_CHAT
from bench.door import web_chats
from bench.figures import Row
from bench.handover import delivery, submit
from bench.lead_list import lead_list
from bench.plan import Plan
from bench.processes import Show
from bench.sections import Bench, Pair, latency, memory, safety, start, throughput, training
from bench.systems import Stock, Strand

WHILE_RUNNING = {"latency": latency, "throughput": throughput, "memory": memory}
OF_THE_LEADS = {
    "submit": submit,
    "delivery": delivery,
    "lead-list": lead_list,
}  # need neither a model nor the stock assistant
WITH_STOCK = ("latency", "throughput", "start", "memory", "safety", "training")
SECTIONS = (*WITH_STOCK, *OF_THE_WEB_CHAT, *OF_THE_LEADS)


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
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="strand-bench-") as name:
        rows = []
        if any(section in WITH_STOCK for section in sections):
            rows += _with_assistants(sections, plan, Path(name), show, notes)
        if any(section in OF_THE_WEB_CHAT for section in sections):
            folder = Path(name) / "web"
            folder.mkdir()
            rows += web_chats(sections, plan, folder, show, notes)
        for section, measured in OF_THE_LEADS.items():
            if section in sections:
                folder = Path(name) / section
                folder.mkdir()
                rows += measured(plan, folder, show)
    return Report(rows, notes, before)


def needs_model(sections: Collection[str]) -> bool:
    """Whether a trained model is needed to measure `sections`."""
    return any(section not in OF_THE_LEADS for section in sections)


def _with_assistants(sections: Collection[str], plan: Plan, folder: Path, show: Show, notes: list[str]) -> list[Row]:
    show("Making the stock assistant")
    bench = Bench(Strand(folder / "strand"), Stock(folder / "stock"), plan, show, notes)
    stock_seconds = bench.stock.train()
    show("Making Strand ready")
    bench.strand.prepare()
    rows = training(bench, stock_seconds) if "training" in sections else []
    rows += safety(bench) if "safety" in sections else []
    rows += start(bench) if "start" in sections else []
    return rows + _while_running(bench, sections)


def _while_running(bench: Bench, sections: Collection[str]) -> list[Row]:
    chosen = [section for name, section in WHILE_RUNNING.items() if name in sections]
    if not chosen:
        return []
    bench.show("Starting both")
    with bench.stock.running() as stock, bench.strand.running() as strand:
        pair = Pair(strand, stock)
        return [row for section in chosen for row in section(bench, pair)]
