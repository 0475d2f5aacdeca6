"""Reads yes or no: the answer that a message opens with, or comes to after a change of mind."""

import re
from typing import Literal

from bot.readers.assent import FILLERS, MIXED, NOT_MINDING, SIGNS, VERDICTS
from bot.readers.numbers import plain

YesNo = Literal["yes", "no", "unclear"]

_CLAUSE = re.compile(
    r"\.{2,}|[.,;!()\n]+|(?<=\?)|(?=\b(?:wait|actually|i mean|sorry|scratch that|hang on|hold on)\b)|\s-+\s"
    r"|\b(?:but|because|cause|cuz|bc|since|although|though|however|coz|cos)\b"
)
_TURN = re.compile(
    r"\b(?:actually|wait|hang on|hold on|i mean|i meant|sorry|scratch that|on second thought\w*|changed my mind"
    r"|oops|rather"
    r"|come to think|thinking about it|well|alright|fine|oh|ok(?!\?)|okay|no no|not any ?more|no longer|correction"
    r"|then again|typo)\b|\.\.|…"
)
_LAST_WORD = re.compile(
    r"\b(?:so|then|said|answer(?: is|:)?|say|saying|still|big|hard|firm|solid|definite|be|is|going with|for now"
    r"|it's|that's|mean"
    r"|clear|a|just|now|actually|wait|me|well|think)(?: an?)?:? (?P<word>ye+s+|no+|nope|yea+h*|yep|nah+"
    r"|yup)(?: (?:from me|already|thanks|thank you|then|please|again|for me|to that|i guess|for now))*$"
)
_NO_THANKS = re.compile(r"(?:but |so )?(?:no+|nope|nah+) (?:thanks?|thank you|thx|ty|tnx)")
_SHORT = re.compile(r"(?:[^\s]+ ){1,5}(?P<word>ye+s+|no+|nope|yea+h*|yep|yup)")


def read_yes_no(text: str) -> YesNo:
    """What the message answers; unclear for a question, a condition, doubt, or talk about something else."""
    said = NOT_MINDING.sub("don't mind", plain(text))
    if MIXED.search(said):
        return "unclear"
    clauses = [(match.strip(), verdict) for match in _CLAUSE.split(said) if (verdict := _verdict(match.strip()))]
    if not clauses:
        return _by_sign(said)
    return _meant(said, clauses)


def _by_sign(said: str) -> YesNo:
    found: set[YesNo] = {verdict for verdict, signs in SIGNS.items() if any(sign in said for sign in signs)}
    return found.pop() if len(found) == 1 else "unclear"


def _meant(said: str, clauses: list[tuple[str, YesNo]]) -> YesNo:
    first, last = clauses[0][1], clauses[-1][1]
    if first == last or last == "unclear":
        return first
    if _NO_THANKS.fullmatch(clauses[-1][0]):
        return "no"
    between = said[said.find(clauses[0][0]) + len(clauses[0][0]) : said.rfind(clauses[-1][0]) + len(clauses[-1][0])]
    if first == "unclear":
        return "unclear" if re.match(r"(?:it |that |this )?(?:all )?depends", clauses[0][0]) else last
    return last if _TURN.search(between) else first


def _verdict(clause: str) -> YesNo | None:
    rest = clause
    while rest:
        for pattern, verdict in VERDICTS:
            if pattern.match(rest):
                return verdict
        shorter = FILLERS.sub("", rest, count=1).strip()
        if shorter == rest:
            break
        rest = shorter
    ending = _LAST_WORD.search(clause) or _SHORT.fullmatch(clause)
    if ending:
        return "no" if ending["word"][0] == "n" else "yes"
    return None
