"""Which of several values is meant: "it used to be A, B now", "not A, B", "my wife's is A, mine is B"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.readers.corrections import TAKES_BACK
from bot.readers.people import KIN


@dataclass(frozen=True)
class Found:
    """A value and its place in the text."""

    value: str
    start: int
    end: int


_CLAUSE = re.compile(r"[.;!?()] |,|\b(?:and|but|so|because|now|then|sorry|actually|or)\b| - ")
_NEGATORS = (
    r"(?:not|never|instead of|rather than|no longer|(?:the |my |an )?(?:old|former|previous)(?: one| number"
    r"| e-?mail| address| mail)?"
    r"|formerly|previously|before|used to be|replaces|over)(?: is| was|:)*"
)
_AIMS_AHEAD = re.compile(rf"\b(?:and |but )?{_NEGATORS}\W*$")
_NOT_THIS = re.compile(
    r"\b(?:not|never|no longer|don'?t|dont|do not|old|older|former|previous|previously|was|used to|formerly|instead of"
    r"|rather than|wrong|stop|anymore|without|isn'?t|wasn'?t|except|ignore|forget|cancel\w*|deleted?|dead|closed"
    r"|had|fax"
    r"|(?:changed|switched|moved) from|lost access|can'?t access|locked out|replaces|over)\b|~"
)
_PAST = (
    r"dead|old|wrong|not(?! [\d(+]| \S+@)|no longer|gone|closed|cancell?ed|deleted|hacked|expired|inactive|disconnected"
    r"|defunct|my old|an old|never|anymore|broken|full|bounces|out of (?:order|service|use)|doesn'?t|before|until"
    r"|till|replaced"
)
_NOT_THIS_AFTER = re.compile(
    rf"^[\s,)('\"-]*(?:(?:but |which |that one |that |it |this one )?(?:is |was |'s )?(?:\w+ )?(?:{_PAST})\b"
    r"|(?:but |that )?(?:is )?(?:no good|no more|my ex|changed|switched off)"
    r"|.{0,20}\b(?:don'?t|dont|do not|never) (?:use|write|send|call|ring|text|try|check|read|like|reply|have)"
    r"|(?:to|into|with|by) (?:my )?$|->|=>)"
)
_FORBIDDEN = re.compile(
    r"\b(?:(?:not|used to be|no longer|was)|(?:old|former\w*|previous)(?: one| number| e-?mail| address"
    r"| mail)?(?: is| was)?"
    r"|(?:don'?t|dont|do not|never|stop) (?:\w+ )?(?:use|using|write|send|e?mail|call|ring|text|contact)(?:ing)?"
    r"(?: (?:me|to|at|on|it|anything))*)[: ]*$"
)
_THIS = re.compile(
    r"\b(?:use|best|better|prefer\w*|correct|new|right one|please|now|current\w*|mine|private|personal|instead"
    r"|rather|real"
    r"|actual|should be|make that)\b"
)
_THIS_AFTER = re.compile(
    r"^[\s)('\"-]*(?:is )?(?:the )?(?:now|instead|best|better|prefer\w*|right|correct|new one|mine|these days|nowadays"
    r"|current|please|from now|works)\b"
)
_TURN = re.compile(
    r"\b(?:sorry|actually|no|wait|oops|pardon|correction|now|instead(?! of)|rather(?! than))\b|->|=>|\.{3}|\*"
)
_OTHERS = re.compile(
    rf"\b(?:{KIN})(?:'s)?(?: \w+)?(?:[:,]? (?:is|are|was|uses|has|e-?mail|mail|address|number|phone|cell|mobile"
    r"|landline|one"
    r"|home|work|at|on|it's|its))*[:,-]* ?$"
)
_LENT = re.compile(r"\b(?:use|send|reach|through|via|write|ask for|answers?|call)\b")


def meant(said: str, found: Sequence[Found]) -> str | None:
    """The value that is meant to be used; None where none of them is the visitor's."""
    told = [_Told(one, *around) for one, around in zip(found, _surroundings(said, found), strict=True)]
    left = [one for one in told if not _is_others(one, len(told))]
    current = [one for one in left if not _refused(one)]
    if not current:
        alone = left[0] if len(left) == len(told) == 1 else None
        return alone.found.value if alone and not _forbidden(alone) else None
    for earlier, later in reversed(list(pairwise(current))):
        between = said[earlier.found.end : later.found.start]
        if TAKES_BACK.search(between) or _TURN.search(between):
            return later.found.value
    wanted = [one for one in current if _wanted(one)]
    return (wanted or current)[0].found.value


@dataclass(frozen=True)
class _Told:
    """A value with the words since the value before it, and those until the next one."""

    found: Found
    before: str
    after: str


def _surroundings(said: str, found: Sequence[Found]) -> Iterator[tuple[str, str]]:
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(said)]
    for place, one in enumerate(found):
        after = said[one.end : starts[place + 1]]
        yield said[ends[place] : one.start], _AIMS_AHEAD.sub("", after) if place + 1 < len(found) else after


def _is_others(one: _Told, among: int) -> bool:
    if _OTHERS.search(one.before):
        return among > 1 or not _LENT.search(one.before)
    return bool(re.match(rf"^[\s,(]*(?:is|belongs to|of|=) (?:my|our) (?:{KIN})\b", one.after))


def _clause(one: _Told) -> str:
    return _CLAUSE.split(one.before)[-1]


def _refused(one: _Told) -> bool:
    return bool(_NOT_THIS.search(_clause(one)) or _NOT_THIS_AFTER.match(one.after))


def _forbidden(one: _Told) -> bool:
    """A single value counts although a "not" stands near it, unless it is plainly out of use."""
    return bool(_FORBIDDEN.search(_clause(one)) or _NOT_THIS_AFTER.match(one.after))


def _wanted(one: _Told) -> bool:
    return bool(_THIS.search(_clause(one)[-40:]) or _THIS_AFTER.match(_CLAUSE.split(one.after)[0]))
