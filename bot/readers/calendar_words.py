"""Names of months and days in the year."""

import re
from datetime import date

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
FEAST = (
    r"(?:christmas|xmas|easter|halloween|thanksgiving|new year'?s?(?: eve| day)?|nye|valentine'?s?(?: day)?|hanukkah"
    r"|ramadan|eid|diwali|labou?r day|memorial day|independence day|the holidays)"
)
SEASON = r"(?:spring|summer|fall|autumn|winter)"
MONTH_OF_DAY = {
    "spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12, "christmas": 12, "xmas": 12, "easter": 4,
    "halloween": 10, "thanksgiving": 11, "new year": 1, "nye": 12, "valentine": 2, "hanukkah": 12, "the holidays": 12,
    "labor day": 9, "labour day": 9, "memorial day": 5, "independence day": 7,
    # These move through the year; the months are those of 2026.
    "ramadan": 2, "eid": 3, "diwali": 11,
}  # fmt: skip
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"'?(\d{4}|\d\d)"
_DATES = (
    (re.compile(rf"\b{_DAY}(?: of)?[ .,/-]{{0,2}}({MONTH})[ .,/-]{{0,3}}{_YEAR}\b"), ("day", "month", "year")),
    (re.compile(rf"({MONTH})[ .,/-]{{0,2}}{_DAY}[ .,/-]{{1,3}}{_YEAR}\b"), ("month", "day", "year")),
    (re.compile(r"\b(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})\b"), ("year", "month", "day")),
    (re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d\d)\b"), ("day", "month", "year")),
    (re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)\b"), ("month", "day", "year")),
    (re.compile(rf"({MONTH})[ .,]{{0,2}}(?:of )?(\d{{4}})\b"), ("month", "year")),
    (re.compile(r"\b(\d{1,2})/(\d{4})\b"), ("month", "year")),
)


def month_number(name: str) -> int:
    """The month whose name or number this is."""
    return int(name) if name.isdigit() else _NAMES.index(name[:3]) + 1


def full_year(digits: str, today: date) -> int:
    """The year; two digits stand for the last such year that is over."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < today.year - 2000 else 1900)


def find_date(text: str, today: date) -> tuple[date, tuple[int, int]] | None:
    """The first date in the text and its place; without a day, the first of the month."""
    for pattern, names in _DATES:
        if found := pattern.search(text):
            day = _as_date(dict(zip(names, found.groups(), strict=True)), today)
            if day:
                return day, found.span()
    return None


def _as_date(parts: dict[str, str], today: date) -> date | None:
    year, month, day = full_year(parts["year"], today), month_number(parts["month"]), int(parts.get("day", 1))
    if month > 12 >= day:
        month, day = day, month
    try:
        return date(year, month, day)
    except ValueError:
        return None
