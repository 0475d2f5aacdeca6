"""How the command `leads` puts times, numbers and details into words."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone

from bot.errors import SettingError


def moment(at: datetime) -> str:
    """A time as people read it, to the minute, in UTC."""
    return at.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def counted(counts: Mapping[str, int]) -> str:
    """Numbers of things, those that are none left out: `events: 12, leads: 1`."""
    return ", ".join(f"{name}: {number}" for name, number in counts.items() if number) or "nothing"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Columns of text, each as wide as it needs."""
    lines = [list(header), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def no_lead(reference: str) -> SettingError:
    """What is said where a reference names no lead."""
    return SettingError(f"there is no lead {reference}; ./strand leads list names them")
