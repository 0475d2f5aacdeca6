"""What was measured, as rows with ratios against what is wanted. Pure."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Wanted:
    """A bound on Strand's own value, or on its ratio to the stock assistant's."""

    of: Literal["ratio", "value"]
    sign: Literal["≤", "≥"]
    limit: float
    words: str

    def met(self, measured: float) -> bool:
        """Whether `measured`, a ratio or a value, keeps the bound."""
        return measured <= self.limit if self.sign == "≤" else measured >= self.limit


@dataclass(frozen=True)
class Row:
    """One measure of both systems, None where it does not exist for one of them."""

    name: str
    unit: str
    strand: float | None
    stock: float | None
    wanted: Wanted | None = None

    @property
    def ratio(self) -> float | None:
        """Strand's value as a multiple of the stock assistant's."""
        if self.strand is None or not self.stock:
            return None
        return self.strand / self.stock

    @property
    def met(self) -> bool | None:
        """Whether what is wanted was reached; None where nothing is wanted or measured."""
        measured = None if self.wanted is None else self.ratio if self.wanted.of == "ratio" else self.strand
        return None if self.wanted is None or measured is None else self.wanted.met(measured)

    def as_data(self) -> dict[str, Any]:
        """The row for a JSON file."""
        return {**asdict(self), "ratio": self.ratio, "met": self.met}


def ratio_at_most(divisor: float) -> Wanted:
    """Strand needs at most one part in `divisor` of what the stock assistant needs."""
    return Wanted("ratio", "≤", 1 / divisor, f"≤ 1/{divisor:g}")


def median_around(milliseconds: Sequence[float], turn: int, reach: int) -> float:
    """The median of the turns from `turn - reach` to `turn + reach`; turns count from 1, the list begins at turn 1."""
    first = max(turn - reach, 1)
    window = milliseconds[first - 1 : turn + reach]
    if not window:
        raise ValueError(f"turn {turn} was not measured")
    return statistics.median(window)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _ratio(row: Row) -> str:
    if row.ratio is None:
        return ""
    return f"1/{1 / row.ratio:.1f}" if 0 < row.ratio < 1 else f"{row.ratio:.2f}"


def as_table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    head = ["measure", "Strand", "stock", "ratio", "wanted", "met"]
    body = [
        [
            f"{row.name} ({row.unit})" if row.unit else row.name,
            _number(row.strand),
            _number(row.stock),
            _ratio(row),
            row.wanted.words if row.wanted else "",
            {True: "yes", False: "no", None: ""}[row.met],
        ]
        for row in rows
    ]
    lines = [head, ["---", "---:", "---:", "---:", "---:", "---"], *body]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    )
