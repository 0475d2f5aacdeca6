"""Seeded crashes on each database, and their figures as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.crash.series import at_random
from bench.crash.stage import Stage
from bench.databases import databases
from bench.processes import Show


@dataclass(frozen=True)
class Figures:
    """The numbers of one database's crashes, by name, with those that must be 0; `wrong` says what is wrong."""

    database: str
    numbers: dict[str, int]
    wrong: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong


def crash(folder: Path, times: int, seed: int, show: Show) -> list[Figures]:
    """Crash `times` times on each database; raises StrandError where a child fails by itself."""
    found = []
    with databases(folder, durable=False) as addresses:
        for name, url in addresses.items():
            with Stage(url, folder / "var", folder / name, seed) as stage:
                at_random(stage, times, seed, partial(show, f"Crashes, {name}"))
            found.append(Figures(name, _numbers(stage), tuple(stage.tally.sentences)))
    return found


def _numbers(stage: Stage) -> dict[str, int]:
    tally, receiver = stage.tally, stage.receiver
    return {
        "faults": tally.struck,
        "killed": tally.faults["kill"],
        "connection cut": tally.faults["cut"],
        "session ended": tally.faults["end"],
        "kinds of step struck": len(tally.steps),
        "children that took over": tally.restarts,
        "leads": len(stage.conversations),
        "submits that failed, and were said to": len(stage.log.of("failed")),
        "messages delivered": len(receiver.kept),
        "requests": sum(receiver.tries.values()),
        "duplicates that the receiver dropped": receiver.dropped,
        **{kind: len(sentences) for kind, sentences in tally.wrong.items()},
    }


def as_table(found: Sequence[Figures]) -> str:
    """The figures as a Markdown table, a column for each database."""
    names = [figures.database for figures in found]
    lines = [["", *names], ["---", *("---:" for _ in names)]]
    lines += [[name, *(str(figures.numbers[name]) for figures in found)] for name in found[0].numbers]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    )
