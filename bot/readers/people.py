"""Who is spoken of at a place of a message: the visitor or somebody else."""

import re
from typing import Literal

Whose = Literal["self", "other", "nobody"]

KIN = (
    r"(?:grand|step|half-?|god)?-?(?:sons?|daughters?|dads?|daddy|fathers?|mums?|mummy|moms?|mommy|mothers?"
    r"|parents?|ma|pa"
    r"|kids?|child(?:ren)?|brothers?|bro|sisters?|sis|sibling|twins?)|wife|wifey|husband|hubby|spouse|partner"
    r"|fianc[eé]e?"
    r"|girlfriend|boyfriend|gf|bf|missus|mrs|uncle|aunt(?:ie|y)?|cousins?|nephews?|nieces?|gran(?:ny|dpa|dma|d)?"
    r"|grandad"
    r"|granddad|nan(?:a)?|friends?|mates?|budd(?:y|ies)|pal|neighbou?r|colleagues?|coworker|boss|boys?|girls?"
    r"|baby"
    r"|toddler|youngest|eldest|oldest|firstborn|little one|old man|son-in-law|in-laws?|ex|doctor's"
    r"|patient of mine|client|roommate|dog|cat"
)
_KIN_MARK = (
    rf"(?:my|our|his|her|their|the|a|an|one|two|\d+|for|with|and)(?: \w+){{0,2}}? (?:{KIN})(?:'s)?|(?:{KIN})(?:'s)?"
)
_SELF_MARK = r"i|i'?m|i'?ve|i'?ll|i'?d|me|myself|mine(?:'s)?|my (?:own|age|hair|case)|mein|we|we'?ve|we'?re"
_PRONOUN_MARK = r"he|she|he'?s|she'?s|they|they'?re|they'?ve|his|hers?|him|theirs|hes"
_MARKS = re.compile(
    rf"(?<![\w'])(?:(?P<both>(?:me|i|myself) and (?:my|the) (?:\w+ )?(?:{KIN})|(?:my"
    rf"|the) (?:\w+ )?(?:{KIN}) and (?:i|me|myself))|(?P<kin>{_KIN_MARK})|(?P<self>{_SELF_MARK})"
    rf"|(?P<pronoun>{_PRONOUN_MARK}))(?![\w'])"
)
_AFTER = re.compile(
    rf"^ ?\S{{0,2}} ?(?:is|was|for|\(|=|-)? ?(?:my|our) (?:\w+ )?(?:{KIN})(?!\w)"
    r"(?! (?:is|has|was|got|and|just|turned|who)\b| \d)"
)
_SELF_KIN = re.compile(
    rf"(?:i'?m|i am|as) (?:his|her|their) (?:{KIN})$|(?:i'?m|i am|me,?|as) (?:\d+\S* )?(?:an? |the )?(?:(?!my|his"
    rf"|her|our|and|but)\S+ ){{0,4}}(?:{KIN})$"
)
_ROLE = re.compile(
    rf"(?!.*\b(?:my|our|his|her)\b)(?:\w+ ){{0,2}}(?:{KIN})(?: of [\w ]+?| here)?, ?"
    rf"|(?:\w+ ){{0,2}}(?:{KIN})(?: of [\w ]+?| here) ?"
)
_ON_BEHALF = re.compile(
    rf"\b(?:for|on behalf of|behalf of|about|regarding|concerning) (?:my|our|his|her|a|the)(?: \w+)? (?:{KIN})(?!\w)"
    r"|\b(?:for|behalf of|about|regarding|concerning) (?:my|our) (?:\w+ )?\d{1,2}[ -]?(?:years?|yrs?"
    r"|y)?[ /-]?o(?:ld)?\b"
    rf"|\b(?:my|our) (?:\w+ )?(?:{KIN})\b.{{0,60}} for h(?:im|er)\b"
    rf"|\b(?:my|our) (?:\w+ )?(?:{KIN}) (?:wants|needs|would like|is (?:the (?:one|patient)|asking|interested"
    rf"|curious))"
    rf"|\b(?:my|our) (?:\w+ )?(?:{KIN}) (?:who|that) "
    r"|\bnot for me\b|\bnot (?:about )?me\b,"
)
_ASKING = re.compile(
    r"\b(?:ask\w*|writ\w*|here|it'?s|this is|that'?s|is|call\w*|quer\w*|question|inquir\w*|enquir\w*|look\w*"
    r"|check\w*|test\w*|start|begin|do)\b"
)


def whose(before: str, after: str = "") -> Whose:
    """Who is meant at a place with the words `before` and `after` it; nobody where no person is named."""
    found = list(_MARKS.finditer(before))
    if not found:
        return "other" if _AFTER.match(after) else "nobody"
    last = found[-1]
    if last["self"] or last["both"] or _ROLE.fullmatch(before) or _SELF_KIN.search(before[: last.end()]):
        return "self"
    if last["kin"]:
        return "other"
    return "other" if any(mark["kin"] for mark in found[:-1]) else "nobody"


def on_behalf(text: str) -> bool:
    """Whether the message is written for somebody else."""
    found = _ON_BEHALF.search(text)
    if not found:
        return False
    before = text[: found.start()]
    return not found[0].startswith(("for", "about", "regarding")) or not before.strip() or bool(_ASKING.search(before))


_CHILD = (
    r"(?:(?:grand|step|god)?-?(?:son|daughter|child)|kid|kiddo|boy|girl|teen(?:ager)?|nephew|niece"
    r"|(?:little|younger|baby|kid) (?:brother|sister|bro|sis|cousin)|toddler)"
)
_ABOUT_CHILD = re.compile(
    r"(?:(?:well|so|hi|hello|hey|oh|ok|okay|actually|btw|um+|doctor|doc|thing is|the thing is|it'?s that|can|could"
    r"|would|should|does|will|is|may|what if|but|and|please|yes|yeah|sorry|good (?:morning|evening"
    r"|afternoon))[,.!:]* )*"
    r"(?:my|our) (?:(?!wife|husband|own)\w+ ){0,2}?"
    rf"(?:{_CHILD}\b|\d{{1,2}}[ -]?(?:years?|yrs?|y)?[ /-]?o(?:ld)?(?= (?:{_CHILD}|is|has|'?s|wants|keeps"
    rf"|needs)\b|'s|,|$))"
)
_ABOUT_LOSS = re.compile(
    rf"\b(?:my|our) (?:\w+ )?{_CHILD}(?:'?s)?,? (?:is |has |has been |keeps |started |began |hair is |hair )*"
    r"(?:going bald|los(?:ing|t|es)|thinn\w+|shed\w*|bald(?:ing)?\b|reced\w+|fall\w+)"
)
# What makes the child only a date, or only one of two.
_IN_PASSING = re.compile(
    r"\b(?:since|after|when|while|before|until|till|born|birth\w*|bday|began|begun|start\w*|pregnan\w*|nurs\w+"
    r"|feed\w*|breast\w*|boob|wean\w*|too|also|as well|like me)\b"
)
_ONESELF = re.compile(rf"(?<![\w'])(?:{_SELF_MARK})(?![\w'])")


def about_child(text: str) -> bool:
    """Whether the message speaks of a child as the one it is about, without saying for whom it is written."""
    if _IN_PASSING.search(text):
        return False
    named = _ABOUT_CHILD.match(text)
    return bool(_ABOUT_LOSS.search(text) or (named and not _ONESELF.search(text)))
