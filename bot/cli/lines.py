"""Lines of text that a command is given: as an argument, or on standard input."""

import sys
from collections.abc import Iterator


def repaired(argument: str) -> str:
    """An argument with what is not UTF-8 in it replaced, as lines of standard input are."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def standard_input() -> Iterator[str]:
    """The lines of standard input without their ends, as they come."""
    for line in sys.stdin.buffer:
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
