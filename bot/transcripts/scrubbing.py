"""Takes personal details out of a question, so that it can teach the assistant: pure, text in, text out.

In the place of each stands a word in parentheses that says what was there. Rather too much is taken out than too
little: a person reads what is left. An age stays, since the question may hang on it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from bot.transcripts.name_words import ALSO_WORDS, is_no_name

NAME, MAIL, LINK, NUMBER, ADDRESS, DATE = "(name)", "(e-mail)", "(link)", "(number)", "(address)", "(date)"
MOST_ROUNDS = 5
_PLACEHOLDERS = frozenset(re.findall(r"\w+", f"{NAME} {MAIL} {LINK} {NUMBER} {ADDRESS} {DATE}"))

_ENDINGS = "com|net|org|info|biz|co|io|me|app|uk|de|fr|es|it|nl|pl|ca|au|mx|in|br|ch|at|be|se|no|dk|ru|jp"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)(?:[a-z]{2,6})?\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_CALENDAR = rf"(?:{_DAY}\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+{_DAY})"
_UNITS = (
    "weeks?|months?|years?|yrs?|days?|hours?|hrs?|minutes?|mins?|miles?|km|kilometers?|times?|sessions?|treatments?"
    "|grafts?|hairs?|percent|dollars?|bucks|euros?|pounds|people|doctors?|clinics?|docs?|drs?|more|of|or|and|to|in|mg"
)
_STREET = "street|avenue|ave|road|rd|lane|boulevard|blvd|highway|hwy|crescent"
_STREET_IN_CAPITALS = "St|Dr|Drive|Way|Place|Pl|Court|Ct|Close|Square|Sq|Terrace|Ln|Parkway|Pkwy"
_HOUSE = rf"\b\d{{1,5}}[a-z]?,?\s+(?!(?:{_UNITS})\b)"
_FLAT = r"(?:,?\s*(?:apt|apartment|suite|unit|flat|#)\.?\s*\w+)?"
_BORN = (
    r"\b(?:born|dob|d\.o\.b\.?|date of birth|birth ?date|birthday|b-?day)\b(?:\s*(?:is|was|on|in|the|:|-|=|,)){0,3}\s*"
)

# In this order: what is left of one must not look like the next.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (instead, re.compile(pattern, flags))
    for instead, pattern, flags in (
        (LINK, r"\b(?:https?|ftp)://\S+|\bwww\.\S+", re.IGNORECASE),
        (MAIL, r"[^\s@(),;<>]+@[^\s@(),;<>]+\.[^\s@(),;<>]*\w", 0),
        (
            MAIL,
            rf"\b[\w.+-]+\s*[(\[]?\s*\bat\b\s*[)\]]?\s*[\w-]+\s*(?:[(\[]?\s*\bdot\b\s*[)\]]?|\.)\s*(?:{_ENDINGS})\b",
            re.IGNORECASE,
        ),
        (NAME, r"(?<![\w@])@\w[\w.]*", 0),
        (LINK, rf"\b(?:[a-z0-9-]+\.)+(?:{_ENDINGS})\b(?:/\S*)?(?!\.\w)", re.IGNORECASE),
        (DATE, rf"{_BORN}(?:{_CALENDAR}\b|\d[\d./-]*)(?:,?\s*\d{{2,4}}\b)?", re.IGNORECASE),
        (DATE, r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b", 0),
        (DATE, rf"\b(?:{_CALENDAR}),?\s+\d{{4}}\b", re.IGNORECASE),
        (ADDRESS, rf"{_HOUSE}(?:[\w.'-]+\s+){{1,3}}?(?:{_STREET})\b\.?{_FLAT}", re.IGNORECASE),
        (ADDRESS, rf"{_HOUSE}(?:[A-Z0-9][\w.'-]*\s+){{1,3}}?(?:{_STREET_IN_CAPITALS})\b\.?{_FLAT}", 0),
        (ADDRESS, r"\b\w+(?:straße|strasse|str\.)\s*\d+\s?[a-z]?\b|\bp\.?\s?o\.? box \d+", re.IGNORECASE),
        (ADDRESS, r"\b(?:rue|calle|avenida|via|rua|ulica)\s+(?:[\w'-]+\s+){1,3}\d+\b", re.IGNORECASE),
        (ADDRESS, r"\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b", 0),
        (ADDRESS, r"\b(?:zip|post) ?code(?: is|:)?\s+\w*\d\w*", re.IGNORECASE),
        (NUMBER, r"\b(?=(?:\w*\d){3})(?=\w*[A-Z])[A-Z0-9]{6,}\b", 0),
        # Seven digits and more, however they are parted; not two years, and not what money is counted in.
        (NUMBER, r"(?<![\w$€£])(?!(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d\b)[+(]{0,2}\d(?:[\s().–/-]{0,2}\d){6,}", 0),
        (NUMBER, r"\d{6,}|\bS-[0-9A-Z]{6}\b", 0),
    )
)  # fmt: skip

_WORD = r"(?:(?:[^\W\d_]\.)+|[^\W\d_][\w'’-]*)"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŐŘŚŞŠŤŰŹŻŽΑ-ΩА-Я][\w'’-]*"
_LATER = rf"(?:\s+{_CAPITAL}){{0,3}}"
# After these comes a name, however it is written.
_STRONG = re.compile(
    r"(?i:\b(?:my (?:\w+ )?names?(?:['’]s| is|:)?|the name(?:['’]s| is)|name:|call me|i am called"
    r"|i['’]?m called|i go by|signed[,:])\s+|\bmrs?\b\.?\s+)"
    rf"(?P<name>(?:(?i:dr|mrs?)\.? )?{_WORD}(?:\s+{_WORD}){{0,3}})"
)
# After these comes one where it is written like one, or where the way it goes on says so.
_WEAK = (
    r"(?i:\b(?:i['’]?m|i am|this is|it['’]?s|it is|here is|dr\.?|doctor|ms\.?|miss|prof\.?"
    r"|regards,?|sincerely,?|cheers,?|love,)\s+)"
)
_LIKE_A_NAME = re.compile(rf"{_WEAK}(?P<name>{_CAPITAL}{_LATER})")
_INTRODUCED = re.compile(
    rf"(?i:\b(?:i['’]?m|i am|this is|it['’]?s)\s+)(?P<name>{_WORD})"
    r"(?=,?\s+(?i:here\b|from\b|by the way|and (?:i['’]?m|i am) \d|\(?\d{2}\b))"
)
_SIGNED = re.compile(
    rf"(?i:\b(?:thanks|thank you|thx|best|yours|greetings)[,!.]*\s+)(?P<name>{_CAPITAL}{_LATER})\s*[.!]*$"
)
_HERE = re.compile(rf"(?:^|(?<=[,.!?]\s))(?:(?i:hi|hey|hello),?\s+)?(?P<name>{_CAPITAL}{_LATER}) here\b")
_PATTERNS = (_STRONG, _LIKE_A_NAME, _INTRODUCED, _SIGNED, _HERE)


def scrub(text: str, names: Collection[str] = ()) -> str:
    """`text` in one line without e-mail and other addresses, links, numbers, dates, and names; `names` are known ones.

    Nothing more comes off what was scrubbed: `scrub(scrub(text)) == scrub(text)`.
    """
    before, after = "", _one_line(text)
    for _ in range(MOST_ROUNDS):
        if before == after:
            break
        before, after = after, _once(after, names)
    return after


def _one_line(text: str) -> str:
    kept = (" " if unicodedata.category(sign) in ("Cc", "Cn", "Co", "Cs", "Zl", "Zp") else sign for sign in text)
    return " ".join("".join(kept).split())


def _once(text: str, names: Collection[str]) -> str:
    for instead, pattern in _RULES:
        text = pattern.sub(instead, text)
    for pattern in _known(names):
        text = pattern.sub(NAME, text)
    for pattern in _PATTERNS:
        text = pattern.sub(_without_name, text)
    return text


def _known(names: Collection[str]) -> Iterator[re.Pattern[str]]:
    """How each part of known names is found; longer ones first, so that none is left of a longer one."""
    words = {part.strip(".") for name in names for part in re.findall(_WORD, name)}
    for word in sorted((word for word in words if len(word) > 1), key=lambda word: (-len(word), word)):
        if word.casefold() in _PLACEHOLDERS:
            continue
        if word.casefold() in ALSO_WORDS:
            yield re.compile(rf"(?<!\w){re.escape(word.capitalize())}(?!\w)")
        else:
            yield re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def _without_name(found: re.Match[str]) -> str:
    told = _name_in(found["name"])
    start = found.start("name") - found.start()
    return f"{found[0][:start]}{NAME}{found[0][start + len(told) :]}" if told else found[0]


def _name_in(words: str) -> str:
    """The beginning of `words` that is a name, up to the first word that cannot be a part of one."""
    ended = [place for place, word in _placed(words) if is_no_name(word)]
    return words[: ended[0]].rstrip() if ended else words


def _placed(words: str) -> Iterator[tuple[int, str]]:
    return ((found.start(), found[0]) for found in re.finditer(r"[^\s'’.][^\s'’.]*", words))
