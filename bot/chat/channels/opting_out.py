"""The words of the law on text messages: who sends one of them, and nothing else, wants no more, or to know who writes.

The lists are those that US carriers and Twilio go by. A message that only says in other words that no more texts are
wanted counts too, since the law asks for any reasonable way; "stop" in any other sentence is for the assistant.
"""

import re
import unicodedata
from typing import Literal

Wanted = Literal["stop", "start", "help"]

WORDS: dict[Wanted, frozenset[str]] = {
    "stop": frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}),
    "start": frozenset({"start", "unstop", "yes"}),
    "help": frozenset({"help", "info"}),
}

_ASKS = r"(?:ok |please |pls |i said |i want you to |can you |just )*"
_ENDS = (
    r"(?:(?:stop |quit )+(?:texting|messaging|contacting|sending (?:me )?(?:texts|messages|sms|these|this))"
    r"|(?:dont|do not|never) (?:text|message|sms|contact)"
    r"|(?:dont|do not) send me(?: any| more)*(?: texts| messages| sms)"
    r"|no more (?:texts|messages|sms)|unsubscribe|opt out|opt me out|take me off|remove me|(?:stop ?){2,4})"
)
_BESIDE = (
    r"(?: (?:me|us|my|this|these|the|your|from|any|more|list|number|phone|texts?|messages?|again|anymore|now|please))*"
)
_NO_MORE = re.compile(_ASKS + _ENDS + _BESIDE)


def wanted(text: str) -> Wanted | None:
    """What a message of one of the words wants, whatever its case, spaces and punctuation; None for any other."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    word = "".join(character for character in plain if character.isalnum())
    if _NO_MORE.fullmatch(" ".join(re.findall(r"[a-z]+", plain.replace("'", "").replace("’", "")))):
        return "stop"
    return next((kind for kind, words in WORDS.items() if word in words), None)


def wanted_by_type(opt_out_type: str) -> Wanted | None:
    """What Twilio's field OptOutType says, where its own list of words has found one."""
    word = opt_out_type.strip().casefold()
    return next((kind for kind in WORDS if kind == word), None)
