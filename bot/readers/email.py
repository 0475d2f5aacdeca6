"""Reads an e-mail address, written with signs or in words."""

import re
import unicodedata
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email

from bot.readers.numbers import in_digits
from bot.readers.several import Found, meant

_SIGNS = (
    (re.compile(r"\s*[\[({<]\s*(?:at|@|ät|arroba)\s*[\])}>]\s*", re.IGNORECASE), "@"),
    (re.compile(r"\s*[\[({<]\s*(?:dot|\.|punkt|point|punto)\s*[\])}>]\s*", re.IGNORECASE), "."),
    (re.compile(r"\s*[\[({<]\s*(?:underscore|under score)\s*[\])}>]\s*", re.IGNORECASE), "_"),
    (re.compile(r"\s+(?:dot|punkt|punto)\s+", re.IGNORECASE), "."),
    (
        re.compile(
            r"\s+(?:point|period|full stop)\s+(?=(?:com|net|org|de|fr|es|co|uk|edu|gov|io|example)\b)", re.IGNORECASE
        ),
        ".",
    ),
    (re.compile(r"\s+(?:underscore|under score|underline|underbar|low dash)\s+", re.IGNORECASE), "_"),
    (re.compile(r"\s+(?:dash|hyphen|minus|hyfen)(?: sign)?\s+", re.IGNORECASE), "-"),
    (re.compile(r"\s+plus(?: sign)?\s+", re.IGNORECASE), "+"),
    (
        re.compile(
            r"(?<=[\w+-])\s+(?:at(?: sign)?|(?:the )?at sign|arroba|klammeraffe)\s+(?=[\w-]+\.)(?![\w.+-]+\s*(?:@"
            r"|\bat\b))",
            re.IGNORECASE,
        ),
        "@",
    ),
    (re.compile(r"(?<=[\w.+-])\s*(?<!@)@(?!@)\s*(?=\w)"), "@"),
    (re.compile(r"(?<=@)([\w-]+)\s?[,;]\s?(?=(?:com|net|org|de|co|uk|edu)\b)", re.IGNORECASE), r"\1."),
    (re.compile(r"(?<=@)([\w-]+)\s*\.\s+(?=(?:com|net|org|de|co\.|uk|edu|fr|es|it|io)\b)", re.IGNORECASE), r"\1."),
    (re.compile(r"(?<=@)([\w-]+)\s+\.\s*(?=\w)", re.IGNORECASE), r"\1."),
)
_ADDRESS = re.compile(r"(?<![\w@.+-])[\w.!#$%&*+/=?^{|}~'-]+@[\w-]+(?:\.[\w-]+)*\.[\w-]{2,}(?!@)", re.UNICODE)
_WORDED = re.compile(r"\bat\b|\barroba\b|\bdot\b", re.IGNORECASE)
# Without one of these no text holds an address, and most have none.
_AT = re.compile(r"@|＠|﹫|\bat\b|arroba|klammeraffe|\[ät|\(ät|<ät|{ät|ät ?[\])}>]", re.IGNORECASE)
_LEAD = (
    "is it its it's email e-mail mail address addy my me to use the at on or and so please now new that's thats "
    "write reach contact try send ok yes sure yeah for by this one here here's heres would be as id i'm im i am "
    "hi hello under best just not no was has have gmail work home personal private with of under old called "
    "spelled spell letters lowercase only a an then but sorry actually again well um "
)
_LABEL = re.compile(r"^(?:(?:e-?mail|mail|https?|e)[=:/-]+)?/*", re.IGNORECASE)
_LETTERS = re.compile(r"(?<![\w'@.])(?:[a-z0-9][ -]){2,}[a-z0-9](?=\s*(?:@|[._+]|\bat\b))", re.IGNORECASE)
_TRAILING = re.compile(r"(?P<words>(?:[\w'-]+ ){1,5})(?P<last>[\w.+-]+)@")


def read_email(text: str) -> str | None:
    """The address that the visitor wants to be written to, with its domain in small letters."""
    if not _AT.search(text):
        return None
    said = _signs(text)
    found = [Found(address, start, end) for address, start, end in _addresses(said)]
    return meant(said.casefold().replace("’", "'"), found) if found else None


def _signs(text: str) -> str:
    said = " ".join(unicodedata.normalize("NFKC", text).replace("mailto:", " ").split())
    said = _LETTERS.sub(lambda match: re.sub(r"[ -]", "", match[0]), said)
    worded = "@" not in said and bool(_WORDED.search(said))
    if worded:
        said = _digits(said)
    for pattern, sign in _SIGNS:
        said = pattern.sub(sign, said)
    return _TRAILING.sub(_joined, said) if worded else said


def _digits(said: str) -> str:
    """The words with digits for numbers, and every other word as it was typed."""
    return " ".join(in_digits(word) if in_digits(word).isdigit() else word for word in _number_words(said))


def _number_words(said: str) -> list[str]:
    return re.sub(
        r"\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -](?:one|two|three|four|five|six|seven|eight"
        r"|nine)\b",
        lambda match: in_digits(match[0]),
        said,
        flags=re.IGNORECASE,
    ).split(" ")


def _joined(match: re.Match[str]) -> str:
    """Words before a spoken address belong to it as far back as no word of a sentence stands there."""
    own: list[str] = []
    words = match["words"].split()
    while words and words[-1].casefold() not in _LEAD.split() and not words[-1].endswith(("'s", "s'")):
        own.insert(0, words.pop())
    return "".join(f"{word} " for word in words) + "".join(own) + match["last"] + "@"


def _addresses(said: str) -> Iterator[tuple[str, int, int]]:
    for match in _ADDRESS.finditer(said):
        raw = _LABEL.sub("", match[0]).lstrip("'.<").rstrip(".-_'")
        try:
            valid = validate_email(raw, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            continue
        yield f"{valid.local_part}@{valid.domain}", match.start(), match.end()
