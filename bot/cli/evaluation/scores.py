"""Counts verdicts: the overall shares, those of each topic, the confusions, and the curve of risk against coverage."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.cli.evaluation.judgement import Outcome, Verdict

CONFIDENCE_95 = 1.96
COVERAGES = (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)


@dataclass(frozen=True)
class Share:
    """`count` of `total` lines."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 of nothing is 0."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval at 95 %."""
        if not self.total:
            return 0.0, 1.0
        square = CONFIDENCE_95**2
        centre = self.value + square / (2 * self.total)
        spread = CONFIDENCE_95 * math.sqrt(self.value * (1 - self.value) / self.total + square / (4 * self.total**2))
        scale = 1 + square / self.total
        return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


@dataclass(frozen=True)
class Scores:
    """The shares of one set of verdicts; the last four are of lines out of scope."""

    right: Share
    right_among: Share
    clarified: Share
    partly: Share
    wrong: Share
    held_back: Share
    failed: Share
    said_more: Share
    outside_held_back: Share
    outside_clarified: Share
    outside_wrong: Share
    outside_failed: Share


def score(verdicts: Iterable[Verdict]) -> Scores:
    """The shares of `verdicts`."""
    inside: Counter[Outcome] = Counter()
    outside: Counter[Outcome] = Counter()
    said_more = 0
    for verdict in verdicts:
        (inside if verdict.question.in_scope else outside)[verdict.outcome] += 1
        said_more += verdict.said_more

    def share(counts: Counter[Outcome], *outcomes: Outcome) -> Share:
        return Share(sum(counts[outcome] for outcome in outcomes), sum(counts.values()))

    return Scores(
        right=share(inside, Outcome.RIGHT),
        right_among=share(inside, Outcome.RIGHT, Outcome.AMONG),
        clarified=share(inside, Outcome.AMONG, Outcome.MISSED),
        partly=share(inside, Outcome.PARTLY),
        wrong=share(inside, Outcome.WRONG),
        held_back=share(inside, Outcome.HELD_BACK),
        failed=share(inside, Outcome.FAILED),
        said_more=Share(said_more, sum(inside.values())),
        outside_held_back=share(outside, Outcome.RIGHT),
        outside_clarified=share(outside, Outcome.AMONG, Outcome.MISSED),
        outside_wrong=share(outside, Outcome.WRONG),
        outside_failed=share(outside, Outcome.FAILED),
    )


def by_topic(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """The verdicts by the first word of their labels, in the order of the words; a line with several counts once."""
    groups: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.question.alternatives[0][0]].append(verdict)
    return dict(sorted(groups.items()))


@dataclass(frozen=True)
class Confusion:
    """Lines with one label that got one wrong reply."""

    expected: str
    got: str
    verdicts: tuple[Verdict, ...]


def confusions(verdicts: Iterable[Verdict]) -> list[Confusion]:
    """What was taken for what: the commonest first, then answers before choices and silence, then by name."""
    groups: defaultdict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.outcome not in (Outcome.RIGHT, Outcome.AMONG):
            groups[verdict.question.label, verdict.got].append(verdict)
    found = [Confusion(expected, got, tuple(group)) for (expected, got), group in groups.items()]
    harm = (Outcome.WRONG, Outcome.FAILED, Outcome.PARTLY, Outcome.HELD_BACK, Outcome.MISSED)
    return sorted(
        found,
        key=lambda one: (-len(one.verdicts), harm.index(one.verdicts[0].outcome), one.expected, one.got),
    )


@dataclass(frozen=True)
class Point:
    """Only guesses of at least `confidence` are given: the share of in-scope lines with one, and the wrong ones."""

    confidence: float
    coverage: float
    risk: float
    wrong: int


def _guess(verdict: Verdict) -> tuple[float, bool, bool] | None:
    """Confidence, in scope, wrong: of the answer, or of the first choice where choices were offered."""
    if verdict.outcome is Outcome.FAILED or verdict.kind in ("out_of_scope", "refusal"):
        return None
    confidence = 1.0 if verdict.confidence is None else verdict.confidence
    right = verdict.outcome in (Outcome.RIGHT, Outcome.PARTLY)
    if verdict.kind == "clarify":
        first = set(verdict.topics[:1])
        right = any(first and set(alternative) == first for alternative in verdict.question.alternatives)
    return confidence, verdict.question.in_scope, not right


def risk_curve(verdicts: Sequence[Verdict]) -> list[Point]:
    """Risk against coverage, from the surest guess down; a guess on an out-of-scope line adds risk, not coverage."""
    asked = sum(verdict.question.in_scope for verdict in verdicts)
    guesses = sorted(filter(None, map(_guess, verdicts)), key=lambda guess: -guess[0])
    points: list[Point] = []
    given = covered = wrong = 0
    for index, (confidence, in_scope, mistaken) in enumerate(guesses):
        given, covered, wrong = given + 1, covered + in_scope, wrong + mistaken
        last_of_its_confidence = index + 1 == len(guesses) or guesses[index + 1][0] < confidence
        if last_of_its_confidence and asked:
            points.append(Point(confidence, covered / asked, wrong / given, wrong))
    return points


def at_coverages(points: Sequence[Point]) -> list[Point]:
    """The first point at or over each of COVERAGES, and the last one of all."""
    chosen = [next((point for point in points if point.coverage >= wanted), None) for wanted in COVERAGES]
    listed = [point for point in chosen if point]
    return list(dict.fromkeys([*listed, *points[-1:]]))
