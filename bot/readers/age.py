"""Reads an age in years: whose it is, and whether it is an age already."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise

from bot.readers.age_phrases import age_by_birth, birth_told, spelled_out, without_other_numbers
from bot.readers.calendar_words import FEAST, MONTH, SEASON, WEEKDAY
from bot.readers.corrections import TAKES_BACK, turns_back
from bot.readers.numbers import in_digits
from bot.readers.people import KIN, about_child, on_behalf, whose

OLDEST = 120
ADULT = 18
_MOST_NUMBERS = 24  # with more than these a message is a list
_AROUND = 160  # characters before and after a number that may say what it is
_NEAR = 20  # characters between a value and the one that takes its place
_NUMBER = re.compile(r"(?<![\w.#'-])(?<!minus )(?:(?:[mf]|age|male|female)[/:. -]?)?(\d{1,3})(?!\d|[./-]\d)")
_FILLER = (
    r"(?: (?:only|just|about|around|like|actually|now|a|an|roughly|already|still|exactly|approximately|approx|of"
    r"|technically|officially|basically|currently|freshly|the|age|ripe|old|proud|is|was|big|well|barely|recently|:"
    r"|=|~))*"
)
_YEARS = r"(?:years?|yrs?|yr|y)"
_OLD = (
    rf"(?: ?-?{_YEARS})?[ -]?(?:old|young|of age|age|aged|yo|y[/ ]?o\b|y\.o\.?|years age|summers|winters|springs"
    r"|trips|laps)"
)
_PERIOD = (
    r"(?:\d+|a|an|1|few|a few|a couple(?: of)?|some|the next|next)\b(?: \w+)? ?(?:days?|weeks?|months?|hours?"
    r"|minutes?|mins|wks?|yrs?|years?|year'?s time)"
)
_WHEN = (
    rf"(?:{MONTH}|{WEEKDAY}|{FEAST}|{SEASON}|\d+|tomorrow|the \d+|the {SEASON}|the end|my birthday|birthday"
    r"|the new year|#)"
)

_COMING_WHEN = re.compile(
    rf"^(?:{_OLD})?,? ?\(?(?:in (?:{_PERIOD}|{_WHEN})|(?:by|on|come|around|at|before) {_WHEN}"
    rf"|(?:this|next|this coming|coming|later this) (?:week|month|year|birthday|bday|time|{MONTH}|{WEEKDAY}|{SEASON}"
    rf"|{FEAST}|#)"
    r"|(?:nearly|almost)(?=\s*(?:$|[.,!]))|tomorrow|(?:very )?soon|any day|(?<![,.;] )next (?=\w)(?!question"
    r"|one|please|pls|thing)|later this|at the end)"
)
_IN_YEARS = re.compile(rf"^(?:{_OLD})?,? ?\(?in (\d{{1,2}}) {_YEARS}\b")
_IN_YEARS_BEFORE = re.compile(rf"\bin (\d{{1,2}}) {_YEARS},?(?: i'?ll be| i will be| i turn)? $")
_NEXT_NUMBER = re.compile(
    r"^,? ?(?:and )?(?:this|next) (?:week|month|year|birthday)[ ,]+(?:i'?ll be |i turn |turning )?\d\d\b(?!\d)"
)
_COMING_BEFORE = re.compile(
    r"\b(?:turning|turn|will be|i'?ll be|'ll be|gonna be|going to be|about to be|about to turn|will turn|'ll turn"
    r"|becoming|become"
    r"|almost|nearly|not quite|not yet|soon(?: to be)?|close to|nearing|approaching|pushing|coming up on"
    r"|coming up to|just under|hitting"
    r"|hit|knocking on|on the (?:verge|cusp|edge|brink) of|shy of|virtually|practically|going on|next (?:birthday"
    r"|bday)(?: i'?m| is| will be)?"
    rf"|in {_PERIOD},?(?: i'?ll be| i will be| i turn)?|next (?:week|month|year),?"
    r"|(?:days?|weeks?|months?) (?:short|shy|away|off|from|until|till|before)(?: from| of)?(?: turning| being)?)"
    r"(?: (?:my|the big|be|turning|turn|being|a))* $"
)
_NOT_YET = re.compile(r"^,? ?(?:just |quite )?yet\b")
_OVER_NOW = re.compile(r"\b(?:turned|was|became|hit|reached|celebrated|been|since)" + _FILLER + r" $")
_RECENTLY = re.compile(
    rf"^(?:{_OLD})?,? ?(?:last|yesterday|on|in|this|the other|a few|(?:\d+|a) (?:days?|weeks?|months?) ago|today"
    r"|earlier|back in)\b(?! +#)"
)
_ONCE = re.compile(
    r"\b(?:was|were|since|at|from|when|until|till|before|by|ages? of|after|began|started|starting|used to be|wasn't"
    r"|weren't|onset|while"
    r"|since i turned|when i turned|after i turned|since i was|before i turned|after turning|since turning"
    r"|lost (?:it|his|hers|mine))"
    r"(?: (?:i|he|she|was|were|be|hit|turned|reached|about|around|like|roughly|only|just|age|aged|the|of|the age of"
    r"|maybe|probably|a|approximately|am))* $"
)
_LAST_CHECKED = re.compile(r"^,? ?(?:last time|when i last|as of|at last|the last time|on my last)")
_DENIED = re.compile(
    r"(?:\b(?:not|never|no longer|isn't|ain't|aren't|without|rather than|instead of)|n't)(?: (?:a|really|even"
    r"|exactly|actually|in fact|be|my|im|i'm|being|the|aged?))* $"
)
_APPEARS = re.compile(
    r"\b(?:looks?|looking|feels?|feeling|felt|(?<!\bi )think i'?m|thinks i'?m|thought i was|pass for|pass as|heart"
    r"|acts?|acting|body of|hair of|brain of|mistaken for|taken for|mentally|inside|says? i look|scalp of"
    r"|guess(?:ed)?|assumes?|assumed|mind of|biologically|feel like|hairline of|wish i was|wish i were|energy of"
    r"|spirit of|joints of|if i were)(?: [\w']+){0,3} $"
)
_APPEARS_AFTER = re.compile(
    r"^(?:"
    + _OLD
    + r")?,? ?(?:in|at|on) (?:my |the )?(?:heart|head|mind|inside|spirit|soul|hair years|my head)|^ (?:inside"
    r"|mentally)|^,? (?:before|earlier)\b.{0,12}(?:wrong|mistake|typo)"
)
_BOUND = re.compile(
    r"(?:\b(?:over|under|above|below|least|most|than|past|beyond|between|side of|north of|upwards? of|early|mid"
    r"|late|lower|upper|high|low|middle|until|max|maximum|minimum|min|up to|legal|required|must be|limit)"
    r"|[<>≥≤])[ -](?:a |my |the )*$"
)
_NO_AGE_BEFORE = re.compile(
    r"(?:\b(?:in|within|every|for|of|lost|has|had|got|took|take|only|take|taking|done|paid|pay|cost|costs|about"
    r"|with|times|kids|over|last|past|next|another|first|these|plus|each|per|than|tried|after|x|top|to)|\$) $"
)
_GIVEN = re.compile(
    r"\b(?:give|gimme|get|find|send|show|bring|tell|call|text|email|hand|pass|offer|need)(?: me)? (?:just )?$"
)
_AGE_OF = re.compile(
    r"\b(?:ages? of|age is of|am of|i'm of|im of|only|about|to|with|turned the ripe age of|ripe (?:old )?age of) $"
)
_OLD_AFTER = re.compile(rf"^{_OLD}\b")
_YEARS_AFTER = re.compile(rf"^ ?-?{_YEARS}\b(?![ -]?(?:old\b|young\b|of age|age))")
_YEARS_ALONE = re.compile(
    r"^ ?-?(?:years?|yrs?|yr|y)\.?(?: (?:sir|doctor|now|complete[d]?|running|madam))?\s*(?:$|[,.!;:)]|and )"
)
_TELLS_YEARS = re.compile(
    r"(?:^\W*|\b(?:i'?m|am|age is of|am of|i have|age|aged|my age is|age is|is|completed) |[,.:] )$"
)
_NO_AGE_AFTER = re.compile(
    r"^ ?(?:%|\+|percent|k\b|kg|cm|mm|lbs?\b|mg|ml|mcg|[ap]m\b|x\b|°|\"|hair|graft|session|pill|time|day|week|month"
    r"|minute|hour|kid|child|people|men\b|women\b|inch|stone\b|mile|of (?!age|us|years|them)"
    r"|a (?:day|week|month|year)\b|per\b|out of|in a row|or (?:older|over|above|more|under|younger)|and (?:over"
    r"|above|older|up)|plus\b|dollars|euros|bucks|grand\b|am\b|months?|mo\b|wks?|mos\b|at (?:his|her|their|home)"
    r"|(?!years|yrs|this|as\b|is\b|was\b|has\b|thanks|ladies|pls|yes|his|its|sometimes|always|perhaps|guess|plus|us\b"
    r"|gents|bless|lets|thats|whats|unless|summers|winters|springs|trips|laps|cos\b|lots|hers|theirs|nevertheless"
    r"|express|besides|afterwards|days|boss|miss|ladies|works|says)[a-z]{3,}s\b)"
)
_SAID = re.compile(
    r"(?:\b(?:i'?m|im|i am|i be|i'?ll be|me|age|aged|my age|age is|ich bin|ich binn|turning|turned|turn|myself|am"
    r"|i have|i'?ve got|male|female|man|woman|we are both|are both|both|is)"
    + _FILLER
    + r"(?: (?:not|yet|quite|even))*[:=]? "
    r"|\b[mf](?:/|,? ))$"
)
_BIRTHDAY = re.compile(r"\b(?:birthday|bday|b-day)\b")
_IS_NOW = re.compile(r"(?:\b(?:it'?s|it is|now|that'?s)(?: (?:now|actually|really|just|only))* |^)$")
_CLAIMED = re.compile(
    r"\b(?:said|wrote|put|typed|told (?:you|u)|entered|gave)(?: (?:i was|i'?m|im|it was|it'?s|earlier|before"
    r"|that))* $"
)
_CLAIM_ENDS = re.compile(r"\b(?:but|though|actually|it'?s|really|in fact|truth)\b")
_STANDS_ALONE = re.compile(r"^ ?(?:$|[,.;!?)]|and\b|but\b)")
_SAYS_NOTHING = re.compile(
    r"\b(?:age|aged?|male|female|a|an|as|just|only|am|turn\w*|(?<=age )is|m|f|it'?s|its|now|actually|oh|that'?s"
    r"|really)\b"
)
_SEX_AFTER = re.compile(r"^ ?[/,-]? ?(?:m|f|male|female|man|woman|guy|gal|lady|dude|years? young|&)\b")
_KIN_BEFORE = re.compile(
    rf"(?:\b(?:{KIN})(?: is|'?s| turned)?|\b(?:he|she|they)(?:'?s|'?re| is| are)?|who(?: is|'?s)?)[, (:-]+$"
)
_MY_OLD = re.compile(r"\b(?:my|our)(?: (?:dear|little|teenage|poor|lovely|own|then))? $")
_OLD_SELF = re.compile(rf"^{_OLD} (?:self|body|head|hair)\b")
_DRAWN = re.compile(r"(?:have|has|with|got|raising|of|and) (?:a|an|my|our|1|2) $")


@dataclass(frozen=True)
class _Told:
    """A number that may be an age: `years` as of today, and whether the message says that it is an age."""

    years: int
    start: int
    end: int
    plainly: bool
    other: bool
    mine: bool


def read_age(text: str, today: date) -> int | None:
    """The visitor's age in whole years as of `today`, or that of the person the message is written for."""
    said = spelled_out(in_digits(text))
    chosen = _chosen(said)
    if chosen and chosen.plainly:
        return chosen.years
    by_birth = age_by_birth(said, today)
    if by_birth is not None:
        return by_birth if 1 <= by_birth <= OLDEST else None
    return chosen.years if chosen else None


