"""The usual spelling of a name that was typed in small letters or in capitals."""

import re

PARTICLES = "van von der den de la del da das do dos di du bin bint ibn al el y e ter ten zu zum af av"


def as_written(name: str) -> str:
    """The name with capitals where they belong; a word of mixed letters stays as it was typed."""
    return " ".join(_written(word, bool(place)) for place, word in enumerate(name.split()))


def _written(word: str, later: bool) -> str:
    if later and word.casefold() in PARTICLES.split() and (word.islower() or word.isupper()):
        return word.casefold()
    if word.islower() or (word.isupper() and len(word.strip(".")) > 1) or (word[1:].isupper() and word[0].islower()):
        return _initials(word) or _capitalised(word)
    return word[:1].upper() + word[1:]


def _initials(word: str) -> str | None:
    """Two letters that nobody can say as a word, and letters with points, are initials."""
    if re.fullmatch(r"(?:\w\.)+\w?|[b-df-hj-np-tv-xz]{2}|[a-z]j|i{2,3}|iv", word.casefold()):
        return word.upper()
    return None


def _capitalised(word: str) -> str:
    parts = re.split(r"([-'])", word.casefold())
    plain = [part if part in "-'" else part[:1].upper() + part[1:] for part in parts]
    if len(parts) == 3 and parts[1] == "'" and len(parts[2]) == 1:
        plain[2] = parts[2]
    return re.sub(r"^Mc([a-z])(?=[a-z]{2})", lambda match: f"Mc{match[1].upper()}", "".join(plain))
