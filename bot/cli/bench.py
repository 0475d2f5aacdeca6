"""`strand bench`: how fast Strand is on this machine, side by side with a stock Rasa assistant; and the crash test."""

import argparse
import json
import tempfile
import time
from pathlib import Path

from bench.crash import run as crashes
from bench.figures import as_table
from bench.plan import FULL, QUICK
from bench.suite import SECTIONS, Report, measure, needs_model
from bot.cli.bar import Bar
from bot.cli.quiet import noise_in_log, quiet
from bot.cli.train import ready_model
from bot.errors import SettingError
from bot.settings import settings

DESCRIPTION = """\
Measure Strand and a stock assistant (what `rasa init` writes, on SQLite) side by side, on this machine, in one run.
Both use this environment, also its jsonschema 3, which makes the stock assistant's custom action faster than it is with
jsonschema 4. All traffic stays on this machine. Leave the machine alone meanwhile: a quarter of an hour, --quick five
minutes.

With --crash nothing is measured: the program is killed, or loses its database, at random steps of handing leads over
and delivering them, on SQLite and, where it is installed, a private PostgreSQL. Nothing may be lost, doubled or said
that is not true; else the exit status is 1."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.add_argument("--quick", action="store_true", help="a short run: fewer turns, seconds and repetitions")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"some sections, with commas: {', '.join(SECTIONS)}")
    parser.add_argument("--crash", action="store_true", help="the crash test instead")
    parser.add_argument("--times", type=int, default=500, metavar="N", help="crashes on each database (500)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="what the crashes' chance begins with (1)")


def read_sections(text: str) -> tuple[str, ...]:
    """The sections that `text` lists; raises SettingError for one that does not exist."""
    chosen = tuple(word.strip() for word in text.split(",") if word.strip())
    unknown = [word for word in chosen if word not in SECTIONS]
    if unknown or not chosen:
        raise SettingError(f"--only {text}: the sections are {', '.join(SECTIONS)}")
    return chosen


def run(arguments: argparse.Namespace) -> int:
    """Measure, print the table, and write it as JSON; or crash, and return 1 where something went wrong."""
    if arguments.crash:
        return _crash(arguments.times, arguments.seed)
    sections = read_sections(arguments.only)
    if needs_model(sections):
        ready_model()
    quiet(settings())
    with noise_in_log(settings()) as terminal, Bar(terminal).running() as bar:
        report = measure(sections, QUICK if arguments.quick else FULL, bar.show)
    _print(report)
    print(f"\nAs JSON: {_write(report, settings().state_dir / 'bench')}")
    return 0


def _crash(times: int, seed: int) -> int:
    quiet(settings())
    begun = time.monotonic()
    with (
        noise_in_log(settings()) as terminal,
        Bar(terminal).running() as bar,
        tempfile.TemporaryDirectory(prefix="strand-crash-") as folder,
    ):
        found = crashes.crash(Path(folder), times, seed, bar.show)
    print(f"Seed {seed}, {time.monotonic() - begun:.0f} s\n\n{crashes.as_table(found)}")
    for figures in found:
        for sentence in figures.wrong:
            print(f"{figures.database}: {sentence}")
    return 0 if all(figures.passed for figures in found) else 1


def _print(report: Report) -> None:
    about = report.machine
    load = " ".join(map(str, about["load"]))
    print(f"{about['system']}, {about['cores']} cores, Python {about['python']}, load before {load}\n")
    print(as_table(report.rows))
    for note in report.notes:
        print(f"note: {note}")


def _write(report: Report, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(json.dumps(report.as_data(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return path