def tells_age(text: str) -> bool:
    """Whether the message says by itself that a number in it is the age of the visitor, or of the child it is about."""
    said = spelled_out(in_digits(text))
    chosen = _chosen(said)
    return bool(chosen and chosen.plainly and (chosen.mine or chosen.other)) or (
        birth_told(said) and age_by_birth(said, date.max) is not None
    )


def _chosen(said: str) -> _Told | None:
    for_other, of_child = on_behalf(said), about_child(said)
    said = without_other_numbers(said)
    told = [one for match in islice(_NUMBER.finditer(said), _MOST_NUMBERS) if (one := _judged(said, match))]
    told = [one for one in told if 1 <= one.years <= OLDEST]
    others, own = [one for one in told if one.other], [one for one in told if not one.other]
    if for_other:
        told = others or [one for one in own if not one.mine]
    else:
        told = own or [one for one in others if of_child and one.years < ADULT]
    return _meant(said, told) if told else None


def _meant(said: str, told: list[_Told]) -> _Told:
    for earlier, later in reversed(list(pairwise(told))):
        between = said[earlier.end : later.start]
        near = len(between) < _NEAR or later.plainly or not earlier.plainly
        claimed = _CLAIMED.search(said[max(0, earlier.start - _NEAR) : earlier.start]) and _CLAIM_ENDS.search(between)
        if claimed or TAKES_BACK.search(between) or (near and turns_back(between)):
            return later
    plainly = [one for one in told if one.plainly]
    return plainly[-1] if plainly else told[0]


