"""How a form names a turn: its conversation and its number, with a point between."""

from collections.abc import Iterable

from bot.errors import FormRefused
from bot.transcripts.reviews import Turn


def key_of(turn: Turn) -> str:
    """The name of a turn."""
    return f"{turn[0]}.{turn[1]}"


def read_key(text: str) -> Turn:
    """The turn of a name; raises FormRefused where it is none."""
    conversation, _, sequence = text.rpartition(".")
    if not (conversation and sequence.isascii() and sequence.isdigit() and len(sequence) < 10):
        raise FormRefused("One of the questions is none")
    return conversation, int(sequence)


def read_keys(texts: Iterable[str]) -> list[Turn]:
    """The turns of names, each once; raises FormRefused, also where there are none."""
    turns = list(dict.fromkeys(map(read_key, texts)))
    if not turns:
        raise FormRefused("No question is ticked")
    return turns
