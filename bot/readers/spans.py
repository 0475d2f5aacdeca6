"""Spans of time in a message: "a year and a half", "5-6 years", "6 months to a year"."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rapidfuzz.distance import OSA

from bot.readers.numbers import in_digits

MOST = 24  # spans that are read; with more than these a message is a list
MONTHS_OF = {
    "year": 12.0,
    "month": 1.0,
    "week": 12 / 52,
    "fortnight": 24 / 52,
    "day": 12 / 365,
    "decade": 120.0,
    "century": 1200.0,
    "summer": 12.0,
    "winter": 12.0,
    "spring": 12.0,
    "autumn": 12.0,
    "quarter": 3.0,
    "christmase": 12.0,
    "birthday": 12.0,
    "hour": 0.0,
    "semester": 6.0,
}
_SHORT = {
    "yr": "year",
    "y": "year",
    "yar": "year",
    "mo": "month",
    "mth": "month",
    "mnth": "month",
    "mon": "month",
    "m": "month",
    "wk": "week",
    "w": "week",
    "d": "day",
    "centurie": "century",
    "dy": "day",
    "hr": "hour",
    "yer": "year",
}
_UNIT = (
    r"(?:years?|yrs?|y|months?|mths?|mnths?|mons?|mos?|m|weeks?|wks?|w|fortnights?|days?|decades?|centur(?:y|ies)"
    r"|summers?|winters?"
    r"|springs?|autumns?|quarters?|christmases|birthdays?|semesters?|hours?)(?![a-z'])"
)
_WORDS = (
    (r"\b(last|this|past|previous|the) yr\b", r"\1 year"),
    (r"\bthe (early |mid |late )?(?:nineties|ninetys)\b", r"the \g<1>90s"),
    (r"\bthe (early |mid |late )?(?:eighties|eightys)\b", r"the \g<1>80s"),
    (r"\bthe (early |mid |late )?(?:seventies|seventys)\b", r"the \g<1>70s"),
    (
        r"\b(\d{1,3})(?:,|[.;:]+|,? (?:i mean|i meant|meaning|as in))? ?\(?"
        r"(?=(?:years?|yrs?|months?|weeks?)\)?(?:$|[.,;!)]| (?:i mean|i meant|that is|obviously|of course|sorry)\b))",
        r"\1 ",
    ),
    (r"\b(\d+) (?:and|&|n) (?:a )?(?:half|1/2)(?: a)?\b", r"\1.5"),
    (r"\b((?:19|20)\d\d) ?[-/] ?(?:(?:19|20)\d\d|\d\d)\b(?![-/.]\d)", r"\1"),
    (
        r"\b(?:within|in|over|during|throughout) (?:the |these |those )?(?:past|last)(?= (?!summer|winter|spring"
        r"|fall|autumn|christmas))",
        "for the last",
    ),
    (r"\b(\d)/(\d)(?= (?:months?|weeks?|years?|yrs)\b)(?<!1/2)", r"\1 to \2"),
    (r"\b(?:a |the )?(?:good |solid |last |past )?quarter (?:of )?(?:a )?century\b", "25 years"),
    (r"\bhalf (?:of )?(?:a )?century\b", "50 years"),
    (r"\b(?:half (?:of )?(?:a )?|a half )decade\b", "5 years"),
    (r"\b(?:a )?quarter (?:of )?a year\b", "3 months"),
    (r"\b(?:3 quarters of a|3/4 of a) year\b", "9 months"),
    (r"\b(?:1/2 (?:a )?|half (?:of )?(?:a |an )?|a half[- ]?|half[- ])(year|yr|month|week|day)\b", r"0.5 \1"),
    (r"\b(?:an? |the )?(?:\w+ )?(?:couple|coupla|cpl|pair|cple)(?: of)?(?: (?:good|long|more))?(?= \w)", "2"),
    (r"\b(?:an? )?(?:good |quite a )?handful of", "5"),
    (r"\b(?:quite )?(?:an? )?(?:good |solid |very )?few(?= \w)", "3"),
    (r"\bseveral\b", "5"),
    (r"\b(?:a )?half (?:a )?dozen\b", "6"),
    (r"\b(?:an? )?dozen\b", "12"),
    (r"\bthe (?:better|best) part of\b", ""),
    (r"\b(\d+) 1/2\b", r"\1.5"),
    (r"\b(\d+),(\d)\b(?= ?y)", r"\1.\2"),
    (
        r"\b(?:an?|the (?:past|last)|past|this past|whole) (?:(?:full|good|solid|whole|entire|little|long"
        rf"|bit over an?|little over an?) )*(?={_UNIT}(?<!\by)(?<!\bm)(?<!\bw))",
        "1 ",
    ),
    (r"(?:^|(?<=for )|(?<=about )|(?<=over )|(?<=almost )|(?<=nearly ))(?=(?:year|month|decade)\b(?! \d))", "1 "),
)
_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in _WORDS)
_AMOUNT = r"\d{1,3}(?:\.\d+)?"
_ODD = (
    r"(?: ?(?:\+|-|ish|odd|plus|or so|or more|some|good|long|full|whole|solid|straight|entire|more or less"
    r"|something|and counting))*"
)
_PART = (
    rf"(?:(?P<low>{_AMOUNT}),? ?(?:-|~|to|or|and|,|,? ?(?:or )?(?:maybe|perhaps"
    rf"|possibly))(?: even)? ?)?(?P<amount>{_AMOUNT}){_ODD} ?-?(?P<unit>{_UNIT})"
)
_TAIL = (
    r"(?P<half>,? (?:and|&|n) (?:a )?half)?(?:,? ?(?:or|-|to|,? ?(?:maybe|perhaps"
    rf"|possibly))(?: even)? (?P<other>{_AMOUNT})(?! ?{_UNIT}| ?[a-z]*s\b))?"
)
_SMALLER = (
    rf"(?:,? ?(?:and|n|&|plus|\+|,)? ?(?P<added>{_AMOUNT}) ?(?P<smaller>months?|mths?|mos?|m|weeks?|wks?|w|days?"
    r"|d)(?![a-z']))?"
)
_SPAN = re.compile(r"(?<![\w.'/$-])" + _PART + _TAIL + _SMALLER)
_UNTIL = re.compile(r"^ ?(?:-|to|or|and|,? (?:or )?(?:maybe|perhaps|possibly)(?: even)?) ?$")


@dataclass(frozen=True)
class Span:
    """A span of time of so many `months`, with its place in the text the months of its unit,
    and whether it is counted from a moment that the text names."""

    months: float
    start: int
    end: int
    unit: float
    moment: bool = False


def with_amounts(text: str) -> str:
    """The text in plain digits: "a couple of years" is "2 years", a misspelt unit after a number is put right."""
    said = in_digits(text)
    for pattern, words in _PATTERNS:
        said = pattern.sub(words, said)
    return re.sub(r"(?<=\d )([a-z]{4,8})(?![a-z'])", _respelt, " ".join(said.split()))


def _respelt(match: re.Match[str]) -> str:
    near = ("years", "months", "weeks", "decades", "year", "month", "week", "decade")
    word = match[1]
    return word if word in near else next((unit for unit in near if OSA.distance(unit, word) <= 1), word)


def _months(unit: str) -> float:
    one = unit if unit in MONTHS_OF or unit in _SHORT else unit.removesuffix("s")
    return MONTHS_OF[_SHORT.get(one, one)]


def _read(match: re.Match[str]) -> Span:
    unit = _months(match["unit"])
    amount = float(match["amount"]) + (0.5 if match["half"] else 0)
    low = match["low"] if "," not in match[0] or float(match["low"] or 0) < amount else None
    for other in (low, match["other"]):
        amount = (amount + float(other)) / 2 if other else amount
    months = amount * unit
    if unit == 1 and (low or match["other"]):
        months = math.floor(months)
    if match["added"]:
        months += float(match["added"]) * _months(match["smaller"])
    return Span(months, match.start(), match.end(), unit)


def find_spans(said: str) -> Iterator[Span]:
    """The spans of time in a text that `with_amounts` made, in their order; a range is its middle."""
    waiting: Span | None = None
    for match in islice(_SPAN.finditer(said), MOST):
        span = _read(match)
        if waiting and _UNTIL.match(said[waiting.end : span.start]) and _ranges(said, waiting, span):
            waiting = Span(math.floor((waiting.months + span.months) / 2), waiting.start, span.end, span.unit)
            continue
        if waiting:
            yield waiting
        waiting = span
    if waiting:
        yield waiting


def _ranges(said: str, low: Span, high: Span) -> bool:
    joined = said[low.end : high.start].strip()
    return low.months < high.months and (joined != "and" or said[: low.start].rstrip().endswith("between"))
