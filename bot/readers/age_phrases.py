"""Ages told in a roundabout way: sums, years of birth; and numbers that are no age."""

import re
from collections.abc import Callable
from datetime import date

from bot.readers.calendar_words import MONTH, find_date, full_year
from bot.readers.people import on_behalf, whose

Match = re.Match[str]
_FUTURE = re.compile(
    r"\b(?:is|next|tomorrow|in|on|coming|upcoming|soon|will|before|till|until|away|this|short|shy|off|almost"
    r"|nearly)\b"
)
_PAST = re.compile(r"\b(?:was|last|ago|just|had|celebrated|yesterday|turned)\b")
_YEARS = r"(?:years?|yrs?|y)"
_NEAR = 60  # characters before a birth that may say whose it is


def _birthday(match: Match) -> str:
    around = match.string
    coming = _FUTURE.search(around) and not _PAST.search(around)
    return f" {'turning' if coming else 'turned'} {match[1]} "


_SUMS: tuple[tuple[re.Pattern[str], Callable[[Match], str]], ...] = (
    (
        re.compile(r"\b(\d) ?score(?: (?:years )?and (\d+)| (\d+))?(?: years)?"),
        lambda m: str(20 * int(m[1]) + int(m[2] or m[3] or 0)),
    ),
    (re.compile(r"\bhalf (?:a|of a) century\b"), lambda m: "50"),
    (re.compile(r"\b(?:a )?quarter (?:of )?(?:a )?century\b"), lambda m: "25"),
    (
        re.compile(r"\b(\d) decades(?: and (\d) years?)?(?= old|$| young)"),
        lambda m: str(10 * int(m[1]) + int(m[2] or 0)),
    ),
    (re.compile(r"\bbig ([1-9]) ?[-.]? ?(?:o|0|oh|zero)\b"), lambda m: f"{m[1]}0"),
    (re.compile(r"^[^\w']*([1-9])(?:[- ]0|[- ]?oh?)\W*$"), lambda m: f"{m[1]}0"),
    (
        re.compile(
            rf"\b(\d+|a|an) ?(?:(?:{_YEARS} )?(?:short|shy|off)|{_YEARS} (?:away from|from|until|till|under|before"
            rf"|to))(?: of)?(?: being| turning| hitting)? (?:the big )?([2-9]\d|1[0-9])\b(?! {_YEARS})"
        ),
        lambda m: str(int(m[2]) - _count(m[1])),
    ),
    (re.compile(rf"\b(\d+|a|an) {_YEARS} (older|younger) than (.{{0,60}}?\b)(\d+)\b"), lambda m: _compared(m)),
    (re.compile(rf"\b(\d+)\b(.{{1,40}}?)\b(\d+|a) {_YEARS} (older|younger)\b(?! than)"), lambda m: _beside(m)),
    (re.compile(r"\b(?:twice|double) (?:my |of )?(\d+)\b"), lambda m: str(2 * int(m[1]))),
    (re.compile(r"\b(\d+) (?:plus|\+) (\d+)\b"), lambda m: str(int(m[1]) + int(m[2]))),
    (
        re.compile(
            r"(?<![\d./-])\b(\d+)(?: (?:&|and|n) (?:a |an )?(?:half|bit|quarter|3 quarters|change|\d/\d|a few months)"
            r"| [13]/[24]|[.,]\d{1,2})(?![\d/]|\.\d)"
        ),
        lambda m: m[1],
    ),
    (
        re.compile(rf"\b(\d+) ?{_YEARS}(?: old)?,? ?(?:and|&|,)? ?\d+ ?(?:months?|mos?|m|weeks?|wks?|days?)\b"),
        lambda m: f"{m[1]} years old",
    ),
    (re.compile(r"\b(\d+)(?:st|nd|rd|th) (?:birthday|bday|b-day)\b"), _birthday),
    (
        re.compile(r"\bmy (\d+)(?:st|nd|rd|th)(?= (?:last|next|was|is|on|in|this|yesterday|tomorrow)\b|$|[,.!])"),
        _birthday,
    ),
    (re.compile(r"\b(?:the )?(?:same age|as old) as (?:my|our|the) \w+"), lambda m: "i'm"),
    (re.compile(r"\bin my (\d+)(?:st|nd|rd|th) year\b"), lambda m: str(int(m[1]) - 1)),
)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else 1


