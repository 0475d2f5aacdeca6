"""The pictures of a scoring: risk against coverage, and what was taken for what."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.cli.evaluation.judgement import HOLDING_BACK, Outcome, Verdict
from bot.cli.evaluation.labels import OUT_OF_SCOPE
from bot.cli.evaluation.scores import Point, Scores

CELL_INCHES = 0.3
DOTS_PER_INCH = 110
COLOURS = "Blues"
CLARIFY = "clarify"


def _save(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure).print_png(str(path))
    return path


def draw_curve(points: Sequence[Point], scores: Scores, path: Path) -> Path:
    """Write the risk-coverage curve with the point at which the assistant works; returns `path`."""
    figure = Figure(figsize=(6.4, 4.4), dpi=DOTS_PER_INCH, constrained_layout=True)
    axes = figure.subplots()
    axes.plot([100 * point.coverage for point in points], [100 * point.risk for point in points], label="best guess")
    given = scores.right.count + scores.partly.count + scores.wrong.count
    wrong = scores.wrong.count + scores.outside_wrong.count
    answered = given + scores.outside_wrong.count
    if scores.right.total and answered:
        axes.plot([100 * given / scores.right.total], [100 * wrong / answered], "o", label="as it answers now")
    axes.set_xlabel("coverage: in-scope questions with a guess (%)")
    axes.set_ylabel("risk: wrong guesses of those given (%)")
    axes.set_xlim(0, 101)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend()
    return _save(figure, path)


def _column(verdict: Verdict) -> str:
    """The one reply that a verdict counts under; a right one under the label's own word."""
    if verdict.kind == CLARIFY:
        return CLARIFY
    if verdict.outcome is Outcome.RIGHT:
        return verdict.question.alternatives[0][0]
    if verdict.kind in HOLDING_BACK:
        return OUT_OF_SCOPE
    expected = {topic for alternative in verdict.question.alternatives for topic in alternative}
    strange = [topic for topic in verdict.topics if topic not in expected]
    return (strange or [*verdict.topics, verdict.kind])[0]


def confusion_counts(verdicts: Sequence[Verdict]) -> tuple[list[str], list[str], Counter[tuple[str, str]]]:
    """The rows (expected), the columns (got), and how often each pair stands."""
    pairs = Counter((verdict.question.alternatives[0][0], _column(verdict)) for verdict in verdicts)
    rows = sorted({expected for expected, _ in pairs})
    others = sorted({got for _, got in pairs} - set(rows))
    return rows, [*rows, *others], pairs


def draw_confusions(verdicts: Sequence[Verdict], path: Path) -> Path:
    """Write the confusion picture (a row an expected label, a column a reply) and return `path`."""
    rows, columns, pairs = confusion_counts(verdicts)
    counts = np.array([[pairs[row, column] for column in columns] for row in rows], dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = (CELL_INCHES * len(columns) + 3.0, CELL_INCHES * len(rows) + 2.4)
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH, constrained_layout=True)
    axes = figure.subplots()
    axes.imshow(np.sqrt(shares), cmap=COLOURS, vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=8)
    axes.set_yticks(range(len(rows)), rows, fontsize=8)
    axes.set_xlabel("reply")
    axes.set_ylabel("expected")
    for row, column in zip(*np.nonzero(counts), strict=True):
        shade = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, f"{counts[row, column]:.0f}", ha="center", va="center", fontsize=7, color=shade)
    return _save(figure, path)
