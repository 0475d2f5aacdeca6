"""The scores in words and tables, for a terminal and for the model card (both read Markdown)."""

from collections.abc import Iterable, Sequence

from bot.cli.evaluation.judgement import Outcome, Verdict
from bot.cli.evaluation.scores import Confusion, Point, Scores, Share, at_coverages, by_topic, score

AT_LEAST, AT_MOST = "≥", "≤"
MOST_UTTERANCES = 3


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its columns padded; all but the first column to the right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]

    def drawn(cells: Sequence[str]) -> str:
        first = cells[0].ljust(widths[0])
        others = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return f"| {' | '.join([first, *others])} |"

    rule = "|".join("-" * (width + 2) if not column else "-" * (width + 1) + ":" for column, width in enumerate(widths))
    return "\n".join([drawn(lines[0]), f"|{rule}|", *map(drawn, lines[1:])])


def percent(value: float) -> str:
    """A share as it is printed."""
    return f"{100 * value:.1f} %"


def _line(words: str, share: Share, sign: str = "", wanted: float = 0.0) -> list[str]:
    low, high = share.interval
    met = "" if not sign else "yes" if (share.value >= wanted if sign == AT_LEAST else share.value <= wanted) else "no"
    between = f"{100 * low:.1f}–{100 * high:.1f}" if share.total else ""
    return [words, percent(share.value), f"{share.count}/{share.total}", between, sign and f"{sign} {wanted:.0%}", met]


def overall(scores: Scores) -> str:
    """The shares with what is wanted of them on questions that the makers have never seen."""
    rows = [
        _line("top-1: answered rightly", scores.right, AT_LEAST, 0.90),
        _line("right among the answer and the offered choices", scores.right_among, AT_LEAST, 0.97),
        _line("clarified", scores.clarified, AT_MOST, 0.10),
        _line("answered wrongly", scores.wrong, AT_MOST, 0.03),
        _line("answered in part (a+b)", scores.partly),
        _line("held back wrongly", scores.held_back, AT_MOST, 0.03),
        _line("failed", scores.failed),
        _line("said more than asked (within top-1)", scores.said_more),
        _line("out of scope: held back rightly", scores.outside_held_back, AT_LEAST, 0.97),
        _line("out of scope: clarified", scores.outside_clarified),
        _line("out of scope: answered wrongly", scores.outside_wrong),
        _line("out of scope: failed", scores.outside_failed),
    ]
    return table(["", "share", "lines", "95 %", "wanted", "met"], rows)


def _topic_row(topic: str, verdicts: Sequence[Verdict]) -> list[str]:
    scores = score(verdicts)
    if scores.right.total:
        shares = [scores.right, scores.right_among, scores.clarified, scores.wrong, scores.held_back]
    else:
        held = scores.outside_held_back
        shares = [held, held, scores.outside_clarified, scores.outside_wrong, Share(0, 0)]
    return [topic, str(len(verdicts)), *(f"{100 * share.value:.0f}" if share.total else "" for share in shares)]


def topics(verdicts: Sequence[Verdict]) -> str:
    """One row a label's first word, in percent; the weakest topic first."""
    rows = [_topic_row(topic, group) for topic, group in by_topic(verdicts).items()]
    rows.sort(key=lambda row: (int(row[2]), row[0]))
    return table(["topic (in %)", "lines", "top-1", "among", "clarified", "wrong", "held back"], rows)


def curve(points: Sequence[Point]) -> str:
    """The risk-coverage curve at round coverages."""
    rows = [
        [f"{point.confidence:.2f}", percent(point.coverage), percent(point.risk), str(point.wrong)]
        for point in at_coverages(points)
    ]
    return table(["confidence at least", "coverage", "risk", "wrong"], rows)


def _detail(verdict: Verdict) -> str:
    sure = "" if verdict.confidence is None else f" {verdict.confidence:.2f}"
    offered = f" [{', '.join(verdict.topics)}]" if verdict.kind == "clarify" else ""
    return f"line {verdict.question.line}{sure}{offered}: {verdict.question.text}"


def mixed_up(found: Sequence[Confusion], most_utterances: int | None = MOST_UTTERANCES) -> str:
    """The confusions in the given order, each with its utterances."""
    lines: list[str] = []
    for confusion in found:
        outcome = confusion.verdicts[0].outcome.value
        lines.append(f"{len(confusion.verdicts):4d}  {confusion.expected} → {confusion.got} ({outcome})")
        lines += [f"        {_detail(verdict)}" for verdict in confusion.verdicts[:most_utterances]]
    return "\n".join(lines) or "none"


def misses(verdicts: Iterable[Verdict]) -> str:
    """Every line that was not answered rightly, in the file's order."""
    lines = [
        f"{verdict.outcome.value}: {verdict.question.label} → {verdict.got}; {_detail(verdict)}"
        for verdict in verdicts
        if verdict.outcome is not Outcome.RIGHT
    ]
    return "\n".join(lines) or "none"
