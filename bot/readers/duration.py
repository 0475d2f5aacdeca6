"""Reads for how many months something has lasted: the visitor's hair loss, not another person's, no age."""

import math
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from bot.readers.corrections import TAKES_BACK, turns_back
from bot.readers.people import whose
from bot.readers.since import by_ages, by_birth, find_moments
from bot.readers.spans import Span, find_spans, with_amounts
from bot.readers.topics import ELSE, HAIR

LONGEST = 1200
_AGE = re.compile(
    r"^ ?-?,? ?(?:old(?! (?:problem|issue|story|thing|habit))|young|of age|age\b|younger|older|apart|from now|left"
    r"|to go|until|till|more\b|guarantee"
    r"|warranty|per\b"
    r"|to (?:decide|wait|see|go)|later than|before i|in (?:prison|jail|the army))|^'"
)
_AHEAD = re.compile(
    r"(?:\bin(?: (?:about|another|like))?|\bevery|\bnext|\bwithin|\bin the next|\banother|\bonce an?|\bper|\beach"
    r"|\bfor the next"
    r"|\b(?:(?:to|would|will|must|should|can|could|i'?ll|i'?d) wait|waiting|give it|(?<!or )takes?|lasts)(?: for"
    r"| another)?|\bi'?m|\bi am|\bage|\baged) $"
)
_DENIED = re.compile(r"\b(?:not|wasn't|isn't)(?: (?:for|since|in|like|the|it's|been))* $")
_STILL = re.compile(r"^ ?,? ?(?:yet|long)\b")
_SAYS = re.compile(
    r"\b(?:says?|said|thinks?|thought|reckons?|noticed|notices?|pointed|claims?|insists?|swears?|told|tells"
    r"|guess\w*|saw|spotted|mentioned)\b[^.;]*$"
)
_SINCE = re.compile(r"\b(?:since|after|when|ever since|around|following|before|once)\b[^.;]*$")
_WORSE = re.compile(
    r"\b(?:worse\w*|worst|faster|accelerat\w*|especially|mostly|mainly|really bad|heav\w+|picked up|sped|rapid\w*"
    r"|quick\w*|stopped|stable|noticeabl\w*|more so|bad|particularly|aggressive\w*|crazy)\b"
)
_BUT = re.compile(r"\bbut (?:it'?s|really|it is|it was)(?: \w+)? $|^ but $")
_BIRTHDAY = re.compile(r"\b(?:birthday|bday|b-day)\b")
_AROUND = 200  # characters before and after a span that may say what it is
_NEAR = 30  # characters between a span and the one that takes its place
_CLAUSE = re.compile(r"[.;!?()]+|,|\b(?:and|but|so|because|though|although|while|whereas)\b")


def read_duration(text: str, today: date) -> int | None:
    """The months that the message tells; None where it tells no span, or only somebody else's."""
    said = with_amounts(text)
    told = [span for span in _candidates(said, today) if _counts(said, span)]
    if told:
        return _rounded(_meant(said, told).months)
    months = by_birth(said)
    if months is None:
        months = by_ages(said)
    return None if months is None else _rounded(months)


def _rounded(months: float) -> int | None:
    if months > LONGEST or months < 0:
        return None
    return max(1, math.floor(months + 0.5))


def _candidates(said: str, today: date) -> list[Span]:
    """Spans and moments in the order of the text; of two that overlap, the one that was found first stays."""
    kept: list[Span] = []
    for span in (*find_spans(said), *find_moments(said, today)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    kept.sort(key=lambda span: span.start)
    return [*_with_later_numbers(said, kept)]


def _with_later_numbers(said: str, spans: list[Span]) -> Iterator[Span]:
    """The spans, and numbers without a unit that take the place of the span before them: "6 months, no, 8"."""
    for index, span in enumerate(spans):
        yield span
        end = spans[index + 1].start if index + 1 < len(spans) else len(said)
        match = re.match(r"([^\d]{2,60}?)\b(\d{1,2}(?:\.5)?)\b(?! ?[a-z%]+s\b)", said[span.end : end])
        if match and span.unit in (1.0, 12.0) and _replaces(match[1], said[span.end + match.end() :]):
            start = span.end + match.start(2)
            yield Span(float(match[2]) * span.unit, start, span.end + match.end(2), span.unit)


def _replaces(between: str, after: str) -> bool:
    """Whether a number without a unit, with these words before and after it, is a span of the unit told before."""
    if re.search(r"\b(?:i'?m|im|am|age)\b", between):
        return False
    if turns_back(between) or _BUT.search(between):
        return True
    return bool(HAIR.search(between) and re.match(r"\s*(?:$|[.,;!)])", after))


def _clause(said: str, span: Span) -> tuple[str, str]:
    before, after = _around(said, span)
    return _CLAUSE.split(before)[-1], _CLAUSE.split(after)[0]


def _around(said: str, span: Span) -> tuple[str, str]:
    return said[max(0, span.start - _AROUND) : span.start], said[span.end : span.end + _AROUND]


def _counts(said: str, span: Span) -> bool:
    before, after = _around(said, span)
    near_before, near_after = _clause(said, span)
    ahead = _AGE.match(after) or (_AHEAD.search(before) and "ago" not in near_after)
    if span.months < 0 or (ahead and not span.moment):
        return False
    if _DENIED.search(before) and not _STILL.match(after):
        return False
    if span.moment and _BIRTHDAY.search(near_before + near_after) and not _SINCE.search(before):
        return False
    ago = bool(re.match(r" ?ago\b", after) or _SINCE.search(before))
    if ago and _SINCE.search(before):
        return True
    if whose(before, after) == "other" and not _SAYS.search(before):
        return False
    return not ELSE.search(near_before + " " + near_after) or bool(HAIR.search(near_before + " " + near_after))


def _rank(said: str, span: Span) -> int:
    near = " ".join(_clause(said, span))
    return 2 if _WORSE.search(near) or ELSE.search(near) else 0 if HAIR.search(near) or len(near) < len(said) else 1


def _meant(said: str, told: list[Span]) -> Span:
    for earlier, later in reversed(list(pairwise(told))):
        between = said[earlier.end : later.start]
        if TAKES_BACK.search(between) or _BUT.search(between) or (len(between) < _NEAR and turns_back(between)):
            return later
    return min(told, key=lambda span: _rank(said, span))
