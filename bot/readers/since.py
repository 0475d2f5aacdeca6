"""Moments from which something lasts: a year, a month, a season, an age, a birth."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from bot.readers.calendar_words import FEAST, MONTH, MONTH_OF_DAY, SEASON, find_date, full_year, month_number
from bot.readers.numbers import in_digits
from bot.readers.people import whose
from bot.readers.spans import MOST, Span
from bot.readers.topics import ELSE

_NEAR = 40  # characters before a moment that may say what it is
OLDEST_START = 90
_AROUND = 160  # characters before a number that may say whose it is
_MOMENT = rf"(?:{MONTH}|{SEASON}|{FEAST})"
_BEFORE_MONTH = (
    r"(?:since|in|last|this|around|about|early|late|mid|from|of|began|started|end of|beginning of|start of|by|after"
    r"|before|past"
    r"|previous|until|the|^|ago,?)"
)
_PLACED = re.compile(
    rf"(?:(?P<which>last|this|past|previous)(?: year'?s?)? )?(?<![\w])(?P<name>{_MOMENT})"
    r"(?:,? (?:of |in )?(?:(?P<of>this|last|the previous|the same) year|(?P<year>(?:19|20)\d\d)))?"
)
_YEAR = re.compile(
    r"(?<![\d$€£./-])'?((?:19|20)\d\d)(?!\d|[./-]\d| ?(?:grafts|hairs|dollars|bucks|euros|mg|iu))(?:'?s\b)?"
)
_SHORT_YEAR = re.compile(
    r"(?:\b(?:since|in|from|around|summer|circa) '|\bsince (?=0)|(?:^|\s)')(\d\d)\b(?!['s])|\b(?:since|in|from"
    r"|back in|around) ([789]\d)\b(?!['s%]| ?[a-z]*s\b)"
)
_PART_OF_YEAR = re.compile(
    r"\b(?P<part>start|beginning|early|middle|mid|end|late|later)(?: of| in)? (?P<which>this|last|the) year\b"
)
_RELATIVE: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"\byear before last\b|\b2 years back\b"), 24),
    (re.compile(r"\b(?:last|previous|past) year\b"), 12),
    (re.compile(r"\b(?:last|past) month\b"), 1),
    (
        re.compile(
            r"\b(?:last|this|past) (?:week|weekend|night|morning|month)\b|\byesterday\b|\btoday\b"
            r"|\bthe other (?:day|week)\b"
            r"|\b(?:last|on|since) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bdays? ago\b"
        ),
        1,
    ),
)
_TENS = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
         "nineties": 90}  # fmt: skip
_PART_OF_DECADE = {None: 5, "early": 2, "mid": 5, "middle": 5, "late": 8}
_DECADE = re.compile(
    r"\b(?:since|in|from|around|during)(?: about| around)?(?: the)?(?: (?P<part>early|mid(?:dle)?|late)(?: of the)?)?"
    r"[ -]?'?(?:(?P<century>19|20)(?=\d0)|(?=[5-9]0))(?P<tens>\d0)'?s\b"
)
_FROM = (
    r"(?:(?:since|from|started|start|starting|began|begun|begin|beginning|when|around|age|aged|turned|turning|hit"
    r"|reached|at|by|was|were|after|my|about|since then)(?: (?:i|it|all|me|was|about|around|like|turned|turning|hit"
    r"|the|my|age|aged|of|i'd|at|roughly|approximately|maybe|probably|only|just|reached|being|as|early|from|since"
    r"|when|became|were|circa|approx|ever|ish|losing|hair|my hair|thinning|balding|going bald|noticing|noticed|late"
    r"|mid|in|been)){0,5})"
)
_SINCE_AGE = re.compile(
    rf"\b{_FROM} (?P<age>[1-9]\d)(?:th|st|nd|rd)?(?: birthday| bday)?(?: ?-?ish)?\b(?!\d)(?![./:,]\d)"
    r"(?! ?(?:%|/|[$€£]|am\b|pm\b|a\.m|-? ?(?:years?|yrs?|yr|y|months?|mos?|weeks?|days?|hours?|min\w*|hairs?"
    r"|times?|mg"
    r"|percent|grafts?|k|kg|cm|mm|x|per)\b(?! old| of age)|(?:-|to|or) ?\d+ (?!when|years old)\w|(?!always\b"
    r"|was\b|this\b"
    r"|has\b|perhaps\b|sometimes\b)[a-z]{3,}s\b))"
    r"|\b(?P<early>[1-9]\d)(?: years old)? when (?:it|i|this|my|the) (?!mother|father|dad|mum|mom)"
)
_SINCE_TEN = re.compile(
    r"\b(?:(?:in|since|from|around|during|by|started|began)(?: it)? )?(?:my |the |age )?(?P<part>early"
    r"|mid(?:dle)?|late)?"
    r"(?: of my)?[ -]?(?P<tens>[2-7]0(?='?s\b)'?s|twenties|thirties|forties|fifties|sixties|seventies|teens"
    r"|teenage years)\b"
)
_TEENS = {None: 16, "early": 14, "mid": 16, "middle": 16, "late": 18}
_CLAUSE = re.compile(r"[.;!?()]|,|\b(?:and|but|so|because|though)\b")
_STARTED = re.compile(
    r"\b(?:(?:beg[au]n|start\w*)(?: (?:it|all|right|just|shortly|soon))* (?:with|after|at|around|when|from)"
    r" (?:her|him|them|that|then|my|our|the|she|he|1st|birth|pregnancy|delivery|having)|(?:that'?s|this is|was"
    r"|is) when"
    r"|right then|(?:ever )?since then|ever since|postpartum|post partum|after (?:birth|delivery|pregnancy|labou?r)"
    r"|from (?:her|him|them) on)\b"
)
_CHILD_AGE = re.compile(
    r"\b(?:(?:she|he|they|who|kid|baby|twins?|daughter|son|boy|girl|child|youngest|oldest|eldest|1st)"
    r"(?: is|'?s| are|'?re| turns| turned)?)(?: (?:just|now|already|about|almost|nearly|going on|only|currently))*,?"
    r" (\d{1,2}(?:\.\d)?)\b ?-?(years?|yrs?|months?|mos?|weeks?)?(?! ?(?:when|at the time))"
)
_THEN = re.compile(
    r"\b(?:since|from|when|at|started|starting|began|after|around|was|turned|hit|age|aged|by)"
    r"(?: (?:i|was|about|around|like|turned|hit|the|my|age|aged|of|i'd|at|roughly|maybe|probably|only|just|reached"
    r"|being|as|early|from|since|it|all|when|became|were)){0,6} (\d{1,2})"
    r"(?:(?:th|st|nd|rd)(?: birthday| bday)?)?(?:-?ish)?\b(?! ?(?:years? (?!old)|yrs (?!old)|months|weeks|days|mo\b"
    r"|%|/))|\b(\d{1,2}) when (?:it|i|this|my|the)\b"
)
_NOW = re.compile(
    r"\b(?:i'?m|im|i am|now|am|today|currently|just turned|turning|age)(?: (?:now|just|only|about|already|currently"
    r"|almost|nearly|i'?m|im|i am|a|is|at|turning|today)){0,4},? (\d{1,2})\b"
    r"(?! ?(?:years? (?!old)|yrs (?!old)|months|weeks|days|mo\b|%))|\b(\d{1,2}) (?:now|today|currently)\b"
    r"|^(\d\d)\b(?=,? (?:and |but |so )?(?:since|started|began|it started|it began))"
)
_BIRTH = re.compile(
    r"\b(?:since|after|when|from|with|ever)\b.{0,100}?\b(?:(?:she|he|they|who|kid|baby|twins?|daughter|son|boy"
    r"|girl|child"
    r"|which|it)"
    r"(?: is|'?s| are|'?re| was| turns| turned|'ll be)?|now|aged?|is)"
    r"(?: (?:just|now|already|about|almost|nearly|turned|turning|turns|a|going on|is|are|only"
    r"|currently))*,? (\d+(?:\.\d)?) ?-?(years?|yrs?|months?|mos?|weeks?)?"
)
_OFFSPRING = re.compile(
    r"\b(?:born|birth|came|arrived|had (?:the|my|our|a|him|her|them|kids)|pregnan\w*|deliver\w*|daughters?|sons?"
    r"|twins?|kids?|child(?:ren)?|bab(?:y|ies)|first|1st|eldest|oldest|youngest|boy|girl)\b"
)


def _since(year: int, month: int, today: date) -> int:
    return (today.year - year) * 12 + today.month - month


def _month_of(name: str) -> int:
    if name.startswith("new year"):
        return 12 if "eve" in name else 1
    known = next((month for word, month in MONTH_OF_DAY.items() if name.startswith(word)), None)
    return known or month_number(name.rstrip("."))


def _from_moment(match: re.Match[str], today: date) -> int:
    month = _month_of(match["name"])
    if match["year"]:
        return _since(int(match["year"]), month, today)
    if match["of"] == "last" or match["of"] == "the previous":
        return _since(today.year - 1, month, today)
    months = _since(today.year, month, today)
    current = 0 <= months < (3 if re.match(SEASON, match["name"]) else 1)
    if months < 0 or (current and match["which"] != "this" and match["of"] != "this"):
        return months + 12
    return months


def find_moments(said: str, today: date) -> Iterator[Span]:
    """The spans from the moments that the text names until `today`, the first ones of each kind."""
    for kind in (_dates, _placed, _years, _decades, _relative):
        yield from islice(kind(said, today), MOST)


def _placed(said: str, today: date) -> Iterator[Span]:
    for match in _PLACED.finditer(said):
        before = said[max(0, match.start() - _NEAR) : match.start()].rstrip()
        named = match["which"] or match["of"] or match["year"] or re.search(rf"{_BEFORE_MONTH}(?: the)?$", before)
        if named:
            yield Span(_from_moment(match, today), match.start(), match.end(), 1, True)
    for match in _PART_OF_YEAR.finditer(said):
        month = {"m": 6, "e": 12, "l": 10}.get("b" if match["part"] == "early" else match["part"][0], 1)
        yield Span(_since(today.year - (match["which"] == "last"), month, today), match.start(), match.end(), 1, True)
    for match in _SHORT_YEAR.finditer(said):
        yield Span((today.year - full_year(match[1] or match[2], today)) * 12, match.start(), match.end(), 12, True)


def _dates(said: str, today: date) -> Iterator[Span]:
    if found := find_date(said, today):
        yield Span(_since(found[0].year, found[0].month, today), *found[1], 1, True)


def _years(said: str, today: date) -> Iterator[Span]:
    for match in _YEAR.finditer(said):
        if not match[0].endswith("s") and not re.search(
            r"\b(?:born|birth|dob)\b.{0,6}$", said[max(0, match.start() - _NEAR) : match.start()]
        ):
            yield Span((today.year - int(match[1])) * 12, match.start(), match.end(), 12, True)


def _decades(said: str, today: date) -> Iterator[Span]:
    """A decade counts from its middle."""
    for match in _DECADE.finditer(said):
        century = match["century"] or "19"
        year = int(century + match["tens"]) + _PART_OF_DECADE[match["part"]]
        yield Span((today.year - year) * 12, match.start(), match.end(), 12, True)


def _relative(said: str, today: date) -> Iterator[Span]:
    for pattern, months in _RELATIVE:
        yield from (Span(months, match.start(), match.end(), 1, True) for match in pattern.finditer(said))
    if found := re.search(r"\bthis year\b", said):
        yield Span(today.month - 1, *found.span(), 1, True)


def by_ages(said: str) -> int | None:
    """The months between the age at which it began and the present age, where both are told."""
    now = max((int(match[1] or match[2] or match[3]) for match in _NOW.finditer(said)), default=None)
    if now is None:
        return None
    if re.search(r"\bhalf (?:of )?my (?:whole )?life\b", said):
        return now * 6
    for match in islice(_THEN.finditer(said), MOST):
        then = int(match[1] or match[2])
        if (
            then < now
            and whose(said[max(0, match.start() - _AROUND) : match.start()]) != "other"
            and not re.search(r"\bnow\b", match[0])
        ):
            return (now - then) * 12
    return None


def by_birth(said: str) -> float | None:
    """The months since a birth that the message counts from, where it tells how old the child is."""
    found = _BIRTH.search(said) or (_STARTED.search(said) and _CHILD_AGE.search(said))
    if not found or not _OFFSPRING.search(said[: found.end()]):
        return None
    unit = (found[2] or "y")[0]
    return float(found[1]) * {"y": 12, "m": 1, "w": 12 / 52}[unit]


def read_since_age(text: str) -> int | None:
    """The age at which it began, where the message names one: "since 38ish", "in my mid twenties"; not a year."""
    said = in_digits(text)
    for match in islice(_SINCE_AGE.finditer(said), MOST):
        age = int(match["age"] or match["early"])
        if age < OLDEST_START and _is_ones_own(said, match) and not _is_year(said, match):
            return age
    found = _SINCE_TEN.search(said)
    return _age_in_tens(found) if found and _is_ones_own(said, found) else None


def _is_ones_own(said: str, match: re.Match[str]) -> bool:
    """Whether it is the writer's hair that began then, and nothing else."""
    before = said[max(0, match.start() - _AROUND) : match.end()]
    return whose(before) != "other" and not ELSE.search(_CLAUSE.split(before)[-1])


def _is_year(said: str, match: re.Match[str]) -> bool:
    return any(year.start() < match.end() and match.start() < year.end() for year in _SHORT_YEAR.finditer(said))


def _age_in_tens(match: re.Match[str]) -> int | None:
    part = match["part"]
    if match["tens"].startswith("teen"):
        return _TEENS[part]
    if re.search(r"\bthe\b", match[0]) or not re.search(r"\bmy\b|\b(?:early|mid|middle|late)\b|^since", match[0]):
        return None
    return (_TENS.get(match["tens"]) or int(match["tens"][:2])) + _PART_OF_DECADE[part]
