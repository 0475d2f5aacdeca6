"""Masks what says how to reach a person: in the fields of a lead, and wherever it stands in a text."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.leads.masking import masked
from bot.transcripts.name_words import ALSO_WORDS, NO_NAMES

EMAIL = re.compile(r"[^\s<>()\[\],;:\"@]+ ?@ ?[^\s<>()\[\],;:\"@]+")
# Seven digits and more; those of trials and papers are no telephone numbers, nor is a day or a span of years.
NUMBER = re.compile(r"(?<!\d)(?<!NCT)(?<!PMC)(?<!UMIN)(?:\+ ?)?\(?\d(?:[\s().\-/\u2013]{0,3}\d){6,}")
TIME = re.compile(r"(?:19|20)\d\d(?:-\d\d-\d\d|[\s./\u2013-]{1,3}(?:19|20)\d\d)")
# Names that are words as well: only written as a name they are one.
WORDS = ALSO_WORDS | NO_NAMES | {"best", "brown", "cook", "day", "green", "hill", "king", "love", "price"}


def mask_email(value: str) -> str:
    """An e-mail address of which the first letter is seen."""
    return masked("email", value)


def mask_phone(value: str) -> str:
    """A telephone number of which the last two digits are seen."""
    return masked("phone", value)


def mask_name(value: str) -> str:
    """A name of which the first letter is seen."""
    return masked("name", value)


def mask_field(field: str, value: str) -> str:
    """A contact detail by the name of its field; the value of any other field as it is."""
    return masked(field, value) if field in ("name", "email", "phone") else value


def finds(field: str, text: str) -> bool:
    """Whether a text has what is masked as an e-mail address or as a telephone number, by the name of the field."""
    if field == "email":
        return EMAIL.search(text) is not None
    return any(not TIME.fullmatch(found[0]) for found in NUMBER.finditer(text))


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """A text in which e-mail addresses, numbers of 7 and more digits, and `names` with their parts are masked."""
    text = EMAIL.sub(lambda found: mask_email(found[0]), text)
    text = NUMBER.sub(lambda found: found[0] if TIME.fullmatch(found[0]) else mask_phone(found[0]), text)
    for pattern in _patterns(frozenset(names)):
        text = pattern.sub(lambda found: mask_name(found[0]), text)
    return text


@lru_cache(maxsize=64)
def _patterns(names: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    """The whole names first, then their parts, the longest first."""
    parts = {part for name in names for part in re.findall(r"[^\W\d_]{2,}", name)}
    whole = [r"\s+".join(map(_letters, name.split())) for name in names if name.strip()]
    made = [re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE) for pattern in sorted(whole, key=len, reverse=True)]
    return (*made, *map(_part, sorted(parts, key=len, reverse=True)))


def _part(part: str) -> re.Pattern[str]:
    if part.casefold() not in WORDS:
        return re.compile(rf"(?<!\w){_letters(part)}(?!\w)", re.IGNORECASE)
    return re.compile(rf"(?<!\w)(?:{part.capitalize()}|{part.upper()})(?!\w)")


def _letters(word: str) -> str:
    """A pattern of a word that is found without its accents too."""
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", word))


def _letter(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter)[0]
    return re.escape(letter) if plain == letter else f"[{re.escape(letter)}{re.escape(plain)}]"