def _beside(match: Match) -> str:
    apart = _count(match[3]) * (1 if match[4] == "older" else -1)
    return f"{match[1]}{match[2]}{int(match[1]) + apart}"


def _compared(match: Match) -> str:
    apart = _count(match[1]) * (1 if match[2] == "older" else -1)
    return f"i'm {int(match[4]) + apart}"


_BORN = (
    r"(?:born|b\.?(?= ?\d{4})|yob|birth(?:day|date| date| year)?|dob|d\.o\.b\.?|bday|year of birth|birthyear"
    r"|came into (?:this|the) world)"
)
_YEAR_ALONE = re.compile(
    rf"\W*(?:i'?m |i am )?(?:from |a |an |in |since |circa |vintage |model |year )*(?:{MONTH} )?(?:[\d/.-]+"
    rf"|'\d\d(?!'))"
    r"(?: baby| kid| model| vintage|er)?\W*"
)
_NO_AGE = re.compile(
    r"\b(?:norwood|nw|ludwig|hamilton|stage|grade|gr|class(?: of)?|year|yr|form|level|standard|std|scale|type|room"
    r"|top|covid"
    r"|no(?=[.:#])|nr|number|phase|version|iphone|line|week|day|month|chapter|highway"
    r"|route)[ .:#-]{0,2}\d+\b(?!,? (?:yo"
    r"|years? old))"
    r"|\b(?:norwood|ludwig|hamilton)(?: \w+){1,3} \d+\b"
    r"|[$€£#]\s?\d[\d.,]*k?|\b\d+(?:st|nd|rd|th)\b|\b\d{1,3}(?:,\d{3})+\b|\b\d+'\s?\d*\"?|\b\d+ ?(?:foot|feet"
    r"|ft) ?\d*"
    r"|\b\d+(?::\d\d| ?[ap]\.?m\b)(?: ?[ap]m)?|\b\d+ ?(?:/|out of) ?\d+\b(?! ?y)|\b\d{5,}\b|\b(?:1[5-9]|2\d)\d\d\b"
    r"|\b\d+ ?(?:'?s\b|-?(?:ish )?something|-?odd\b|-somethings?)|\b\d+ ?(?:-|to|or|and) ?\d+\b(?= ?(?:years?|yrs?"
    r"|yo\b|or so|$|ish))"
    r"|\bbetween(?: the ages of)? \d+ and \d+|\b\d+ ?(?:-|to|or) ?\d+\b|\b\d+x\b|\bx\d+\b|\b24/7\b"
)


def spelled_out(text: str) -> str:
    """The text with sums of years worked out: "two years short of 60" as 58."""
    for pattern, value in _SUMS:
        text = pattern.sub(value, text)
    return text


def without_other_numbers(text: str) -> str:
    """The text with numbers that cannot be an age blanked: prices, grades, decades, dates."""
    return _NO_AGE.sub(lambda match: " # " if match[0] else "", text)


def birth_told(text: str) -> bool:
    """Whether the message has its writer's birth in it."""
    return bool(re.search(rf"\b{_BORN}", text)) and bool(re.search(r"\d", text)) and not _of_another(text)


def _of_another(text: str) -> bool:
    """Whether a birth in the message is that of somebody who is only named in it."""
    born = re.search(rf"\b{_BORN}(?![a-z])", text)
    return (
        born is not None and whose(text[max(0, born.start() - _NEAR) : born.start()]) == "other" and not on_behalf(text)
    )


def age_by_birth(text: str, today: date) -> int | None:
    """The age that follows from a year or a day of birth, where the message tells one."""
    if _of_another(text):
        return None
    dated = find_date(text, today)
    rest = text[: dated[1][0]] + text[dated[1][1] :] if dated else text
    if not (
        re.search(rf"\b{_BORN}(?![a-z])", text) or _YEAR_ALONE.fullmatch(text) or (dated and not re.search(r"\w", rest))
    ):
        return None
    if dated:
        born = dated[0]
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if year := re.search(r"(?<![\d/.-])((?:19|20)\d\d)(?!\d)", text):
        return today.year - int(year[1])
    short = re.search(rf"{_BORN}\D{{0,12}}?'?(\d\d)\b|'(\d\d)\b(?!')|\b(\d\d) (?:baby|model|vintage)", text)
    return today.year - full_year(next(filter(None, short.groups())), today) if short else None