def _judged(said: str, match: re.Match[str]) -> _Told | None:
    before, after = said[max(0, match.start() - _AROUND) : match.start()], said[match.end(1) : match.end(1) + _AROUND]
    clause = re.split(r"[.;!?(]|, |\b(?:and|but|so|because)\b", before)[-1]
    if _is_other_number(before, clause, after):
        return None
    years, coming = int(match[1]), _lies_ahead(before, after)
    later = _IN_YEARS.match(after) or _IN_YEARS_BEFORE.search(before)
    ahead = max(1, int(later[1])) if coming and later else int(coming)
    if _is_past(clause, after, coming) or (_DENIED.search(before) and not _NOT_YET.match(after)):
        return None
    owner = whose(before, after)
    of_one = _DRAWN.search(before) or (_MY_OLD.search(before) and not _OLD_SELF.match(after))
    other = owner == "other" or bool(of_one and _OLD_AFTER.match(after))
    labelled = match[0] != match[1] or bool(_OLD_AFTER.match(after) or _SEX_AFTER.match(after))
    plainly = labelled or bool(_SAID.search(before)) or _told_by_place(before, after, other)
    mine = plainly and not other and (owner == "self" or not re.search(r"[a-z]", _SAYS_NOTHING.sub("", clause)))
    return _Told(years - ahead, match.start(), match.end(1), plainly, other, mine)


