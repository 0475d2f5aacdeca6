"""Reads a name out of the sentence around it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.readers.name_case import as_written
from bot.readers.not_names import PLACES, STATES, WORDS
from bot.readers.people import whose

MOST_WORDS = 6
_LONGEST = 160  # characters after a lead in which a name is looked for
_BEFORE = 60  # characters before one that may say whose name it is
_MOST_LEADS = 12
_MOST_CLAUSES = 60
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0e7f])"
_WORD = rf"(?:{_LETTER}\.(?:-?{_LETTER}\.)*|(?!{_LETTER}\.){_LETTER}+(?:['-]{_LETTER}+)*\.?)"
_TITLE = re.compile(
    r"^(?:(?:dr|mr|mrs|ms|miss|mx|prof|professor|doctor|sir|madam|madame|mme|herr|frau|señor|señora|señorita|sr|sra"
    r"|monsieur|rev|reverend"
    r"|father|sister|captain|capt|lt|sgt|judge|dame|lord|lady|hon|ing|dipl|col|colonel|major|sergeant|pastor|rabbi"
    r"|imam|shri|smt|sri)\b\.? ?)+(?=\S)",
    re.IGNORECASE,
)  # fmt: skip
_POINT = re.compile(r"\b(dr|mr|mrs|ms|mx|prof|sr|sra|rev|capt|lt|sgt|hon|jr|st)\.(?= )", re.IGNORECASE)
_DEGREES = frozenset(["md", "m.d", "phd", "ph.d", "esq", "rn", "dds", "mba", "msc", "bsc", "do", "jd", "frcs", "frcp"])
_AFTER_NAME = re.compile(
    r"^(?:here|speaking|is|was|works|will|would|please|pls|thanks|thank|thx|ty|lol|haha\w*|btw|by|from|in|at|of"
    r"|with|without|and|but|or|so|for|if|as"
    r"|on|who|which|that|not|like|though|although|just|only|again|this|writing|calling|nice|pleased|good|hi|hello"
    r"|hey|i|i'm|im|my|we|you|to|the|then|now|obviously|aka|alias|also|since"
    r"|because|cause|spelled|spelt|short|meaning|everyone|everybody|people|friends|they|today|same|is|it|it's|its"
    r"|okay|ok|fine|sir|madam|doctor|doc|dear|mate|age|aged|same|what|how|yours|usually|actually|officially|legally"
    r"|sometimes|em|either|too|when|first|last|middle|maiden|no|yes|w|w/.*|née|nee|born|geb|lah|ji|bro|dude|man"
    r"|\d.*|[^\w'].*)$",
    re.IGNORECASE,
)  # fmt: skip
_KIND = r"(?:real|full|first|given|legal|actual|whole|own|good|birth|christian|proper|nick|pet|official|preferred)"
# Strength of a lead: 3 says what to be called, 2 can only be followed by a name, 1 by anything.
_LEADS: tuple[tuple[int, str], ...] = (
    (3, r"\b(?:call(?:s|ed|ing)?|address|know(?:s)?) me(?: as| by)?(?: (?:just|simply|always|usually|only|by))?"),
    (3,
        r"\b(?:i |i usually |i mostly |usually |i generally |i just |mostly |but |and |that |who )?(?:go(?:es)?"
        r"|going|went) by(?: the name)?(?: of)?"
    ),
    (3,
        r"\b(?:everyone|everybody|people|friends|they|folks|family|all|most|the world|colleagues"
        r"|mates)(?: \w+)? (?:calls?|says?|knows?|use|uses)(?: me)?(?: just)?"
    ),
    (3,
        r"\b(?:i )?(?:prefer|answer to|respond to|(?:please |just |better |do )use|ask for|known as|better known as"
        r"|nickname(?:'s| is|:)?|nicknamed|aka|a\.k\.a\.?|alias|goes? with|stick with|make (?:it|that)|just say"
        r"|you can say|can use|you may use)"
    ),
    (2,
        rf"\b(?:my |the |mine |me )?(?:{_KIND} ){{0,3}}(?:names?|nam|nane|naem|nmae|anme|nme|nombre|nom|naam|nome"
        r"|handle)(?:'s|s|’s| is| are| was|:| es| ist| est| é| -| =| would be|, it's|, is)?(?: (?:just|actually"
        r"|simply|really|also|still|called|in full|officially))?(?! (?:and|or|first|please|not)\b)"
    ),
    (2,
        r"\b(?:me llamo|je m['’ ]?appelle|ich hei(?:ß|ss)e|mi chiamo|jag heter|ik heet|jeg heter|jeg hedder"
        r"|meu nome é|eu sou o|eu sou a|eu me chamo|me chamo|chamo-me|nazywam się|mam na imię|ismi|ana ismi"
        r"|mera naam|je suis|ich bin(?: der| die)?|yo soy|soy|sono|ik ben|jestem|signed,?|sincerely,?|regards,?"
        r"|yours(?: truly)?,?|best,?|greetings from|myself(?: is)?|talking (?:to|with)|speaking (?:to|with)"
        r"|you'?ve got|put(?: me)?(?: down)?(?: as)?|write(?: down)?|christened|baptized|i was named|named me"
        r"|named)"
    ),
    (1,
        r"\b(?:i['’ ]?m|i am|this is|it['’]?s|it is|that['’]?s|that is|that would be|it would be|tis|t'is|it be"
        r"|me(?:,| is|\?|:|\b(?= [A-Z])))(?: (?:just|only|(?:usually |mostly |often |normally |generally |always "
        r"|now )?called|now|usually|simply|actually|still|the|plain|plain old|mr|mrs|ms|dr))*"
    ),
)  # fmt: skip
_LEAD_PATTERNS = tuple((strength, re.compile(rf"{lead}[\s:,\"'“-]+(?=\S)", re.IGNORECASE)) for strength, lead in _LEADS)
_CALLED = 3
_ENDS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (strength, re.compile(rf"(?:^|(?<=[\s,]))(?P<name>{_WORD}(?: {_WORD}){{0,4}}) {end}", re.IGNORECASE))
    for strength, end in (
        (
            3,
            r"(?:for short|is (?:fine|ok|okay|good|enough|what (?:people|everyone|friends|they)|how)|will do|works"
            r"|suffices|does it|is what)\b",
        ),
        (2, r"(?:is|was|'s) (?:my|the) (?:\w+ )?name\b"),
        (2, r"(?:here|speaking|on the line|at your service|reporting|writing)\b"),
    )
)
_GREETING = re.compile(
    r"^(?:(?:hi+|hello+|hey+|hiya|howdy|yo|hola|hallo|ciao|salut|bonjour|moin|greetings|namaste|well|sure|ok|okay"
    r"|oh|um+|uh+|er+|yes|yeah|yep|yup|of course|certainly|good (?:morning|evening|afternoon|day)"
    r"|dear|doctor|doc|sir|madam|sir or madam|there|all|team|everyone|to you|lol|so|and|first|please|no problem"
    r"|thanks|thank you|fine|alright|right|actually|sorry|just|only|it's just|always|usually|mostly|normally|now|me"
    r"|i mean|i meant|oops|but|wait|no|really|nope|again|hmm+|ah+)(?:[\s,.!:?;-]+|$))+",
    re.IGNORECASE,
)
_SPELLED = re.compile(rf"(?<![\w-]){_LETTER}(?:(?:[-. ]|, ){_LETTER}){{2,}}(?![\w-])\.?")
_PARTED = re.compile(
    r"\bfirst(?: name)?(?: is|:)? (?P<first>.{1,60}?)[\s,;.]+(?:and )?(?:my )?(?:last|family|sur"
    r"|second) ?(?:name)?(?: is|:)? (?P<last>.{1,80})",
    re.IGNORECASE,
)
_REVERSED = re.compile(rf"\s*(?P<last>{_WORD}), (?P<first>{_WORD}(?: {_LETTER}\.?)?)\s*")
_CLAUSE = re.compile(
    r"(?<=\w\w\w)\.(?:\s|$)|->|=>|\bno\b(?= \w{2,}$)|(?= (?:it's|i'm|im) )|[,;!?()\n/]|\s-+\s|\.{2,}|\b(?:but|so"
    r"|because|and(?= i\b| my\b| im\b)|although|though)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"^(?:it['’]?s |that['’]?s |i['’]?m |im |name is |my name is |call me |is )?(?:not|née|nee|formerly|was"
    r"|(?:my )?name was|never|don['’]?t|dont|do not|no longer|used to be)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\s*(?:is|are|do|does|did|can|could|must|should|why|what|who|how|when|where|will|would|may|have|am)\b",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"\b(?:not|never|don['’]?t|dont|do not|no longer|nobody|no ?one|used to|isn['’]?t|(?<!no )without)(?: \w+)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Heard:
    """A name that was found, how strongly the words around it say so, and where."""

    name: str
    strength: int
    start: int


def read_name(text: str) -> str | None:
    """What the visitor wants to be called, in the usual spelling of names, without titles."""
    said = _tidy(text)
    if "@" in said or re.search(r"https?:|www\.", said):
        return None
    whole = _in_two_parts(said)
    if whole:
        return whole
    heard = [*_heard(said)]
    return as_written(_meant(said, heard).name) if heard else None


def _tidy(text: str) -> str:
    said = unicodedata.normalize("NFKC", text).replace("’", "'").replace("`", "'")
    said = "".join(
        sign if unicodedata.category(sign) not in ("So", "Sk", "Cf", "Cs", "Co") and sign != "\ufe0f" else " "
        for sign in said
    )
    said = re.sub(r"[\"“”*_<>\[\]~^]+", " ", said)
    said = _POINT.sub(r"\1", said)
    said = _SPELLED.sub(_joined, said)
    return " ".join(said.split()).strip()


def _joined(match: re.Match[str]) -> str:
    letters = re.sub(r"[^\w]", "", match[0])
    return letters.capitalize() if len(letters) > 2 else match[0]


def _in_two_parts(said: str) -> str | None:
    if found := _PARTED.search(said):
        first, last = _name_at(found["first"], 2), _name_at(found["last"], 2)
        return as_written(f"{first} {last}") if first and last else None
    if (found := _REVERSED.fullmatch(said)) and all(_fits(found[part], 1) for part in ("first", "last")):
        return as_written(f"{found['first']} {found['last']}")
    return None


def _heard(said: str) -> Iterator[_Heard]:
    place = 0
    for clause in _CLAUSE.split(said, maxsplit=_MOST_CLAUSES)[:_MOST_CLAUSES]:
        start = said.find(clause, place) if clause else place
        place = start + len(clause)
        if (
            clause.strip()
            and not _NOT.match(clause.strip())
            and not said[place : place + _BEFORE].lstrip().startswith("?")
        ):
            yield from _in_clause(clause, start)
        elif clause.strip() and not _QUESTION.match(clause):
            yield from (one for one in _in_clause(clause, start) if one.strength > 1)


def _in_clause(clause: str, start: int) -> Iterator[_Heard]:
    for strength, pattern in _LEAD_PATTERNS:
        for match in islice(pattern.finditer(clause), _MOST_LEADS):
            lead = clause[max(0, match.start() - _BEFORE) : match.end()].casefold()
            if strength < _CALLED and whose(lead) == "other":
                continue
            if _NOT_BEFORE.search(clause[max(0, match.start() - _BEFORE) : match.start()]):
                continue
            if name := _name_at(clause[match.end() : match.end() + _LONGEST], strength):
                yield _Heard(name, strength + 1, start + match.end())
    for strength, pattern in _ENDS:
        found = pattern.search(clause)
        if found and (name := _name_at(_GREETING.sub("", found["name"]), 1)):
            yield _Heard(name, strength + 1, start)
    bare = _GREETING.sub("", clause.strip())
    if bare and (name := _name_at(bare, 0)) and not (start and re.fullmatch(r"[A-Z]{2}", name)):
        yield _Heard(name, 1, start + max(0, clause.find(name.split()[0])))


def _meant(said: str, heard: list[_Heard]) -> _Heard:
    """The strongest; of those that are equally strong, the first, or the last after a correction."""
    best = max(one.strength for one in heard)
    first = next(one for one in heard if one.strength == best)
    for later in reversed(heard):
        between = said[first.start : later.start].casefold()
        if later.start > first.start and re.search(
            r"\b(?:sorry|i mean|i meant|oops|no really|rather|correction|actually|no,? wait)\b", between
        ):
            return later
        if (
            best <= _CALLED
            and later.start > first.start
            and later.name.casefold().endswith(f" {first.name.casefold()}")
        ):
            return later
    if best > _CALLED and first.start:
        return [one for one in heard if one.strength == best][-1]
    return first


def _name_at(words: str, strength: int) -> str | None:
    """The name at the beginning of `words`; where no strong lead stands before, nothing else may follow it."""
    rest = _GREETING.sub("", words.strip()) if strength else words.strip()
    untitled = _TITLE.sub("", rest)
    titled = untitled != rest
    taken: list[str] = []
    tokens = untitled.split()
    while (
        tokens
        and len(taken) < MOST_WORDS
        and re.fullmatch(_WORD + r"[,:]?", tokens[0])
        and not (taken and _AFTER_NAME.match(tokens[0].rstrip(".,")))
    ):
        token = re.sub(r"'s$", "", tokens.pop(0).rstrip(",:"))
        if not taken or token.casefold() != taken[-1].casefold():
            taken.append(token)
        if not taken[-1].rstrip("."):
            break
    if tokens and strength < 2 and not _AFTER_NAME.match(tokens[0]):
        return None
    while len(taken) > 1 and taken[-1].strip(".").casefold() in _DEGREES:
        taken.pop()
    name = " ".join(taken).strip(" -'")
    name = name.rstrip(".") if not re.search(rf"(?:^|[\s.]){_LETTER}\.$", name) else name
    return name if _fits(name, 2 if titled else strength) else None


def _fits(name: str, strength: int) -> bool:
    """Whether these words can be a name; after "my name is" a town's name can."""
    words = [word.strip(".").casefold() for word in name.split()]
    initials = {word.strip(".").casefold() for word in name.split()[1:] if re.fullmatch(r"[A-Z]\.?", word)}
    if not words or len(words) > MOST_WORDS or any(word in WORDS and word not in initials for word in words):
        return False
    if all(word in STATES for word in words) or (
        strength < 2 and all(word in PLACES or word in STATES or word in _PARTS for word in words)
    ):
        return False
    if strength < 2 and any(_is_form(word) for word in words) and (name.islower() or len(words) == 1):
        return False
    return len(words) > 1 or len(words[0]) > 1


_PARTS = frozenset(
    ["new", "los", "las", "san", "santa", "st", "saint", "north", "south", "east", "west", "city", "the"]
)


def _is_form(word: str) -> bool:
    return (word.endswith(("ing", "ness", "less", "tion")) and len(word) > 5) and word not in (
        "sterling",
        "irving",
        "fleming",
        "manning",
        "harding",
        "channing",
        "browning",
    )
