"""The sections of the leads: what a submit costs and how fast the outbox drains, on each database. Without Rasa."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.databases import databases
from bench.figures import Row, Wanted
from bench.leads import Job
from bench.plan import Plan
from bench.processes import Process, Show, await_port, environment, free_port, run_job
from bot.settings import PROJECT


def submit(plan: Plan, folder: Path, show: Show) -> list[Row]:
    """A submit's commit: lead, contact, consents, audit and outbox."""
    rows = []
    with databases(folder, durable=True) as found:
        for name, url in found.items():
            show(f"Submitting leads, {name}")
            took = _measure(Job("submit", url, plan.submits), folder)
            rows.append(Row(f"submit of a lead, {name}", "ms", took, None, Wanted("value", "≤", 10.0, "≤ 10 ms")))
    return rows


def delivery(plan: Plan, folder: Path, show: Show) -> list[Row]:
    """Draining the outbox to a receiver on this machine, with old rows in the table."""
    rows = []
    wanted = Wanted("value", "≥", 200.0, "≥ 200/s")
    port = free_port()
    command = [sys.executable, "-m", "bench.receiver", str(port)]
    receiver = Process(command, PROJECT, environment(), folder / "receiver.txt")
    with receiver, databases(folder, durable=True) as found:
        await_port(receiver, port)
        for name, url in found.items():
            show(f"Delivering, {plan.old_messages:,} old rows, {name}")
            job = Job("delivery", url, plan.messages, plan.old_messages, f"http://127.0.0.1:{port}/leads")
            words = f"delivery, {plan.old_messages:,} old rows, {name}"
            rows.append(Row(words, "messages/s", _measure(job, folder), None, wanted))
    return rows


def _measure(job: Job, folder: Path) -> float:
    """The figure of a job, by a process of its own; raises StrandError where that fails."""
    variables = environment(STRAND_ENV="development", STRAND_STATE_DIR=str(folder))
    printed = run_job("bench.leads", asdict(job), "the leads could not be measured", variables)
    figure: float = json.loads(printed.splitlines()[-1])
    return figure