def _told_by_place(before: str, after: str, other: bool) -> bool:
    """Whether a number with no word for age is one: beside a birthday, or alone behind the one that it is of."""
    if other:
        return bool(_STANDS_ALONE.match(after)) and bool(_KIN_BEFORE.search(before))
    return bool(_IS_NOW.search(before)) and bool(_BIRTHDAY.search(before) or _BIRTHDAY.search(after))


def _is_other_number(before: str, clause: str, after: str) -> bool:
    if _NO_AGE_AFTER.match(after) or _APPEARS.search(clause + " " if clause and not clause.endswith(" ") else clause):
        return True
    if re.match(r" in +#", after) and not _COMING_BEFORE.search(before):
        return True
    if _GIVEN.search(before) or _BOUND.search(before) or _APPEARS_AFTER.match(after):
        return True
    if _OLD_AFTER.match(after):
        return False
    if _YEARS_AFTER.match(after):
        return not (_YEARS_ALONE.match(after) and _TELLS_YEARS.search(before))
    return bool(_NO_AGE_BEFORE.search(before)) and not _AGE_OF.search(before)


def _lies_ahead(before: str, after: str) -> bool:
    if _NEXT_NUMBER.match(after):
        return False
    if _COMING_BEFORE.search(before) or (_DENIED.search(before) and _NOT_YET.match(after)):
        return True
    return bool(_COMING_WHEN.match(after)) and not _OVER_NOW.search(before)


def _is_past(clause: str, after: str, coming: bool) -> bool:
    if coming or not _ONCE.search(clause):
        return False
    return not (_LAST_CHECKED.match(after) or (re.search(r"\b(?:was|turned) $", clause) and _RECENTLY.match(after)))
