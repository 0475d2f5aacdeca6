"""Moments from which something lasts: a year, a month, a season, an age, a birth."""

import re
from collections.abc import Iterator
from datetime import date

from bot.readers.calendar_words import FEAST, MONTH, MONTH_OF_DAY, SEASON, find_date, full_year, month_number
from bot.readers.people import whose
from bot.readers.spans import Span

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
_THEN = re.compile(
    r"\b(?:since|from|when|at|started|starting|began|after|around|was|turned|hit|age|aged|by)"
    r"(?: (?:i|was|about|around|like|turned|hit|the|my|age|aged|of|i'd|at|roughly|maybe|probably|only|just|reached"
    r"|being|as|early|from|since|it|all|when|became|were))* (\d{1,2})"
    r"(?:(?:th|st|nd|rd)(?: birthday| bday)?)?(?:-?ish)?\b(?! ?(?:years? (?!old)|yrs (?!old)|months|weeks|days|mo\b"
    r"|%|/))|\b(\d{1,2}) when (?:it|i|this|my|the)\b"
)
_NOW = re.compile(
    r"\b(?:i'?m|im|i am|now|am|today|currently|just turned|turning|age)(?: (?:now|just|only|about|already|currently"
    r"|almost|nearly|i'?m|im|i am|a|is|at|turning|today))*,? (\d{1,2})\b"
    r"(?! ?(?:years? (?!old)|yrs (?!old)|months|weeks|days|mo\b|%))|\b(\d{1,2}) (?:now|today|currently)\b"
    r"|^(\d\d)\b(?=,? (?:and |but |so )?(?:since|started|began|it started|it began))"
)
_BIRTH = re.compile(
    r"\b(?:since|after|when|from|with|ever)\b.*?\b(?:(?:she|he|they|who|kid|baby|twins?|daughter|son|boy|girl|child"
    r"|which|it)"
    r"(?: is|'?s| are|'?re| was| turns| turned|'ll be)?|now|aged?|is)"
    r"(?: (?:just|now|already|about|almost|nearly|turned|turning|turns|a|going on|is|are|only"
    r"|currently))*,? (\d+(?:\.\d)?) ?-?(years?|yrs?|months?|mos?|weeks?)?"
)
_OFFSPRING = re.compile(
    r"\b(?:born|birth|came|arrived|had (?:the|my|our|a|him|her|them|kids)|pregnan\w*|deliver\w*|daughters?|sons?"
    r"|twins?|kids?|child(?:ren)?|bab(?:y|ies)|first|eldest|oldest|youngest|boy|girl)\b"
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
    """The spans from the moments that the text names until `today`."""
    yield from _dates(said, today)
    for match in _PLACED.finditer(said):
        before = said[: match.start()].rstrip()
        named = match["which"] or match["of"] or match["year"] or re.search(rf"{_BEFORE_MONTH}(?: the)?$", before)
        if named:
            yield Span(_from_moment(match, today), match.start(), match.end(), 1, True)
    for match in _PART_OF_YEAR.finditer(said):
        month = {"m": 6, "e": 12, "l": 10}.get("b" if match["part"] == "early" else match["part"][0], 1)
        yield Span(_since(today.year - (match["which"] == "last"), month, today), match.start(), match.end(), 1, True)
    for match in _SHORT_YEAR.finditer(said):
        yield Span((today.year - full_year(match[1] or match[2], today)) * 12, match.start(), match.end(), 12, True)
    yield from _years(said, today)
    yield from _relative(said, today)


def _dates(said: str, today: date) -> Iterator[Span]:
    if found := find_date(said, today):
        yield Span(_since(found[0].year, found[0].month, today), *found[1], 1, True)


def _years(said: str, today: date) -> Iterator[Span]:
    for match in _YEAR.finditer(said):
        if not match[0].endswith("s") and not re.search(r"\b(?:born|birth|dob)\b.{0,6}$", said[: match.start()]):
            yield Span((today.year - int(match[1])) * 12, match.start(), match.end(), 12, True)


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
    for match in _THEN.finditer(said):
        then = int(match[1] or match[2])
        if then < now and whose(said[: match.start()]) != "other" and not re.search(r"\bnow\b", match[0]):
            return (now - then) * 12
    return None


def by_birth(said: str) -> float | None:
    """The months since a birth that the message counts from, where it tells how old the child is."""
    found = _BIRTH.search(said)
    if not found or not _OFFSPRING.search(said[: found.end()]):
        return None
    unit = (found[2] or "y")[0]
    return float(found[1]) * {"y": 12, "m": 1, "w": 12 / 52}[unit]
