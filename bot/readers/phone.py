"""Reads a telephone number, in digits or in words, as E.164."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher
from phonenumbers.geodata.locale import LOCALE_DATA

from bot.readers.numbers import in_digits, plain
from bot.readers.several import Found, meant

_PEOPLE = {
    "uk": "GB",
    "british": "GB",
    "england": "GB",
    "english number": "GB",
    "scotland": "GB",
    "wales": "GB",
    "britain": "GB",
    "german": "DE",
    "deutschland": "DE",
    "french": "FR",
    "spanish": "ES",
    "españa": "ES",
    "italian": "IT",
    "italia": "IT",
    "dutch": "NL",
    "holland": "NL",
    "irish": "IE",
    "australian": "AU",
    "aussie": "AU",
    "indian": "IN",
    "mexican": "MX",
    "méxico": "MX",
    "canadian": "CA",
    "swiss": "CH",
    "austrian": "AT",
    "belgian": "BE",
    "portuguese": "PT",
    "polish": "PL",
    "swedish": "SE",
    "norwegian": "NO",
    "danish": "DK",
    "turkish": "TR",
    "brazilian": "BR",
    "japanese": "JP",
    "uae": "AE",
    "israeli": "IL",
    "usa": "US",
    "american": "US",
    "nz": "NZ",
    "london": "GB",
    "berlin": "DE",
    "paris": "FR",
    "dubai": "AE",
}
_DIGIT = r"(?:zero|oh|o|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|\d)"
_TIMES = re.compile(rf"\b(double|triple|treble|quadruple) ({_DIGIT})\b")
_SPOKEN = re.compile(rf"(?:\b{_DIGIT}\b[\s,.-]*){{5,}}")
_JOINED = re.compile(rf"\b(?:{_DIGIT}-)+{_DIGIT}\b")
_HUNDRED = re.compile(rf"\b({_DIGIT}) hundred (?={_DIGIT}\b)")
_PLUS = re.compile(r"\bplus (?=\d)")
_EXTENSION = re.compile(
    r"(?:,|;)? ?(?:\b(?:ext(?:ension)?|extn|xtn|durchwahl|desk)\.?|(?<![a-z])x\.?|#) ?:?(?: number"
    r"| is)? ?\d(?: ?\d){0,5}\b"
)
_TRUNK = re.compile(r"\( ?0 ?\)")
_GROUPS = re.compile(r"(?<![\w+@.])(?:\+|00)?[\d(][\d\s()./+-]{5,}\d(?![\w@]|\.\w+@)")
_HOURS = re.compile(
    r"\b(?:at|after|before|between|from|until|till|by|around) \d{1,2}(?::\d\d)?(?: ?(?:[ap]\.?m\b|(?:and|-|to"
    r"|until) \d{1,2}\b))?(?! ?[-.(/]? ?\d)"
    r"|(?<![\d-])\d{1,2} ?- ?\d{1,2}(?= \(?\d{3})"
)
_BRACKETS = str.maketrans("[]_", "()-")
LEAST_DIGITS, MOST_DIGITS = 7, 15
# With fewer digits, or words that may stand for some, no text holds a number; most have none.
_COUNTED = re.compile(
    r"\d|\b(?:zero|oh|o|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"(?:twen|thir|fo|fif|six|seven|eigh|nine)u?r?ty|double|triple|treble|quadruple|hundred)",
    re.IGNORECASE,
)
LEAST_COUNTED = 3


def read_phone(text: str, region: str = "US") -> str | None:
    """The number to call in E.164; `region` is where a number without a country code belongs."""
    if sum(1 for _ in _COUNTED.finditer(text)) < LEAST_COUNTED:
        return None
    said = _numbers(text)
    home = _region_named(said) or region
    found = [*_found(said, home)] or [*_found(re.sub(r"(?<=\d), (?=\d)", " ", said), home)]
    return meant(said, found) if found else None


def _numbers(text: str) -> str:
    """The text with its spoken digits written as digits, without extensions."""
    said = _JOINED.sub(lambda match: match[0].replace("-", " "), plain(text).translate(_BRACKETS))
    said = _HUNDRED.sub(r"\1 zero zero ", _TIMES.sub(_repeated, said))
    said = _SPOKEN.sub(lambda match: _zeros(match[0]), said)
    said = _PLUS.sub("+", in_digits(said))
    return _HOURS.sub(" at some time ", _TRUNK.sub("", _EXTENSION.sub(" extension", said)))


def _repeated(match: re.Match[str]) -> str:
    return " ".join([match[2]] * {"double": 2, "triple": 3, "treble": 3}.get(match[1], 4))


def _zeros(spoken: str) -> str:
    return re.sub(r"\b(?:oh|o|nought|naught|nil)\b", "zero", spoken)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    names = {code: _english(code) for code in LOCALE_DATA}
    return {name.casefold(): code for code, name in names.items() if len(name) > 3} | _PEOPLE


def _english(code: str) -> str:
    name = LOCALE_DATA[code].get("en", "")
    return LOCALE_DATA[code].get(name[1:], "") if name.startswith("*") else name


def _region_named(said: str) -> str | None:
    """The one country that the text names."""
    known = _countries()
    words = re.findall(r"[^\W\d_]+", said)
    pairs = [*words, *(f"{first} {second}" for first, second in pairwise(words))]
    named = {known[word] for word in pairs if word in known}
    return named.pop() if len(named) == 1 else None


def _found(said: str, region: str) -> Iterator[Found]:
    for match in _GROUPS.finditer(said):
        inside = [*PhoneNumberMatcher(match[0], region, leniency=Leniency.VALID)]
        if len(inside) > 1:
            for one in inside:
                yield Found(_formatted(one.number), match.start() + one.start, match.start() + one.end)
        elif number := _parsed(match[0], region):
            yield Found(number, match.start(), match.end())
        elif inside:
            yield Found(_formatted(inside[0].number), match.start() + inside[0].start, match.start() + inside[0].end)


def _formatted(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _parsed(raw: str, region: str) -> str | None:
    """The number of a run of digits: as it stands, else as one of abroad without its plus."""
    digits = re.sub(r"\D", "", raw)
    if not LEAST_DIGITS <= len(digits) <= MOST_DIGITS + 2 or len(set(digits)) == 1:
        return None
    sign = "+" if raw.lstrip().startswith("+") else ""
    if not sign and digits.startswith("00"):
        sign, digits = "+", digits[2:]
    for attempt in (sign + digits, "+" + digits):
        number = _valid(attempt, region)
        if number:
            return number
    return None


def _valid(raw: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(number):
        return _formatted(number)
    if number.country_code == 1 and str(number.national_number)[0] in "01":
        return None
    whole = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    return _formatted(number) if whole else None
