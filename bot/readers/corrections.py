"""Whether a message takes back something that was said."""

import re

from bot.readers.numbers import plain

TAKES_BACK = re.compile(
    r"\b(?:oops|whoops|ooops|woops|i mean|i meant|meant to (?:say|write|type|put)|scratch that|strike that"
    r"|correction|typo"
    r"|mistype\w*|misspoke|(?:my|a|by) mistake(?! to)|my bad|fat fingers?|wrong (?:number|key|button|one|age|answer)"
    r"|rather,|make (?:that|it)|no,? ?wait|wait,? ?no|no,? (?:sorry|actually)|sorry,? (?:no|it'?s|i'?m|that'?s)"
    r"|let me (?:correct|fix|rephrase|change)|change (?:my|that|it|the)\b.{0,30} to"
    r"|(?:that|this|it)(?:'s| is| was)? (?:is |was )?(?:wrong|incorrect|not right)"
    r"|i (?:was wrong|lied|misread|mistyped|got (?:it|that) wrong|put (?:it )?wrong|remembered wrong)|changed? my mind"
    r"|(?:it|that|this|which) should (?:be|have been|read|say)|should (?:be(?! [a-z])|have (?:said|written|put"
    r"|been)|read|say)"
    r"|instead of|ignore (?:that|what)|forget (?:that|what i)|disregard|i (?:said|wrote|put|told you) .{1,20}? but"
    r"|not (?:(?:a|an|the|my|in) )?[\w'.@+-]+(?:,(?! not| n?or| and| just| at)| but| it'?s|,? rather)|\d+,? not \d+"
    r")(?!\w)|\b(?:edit|fix):|\*\s?\w+$|^\*\s?\w+"
)
HALF = re.compile(
    r"\b(?:sorry|actually|pardon|apologies|excuse me|no|nope|well|wait|alright|ok(?:ay)?|er+|um+|uh+|hm+|more like|now"
    r"|rather"
    r"|honestly|really|truth|fine|let'?s say|correctly|exactly|wrong|precise\w*)(?!\w)|\.\.+|\?"
)
_ALONE = re.compile(
    r"(?:^|[.,!;] ?)(?:sorry|pardon|apologies)(?![\w?])(?! (?:i|to|for|about|if|that|but i don|what|how|why|can)\b)"
    r"|(?:^|[.,!;] ?|\b(?:oh|hmm+|well|no|um+|but|ok) )actually(?!\w)(?! (?:how|what|why|when|is|are|do|does|can)\b)"
    r"|(?:^|[.,!;] ?)wait(?:,|$|\.\.| (?:no|it'?s|i'?m|that'?s|not|\d))"
    r"|\b(?:actually|sorry),? (?:it'?s|i'?m|i am|my|that|not|\d+|no\b)|,? actually$"
)


def corrects(text: str) -> bool:
    """Whether the message says that an earlier answer was not right."""
    said = plain(text)
    return bool(TAKES_BACK.search(said) or _ALONE.search(said))


def turns_back(between: str) -> bool:
    """Whether the words between two values say that the second one is meant."""
    return bool(TAKES_BACK.search(between) or HALF.search(between))
