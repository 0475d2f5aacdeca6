"""`strand test`: everything that says whether the project is sound, in one run."""

import argparse
import subprocess
import sys

from bot.cli.train import ready_model
from bot.settings import PROJECT

CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
)

# The whole suite runs in a process for each core; a file's tests share what they have loaded. In the order of their
# folders, the long ones come first: no core is left to wait for them at the end.
AT_ONCE = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = "Other arguments are passed to pytest: ./strand test tests/unit -k launcher"
    parser.set_defaults(passes_on=True)


def _module(words: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", *words], cwd=PROJECT, check=False).returncode


def run(arguments: argparse.Namespace) -> int:
    """Run the linters, the type checker and pytest; one that fails does not keep the others from being seen."""
    failed = []
    for name, words in CHECKS:
        print(f"== {name}", flush=True)
        if _module(words):
            failed.append(name)
    if not arguments.others:
        ready_model()  # once, before several processes want it
    print("== pytest", flush=True)
    if _module(["pytest", *(arguments.others or AT_ONCE)]):
        failed.append("pytest")
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0
