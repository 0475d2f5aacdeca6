"""What the words around a named illness make of it: a star sign, a baby at its mother's breast, a relative's."""

import re

from spacy.tokens import Doc

from bot.readers.names import Hit
from bot.readers.people import KIN

NEAR = 120  # characters around a name that may say what it is
STAR_SIGN = re.compile(
    r"\b(?:zodiac\w*|horoscopes?|astrolog\w+|(?:star|sun|birth|moon|rising) ?signs?|star ?sign|the crab|crab sign"
    r"|not the (?:disease|illness|sickness)|(?:gemini|taurus|sagittarius|capricorn|aquarius|scorpio|virgo|libra"
    r"|pisces))\b|♋",
    re.IGNORECASE,
)
BORN_IN_SUMMER = re.compile(
    r"^\W*(?:i was |i'?m |was |and |as i was |since i was )*(?:born|birthday|bday)\b[^.;]{0,20}?\bjul"
    r"|^\W*(?:i was |i'?m |and )*born\b"
    r"[^.;]{0,20}?\bjun",
    re.IGNORECASE,
)
# "a cancer" that somebody is, and nothing more is said of it.
IS_ONE = re.compile(r"\b(?:i'?m|i am|im|as) an? (?:\w+ )?$", re.IGNORECASE)
HAS_IT = re.compile(
    r"\b(?:had|have|has|having|got|with|of|beat|survived|fighting|for|from|diagnos\w+|surviv\w+|history)"
    r"(?: \w+){0,2} $",
    re.IGNORECASE,
)
ENDS = re.compile(r"^\s*(?:$|[.,!;)]|lol|haha|♋)", re.IGNORECASE)
AT_THE_BREAST = re.compile(r"\b(?:boobs?|breast|tit|latch\w*|wean\w*|feeds?|fed)\b", re.IGNORECASE)
MOTHERS = re.compile(
    r"\b(?:wife|wifey|missus|sister(?:-in-law)?|girlfriend|gf|partner|friend|cousin|aunt(?:ie|y)?|niece|mom|mum"
    r"|mother"
    r"|neighbou?r|colleague|coworker|ex|patient|client|her (?:baby|son|daughter|kid))(?:'?s)?\b",
    re.IGNORECASE,
)
OWNER = re.compile(
    rf"^\s*[.,!;:(-]+\s*(?:(?:but |and |well |oh )*(?:it'?s|its|that'?s|thats|it is|that is|belongs to|only|just)"
    rf" )?(?:my|our) (?:\w+ )?(?:{KIN})(?:'s|s'|s)?"
    r"(?: (?:has|had|have|got) (?:it|that)| (?:though|only)|,? not (?:me|mine|i))?\s*(?:$|[.!;)])",
    re.IGNORECASE,
)


def _around(doc: Doc, hit: Hit) -> tuple[str, str]:
    """The text before and after a hit, as near as it may tell of it."""
    before, after = doc[: hit.start].text_with_ws, doc[hit.end :].text
    return before[-NEAR:], after[:NEAR]


def as_star_sign(doc: Doc, hit: Hit) -> bool:
    """Whether the bare word for cancer is that of the zodiac."""
    if doc[hit.start : hit.end].text.casefold() not in ("cancer", "a cancer", "cancers"):
        return False
    before, after = _around(doc, hit)
    if HAS_IT.search(before):
        return False
    told = STAR_SIGN.search(before) or STAR_SIGN.search(after) or BORN_IN_SUMMER.search(after)
    return bool(told or (IS_ONE.search(before) and ENDS.search(after)))


def by_its_mother(doc: Doc, hit: Hit) -> bool:
    """Whether a baby is spoken of that somebody feeds, and no other woman who might."""
    before, _ = _around(doc, hit)
    return bool(AT_THE_BREAST.search(doc[hit.start : hit.end].text)) and not MOTHERS.search(before)


def of_named_owner(doc: Doc, hit: Hit) -> bool:
    """Whether the illness is only named, and what follows is whose it is: "Lupus. My aunt's."."""
    before, after = _around(doc, hit)
    return not re.search(r"\w", re.split(r"[.!?;\n]", before)[-1]) and bool(OWNER.match(after))
