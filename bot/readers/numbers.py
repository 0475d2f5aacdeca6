"""Plain text for the readers: one kind of quote and dash, small letters, and digits for the words of numbers."""

import re
import unicodedata

from rapidfuzz.distance import OSA
from text_to_num import alpha2digit

_SIGNS = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "—": " - ",
        "…": "...",
    }
)
_FRACTIONS = {"½": " and a half", "¼": " and a quarter", "¾": " and 3 quarters"}
_LONG = (
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_REAL_WORDS = frozenset(
    {
        "eight",
        "thirsty",
        "forte",
        "forts",
        "forth",
        "forties",
        "fifties",
        "sixties",
        "shirty",
        "eighties",
        "twenties",
        "thirties",
        "seventies",
        "nineties",
    }
)
_MISSPELT_TWICE = 8
LONGEST = 5000  # characters of a text, its fractions written out, that are read
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_GLUED = re.compile(rf"\b(twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety)({_UNITS})\b")
_SUFFIX = re.compile(r"(?<=[a-z])-(?=(?:years?|yrs?|months?|weeks?|days?|ish|odd|some|something|plus|and|oh)\b)")
_ISH = re.compile(r"\b([a-z]*(?:ty|een|ten|elve|one|two|three|four|five|six|seven|eight|nine))ish\b")
_RANGE = re.compile(rf"\b({_UNITS})-({_UNITS}|ten)\b")
_SPOKEN_YEAR = re.compile(r"(?<![\d.,/:-])\b(19|20) (?:(\d\d)|(?:oh|o|0) ?(\d))\b(?![\d.,/:%-]*\d)")
_NOT_A_NUMBER = re.compile(r"\b(no|any|some|every|this|that|which|the|each|another) ?ones?\b")


def plain(text: str) -> str:
    """The text in small letters, with one kind of quote, dash and space."""
    for sign, words in _FRACTIONS.items():
        text = re.sub(rf"(?<=\d){sign}", words, text).replace(sign, words.replace(" and ", ""))
    return " ".join(unicodedata.normalize("NFKC", text[:LONGEST]).translate(_SIGNS).casefold().split())


def _respelt(match: re.Match[str]) -> str:
    word = match[0]
    if word in _REAL_WORDS or word in _LONG or word.endswith(("th", "ths")):
        return word
    most = 1 if len(word) < _MISSPELT_TWICE else 2
    near = (number for number in _LONG if number[0] == word[0] and OSA.distance(number, word) <= most)
    return next(near, word)


def _prepared(text: str) -> str:
    text = _NOT_A_NUMBER.sub(r"\1 thing", _RANGE.sub(r"\1 to \2", text))
    text = _SUFFIX.sub(" ", _ISH.sub(r"\1 ish", text))
    text = re.sub(r"\b[efnst][a-z]{3,9}\b", _respelt, text)
    return _GLUED.sub(r"\1 \2", text)


def in_digits(text: str) -> str:
    """The text as `plain` has it, with digits for every number that is told in words."""
    before = plain(text)
    after = str(alpha2digit(_prepared(before), "en", 0))
    return after if _SPOKEN_YEAR.search(before) else _SPOKEN_YEAR.sub(r"\1\2", _with_zeros(after))


def _with_zeros(text: str) -> str:
    return re.sub(r"\b(19|20) (?:oh|o|0) ?(\d)\b", r"\g<1>0\2", text)
