"""Requests on the visitor's own data that are none, or smaller ones: what must not be carried out, or not in full."""

import re

from bot.assessment.questions import plain

_KIN = (
    r"(?:wife|husband|partner|girlfriend|boyfriend|fiancee?|spouse|son|daughter|kid|child|mom|mum|mother|dad|father|"
    r"brother|sister|friend|buddy|roommate|flatmate|neighbou?r|boss|colleague|coworker|ex|aunt|uncle|cousin|patient|"
    r"client)s?"
)
_SOMEONE = rf"(?:(?:my|our|your) (?:\w+ )?{_KIN}|some(?:one|body) elses?|(?:an)?other (?:persons?|peoples?|users?))"
_DATA = r"(?:data|details|info|information|chats?|records?|requests?|messages?|answers|conversations?)"
_SENT = r"(?:sent|send|told|tells?|wrote|writes?|typed|said|says?|gave|entered|submitted)"
_OTHERS_DATA = re.compile(rf"\b(?:{_SOMEONE}|his|her|their) (?:\w+ )?{_DATA}\b")
_OTHERS_WORDS = re.compile(rf"\b(?:what|everything|anything|all)(?: that)? {_SOMEONE}(?: (?:has|have|had))? {_SENT}\b")
# "Don't call me honey" is about a name; where it might be about calls, it is.
_ADDRESSED = re.compile(
    r"\bcall(?:ing)? me (?:a )?(?:honey|hun|hon|babe|baby|sweetie|sweetheart|dear|darling|love|names|stupid|bald|baldy|"
    r"crazy|lazy|liar|idiot)$"
)
_WAVED_ASIDE = re.compile(
    r"(?:(?:ok|okay|oh|well|just|please|pls|no|nah|then|lol|actually) )*"
    r"(?:never ?mind|nvm|forget|drop|leave|scrap|clear|let)"
    r"(?: (?:about|it|that|this|go|all|be|then|please|pls|now|ok))*"
)
_ONE_MESSAGE = re.compile(
    r"\b(?:last|previous|that|this|one) (?:\w+ )?(?:message|typo|line|sentence|word|answer|question)\b|\btypos?\b"
)
# What a deletion is called; without any of these it costs one more tap, as it cannot be taken back.
_DELETING = re.compile(
    r"\bdel|dlet|er+as|ears|remov|elimin|discard|wip|forg[eo]t|purg|clear|destroy|scrub|scrap|trash|\brid\b|gone|"
    r"gdpr|ccpa|\bdrop|\bun(?:do|send|save)|\b(?:out|off) of\b|\b(?:take|get)\b.*\b(?:out|down|off)\b|nuke|\bkill|"
    r"clean|throw|\bgo(?:es)?\b|vanish|disappear|shred|\bbin|cancel|burn|expung|dump|trace|\bempty|\bstrike|\bkeep|"
    r"nothing of"
)
_NOT_NOW = re.compile(
    r"\b(?:dont|do not|never|not|without) (?:\w+ ){0,2}?(?:delet\w*|eras\w*|remov\w*|wip\w*|forget\w*|purg\w*)"
    r"|\b(?:but first|first (?:tell|show|say|let|i)|before (?:you|i|we))\b"
)
_KEPT = re.compile(r"\b(?:but|(?:and |only )*keep|leave|not)\b")
_NUMBER = re.compile(r"\b(?:numbers?|phone|cell|mobile)\b")
_ADDRESS = re.compile(r"\b(?:e ?mails?|address)\b")
_MORE = re.compile(
    r"\b(?:data|everything|all|any|chats?|conversations?|account|info\w*|details|history|messages?|me|myself|name|"
    r"answers|records?|requests?|traces?|files?)\b"
)


def is_about_others(text: str, shown: bool) -> bool:
    """Whether a request names somebody else's data, or is to be `shown` somebody else's words."""
    said = plain(text)
    return bool(_OTHERS_DATA.search(said) or (shown and _OTHERS_WORDS.search(said)))


def is_about_address(text: str) -> bool:
    """Whether "call me" in a text is about a name, not about a call."""
    return bool(_ADDRESSED.search(plain(text)))


def is_waved_aside(text: str) -> bool:
    """Whether a text only waves something aside: "never mind", "forget it"."""
    return bool(_WAVED_ASIDE.fullmatch(plain(text)))


def speaks_of_deletion(text: str) -> bool:
    """Whether a text has a word of deletion."""
    return bool(_DELETING.search(plain(text)))


def is_not_to_be_deleted(text: str) -> bool:
    """Whether a text says not to delete, or to do something else first."""
    return bool(_NOT_NOW.search(plain(text)))


def is_on_one_message(text: str) -> bool:
    """Whether a text is about a single message: "delete that typo"."""
    return bool(_ONE_MESSAGE.search(plain(text)))


def detail_alone(text: str) -> str | None:
    """The part of a request to delete that names a number or an address and nothing else: "delete my number"."""
    part = _KEPT.split(plain(text))[0].strip()
    named = {bool(pattern.search(part)) for pattern in (_NUMBER, _ADDRESS)}
    return part if named == {True, False} and not _MORE.search(part) else None
