"""Plots as shapes in a box of 400 units' width, which a template draws as SVG; pure: numbers in, coordinates out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 400.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 6.0, 10.0, 24.0
ROW, BAR = 34.0, 12.0
TICKS = 4
# Each stands out, at 3 to 1 and more, from a white page and from a dark one.
COLOURS = ("#3d85c6", "#c8761a", "#4f9a45", "#cc4b4b", "#9a6cc0", "#7f878f")


@dataclass(frozen=True)
class Series:
    """What is drawn in one colour: a value for each label; None is a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Shape:
    """A path of SVG; `line` says that it is a line and not a surface, `title` what it shows."""

    path: str
    colour: str
    title: str = ""
    line: bool = False


@dataclass(frozen=True)
class Text:
    """Words at a place; `anchor` is start, middle or end."""

    x: float
    y: float
    words: str
    anchor: str = "start"


@dataclass(frozen=True)
class Plot:
    """What a template draws: `grid` are the heights of horizontal lines from `LEFT` to the right edge."""

    height: float
    shapes: Sequence[Shape]
    texts: Sequence[Text]
    grid: Sequence[float] = ()
    legend: Sequence[tuple[str, str]] = ()
    width: float = WIDTH
    left: float = LEFT
    right: float = WIDTH - RIGHT


def nice_step(most: float, ticks: int = TICKS) -> float:
    """A step of 1, 2, 2.5 or 5 times a power of ten, of which at most `ticks` reach `most`."""
    if most <= 0:
        return 1.0
    raw = most / ticks
    power = 10.0 ** math.floor(math.log10(raw))
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= raw * (1 - 1e-9)), 10 * power)


def bars(labels: Sequence[str], series: Sequence[Series], unit: str = "") -> Plot:
    """A bar for each label, in which the series stand on one another; counts, whose steps are whole."""
    totals = [sum(each.values[place] or 0 for each in series) for place in range(len(labels))]
    step = max(1.0, math.ceil(nice_step(max(totals, default=0))))
    top = _top(max(totals, default=0), step)
    room = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    shapes, below = [], [0.0] * len(labels)
    for colour, each in zip(COLOURS, series, strict=False):
        for place, value in enumerate(each.values):
            if value:
                low, high = _height(below[place], top), _height(below[place] + value, top)
                x = LEFT + place * room + room * 0.1
                title = f"{labels[place]}: {each.name} {_number(value)}{unit}"
                shapes.append(Shape(_box(x, high, room * 0.8, low - high), colour, title))
                below[place] += value
    return _with_axes(labels, shapes, step, top, series, unit)


def lines(labels: Sequence[str], series: Sequence[Series], unit: str = "") -> Plot:
    """A line for each series; where a label has no value it is interrupted, and a value between two gaps is a dot."""
    values = [value for each in series for value in each.values if value is not None]
    step = nice_step(max(values, default=0))
    top = _top(max(values, default=0), step)
    shapes = []
    for colour, each in zip(COLOURS, series, strict=False):
        for run in _runs(each.values):
            points = [(_middle(place, len(labels)), _height(value, top)) for place, value in run]
            title = "; ".join(f"{labels[place]}: {_number(value)}{unit}" for place, value in run)
            shapes.append(_line(points, colour, title) if len(points) > 1 else _dot(points[0], colour, title))
    return _with_axes(labels, shapes, step, top, series, unit)


def rows(labels: Sequence[str], series: Sequence[Series]) -> Plot:
    """A horizontal bar for each label, below its words; of several series, the later lie upon the earlier."""
    most = max((value or 0 for each in series for value in each.values), default=0) or 1
    shapes, texts = [], []
    for place, label in enumerate(labels):
        y = place * ROW
        said = " of ".join(_number(each.values[place] or 0) for each in reversed(series))
        texts += [Text(0, y + 13, label), Text(WIDTH, y + 13, said, "end")]
        for number, each in enumerate(series):
            value = each.values[place] or 0
            colour = COLOURS[-1] if len(series) > 1 and number == 0 else COLOURS[0]
            if value:
                title = f"{label}: {each.name} {_number(value)}"
                shapes.append(Shape(_box(0, y + 18, WIDTH * value / most, BAR), colour, title))
    names = [each.name for each in series]
    legend = list(zip(names, (COLOURS[-1], COLOURS[0]), strict=False)) if len(series) > 1 else []
    return Plot(len(labels) * ROW, shapes, texts, legend=legend, left=0)


def _with_axes(
    labels: Sequence[str], shapes: Sequence[Shape], step: float, top: float, series: Sequence[Series], unit: str
) -> Plot:
    ticks = [number * step for number in range(round(top / step) + 1)]
    texts = [Text(LEFT - 6, _height(tick, top) + 4, f"{_number(tick)}{unit}", "end") for tick in ticks]
    texts += _day_labels(labels)
    legend = [(each.name, colour) for each, colour in zip(series, COLOURS, strict=False)] if len(series) > 1 else []
    return Plot(HEIGHT, shapes, texts, [_height(tick, top) for tick in ticks], legend)


def _day_labels(labels: Sequence[str]) -> list[Text]:
    """The first, the middle and the last label: more do not fit on a telephone."""
    last = len(labels) - 1
    places = {0: "start", last: "end"} | ({last // 2: "middle"} if last >= 2 else {})
    edges = {"start": LEFT, "end": WIDTH - RIGHT}
    return [
        Text(edges.get(anchor, _middle(place, len(labels))), HEIGHT - 6, labels[place], anchor)
        for place, anchor in sorted(places.items())
        if labels
    ]


def _top(most: float, step: float) -> float:
    return max(1, math.ceil(most / step - 1e-9)) * step


def _height(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 2)


def _middle(place: int, number: int) -> float:
    return round(LEFT + (place + 0.5) * (WIDTH - LEFT - RIGHT) / max(1, number), 2)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The stretches without a gap, each value with its place."""
    found: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((place, value))
    return [run for run in found if run]


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.2f} {y:.2f}h{width:.2f}v{height:.2f}h{-width:.2f}z"


def _line(points: Sequence[tuple[float, float]], colour: str, title: str) -> Shape:
    return Shape("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points), colour, title, line=True)


def _dot(point: tuple[float, float], colour: str, title: str) -> Shape:
    x, y = point
    return Shape(f"M{x - 3:.2f} {y:.2f}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z", colour, title)


def _number(value: float) -> str:
    """Whole where it is, else to three figures."""
    return f"{value:,.0f}" if value == round(value) else f"{value:.3g}"
