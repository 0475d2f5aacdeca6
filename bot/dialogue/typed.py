"""What a visitor typed, made safe to read: text stays text, whatever Rasa would see in it."""

import unicodedata

SPACES = "\t\v\f\r\x85"


def clean(text: str) -> str:
    """`text` without control characters and lone surrogates, and without the slash in front that Rasa obeys."""
    kept = (" " if character in SPACES else character for character in text if _belongs(character))
    return _without_command("".join(kept)).strip()


def _belongs(character: str) -> bool:
    return character == "\n" or character in SPACES or unicodedata.category(character) not in ("Cc", "Cs")


def _without_command(text: str) -> str:
    """`text` from its first character that is neither a slash nor invisible."""
    for place, character in enumerate(text):
        if not (character == "/" or character.isspace() or unicodedata.category(character) == "Cf"):
            return text[place:]
    return ""


def says_nothing(text: str) -> bool:
    """Whether there is no letter, no digit and no picture in `text`."""
    return not any(_speaks(unicodedata.category(character)) for character in text)


def _speaks(category: str) -> bool:
    return category[0] in "LN" or category == "So"
