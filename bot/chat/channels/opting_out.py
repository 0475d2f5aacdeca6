"""The words of the law on text messages: who sends one of them, and nothing else, wants no more, or to know who writes.

The lists are those that US carriers and Twilio go by; "stop" in a sentence is for the assistant.
"""

import unicodedata
from typing import Literal

Wanted = Literal["stop", "start", "help"]

WORDS: dict[Wanted, frozenset[str]] = {
    "stop": frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}),
    "start": frozenset({"start", "unstop", "yes"}),
    "help": frozenset({"help", "info"}),
}


def wanted(text: str) -> Wanted | None:
    """What a message of one of the words wants, whatever its case, spaces and punctuation; None for any other."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    word = "".join(character for character in plain if character.isalnum())
    return next((kind for kind, words in WORDS.items() if word in words), None)


def wanted_by_type(opt_out_type: str) -> Wanted | None:
    """What Twilio's field OptOutType says, where its own list of words has found one."""
    word = opt_out_type.strip().casefold()
    return next((kind for kind in WORDS if kind == word), None)
