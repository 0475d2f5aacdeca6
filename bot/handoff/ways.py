"""Which ways of contact a message names, refuses, or leaves as the only ones."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.handoff.fields import WAYS, Way
from bot.handoff.form import Form

# What may stand between "no" or "only" and the way that it is about.
_BETWEEN = (
    r"(?:(?:a|an|the|any|anyone|anybody|any more|more|my|your|you|u|me|us|want|need|like|get|getting|got|have|having|"
    r"be|being|been|send|sending|sent|use|using|do|doing|to|by|via|through|over|on|from|with|give|giving|accept|take|"
    r"taking|ever|receive|receiving|please|pls|interested|comfortable|happy|keen|okay|ok|in|for|of|those|these|contact|"
    r"contacted|reach|reached|one|should|would|could|can|may|must|so|many|further|unwanted|check|read|prefer|up)"
    r"\s+){0,6}"
)
_NEVER = (
    r"(?:(?<!why )not?|dont|do not|doesnt|never|without|stop|hate|hates|wont|will not|cant|cannot|couldnt|wouldnt|"
    r"shouldnt|mustnt|nor|neither|instead of|rather than|nobody|noone|quit|cancel|revoke|withdraw|against|refuse|"
    r"opt out|opting out|rather (?:you|they|u) (?:didnt|did not)|unsubscribe|take me off|isnt|arent|cease)"
)
# "You never called me back" is a complaint.
_COMPLAINT = re.compile(
    r"\b(?:never|nobody|noone|no one|didnt|hasnt|havent|not)(?: ever| even| yet)? "
    r"(?:called|phoned|texted|emailed|answered|rang|returned|replied)\b"
    r"(?: (?:my|me|us|back|the|an?|any|emails?|calls?|texts?|phone|or))*"
)
# "The phone is wrong" is about the number.
_WRONG = r"(?!\s+(?:number\s+|address\s+)?(?:is|was|isnt|are)\s+(?:wrong|incorrect|old|not|outdated|in)|\s+isnt\b)"
_ONLY = r"(?<!not )(?:only|just|solely|strictly|exclusively|nothing but)"
# "Don't call me before nine" refuses no calls.
_CONDITION = (
    r"(?!\s+(?:(?:me|us|my \w+)\s+)?(?:before|after(?! all)|at(?! all| any)|during|in(?! any)|on(?! me)|until|till|til|"
    r"while|when|if|between|yet|unless|too (?:early|late))\b)"
)
# "Don't call me honey" is about a name.
_CALLED = (
    r"(?!\s+me\s+(?!(?:any ?more|again|ever|please|pls|plz|now|today|instead|back|thanks|thx|then|either|here|up|mate|"
    r"bro|sir|man|ok)\b)\w+\W*$)"
)
# "No calls, email is fine": the way after the comma is not refused.
_MEANT = (
    r"(?!\s*(?:is|are|works?|would|only|please|pls|instead|fine|ok|okay|good|yes|me|us)\b)(?!\s*(?:,\s*)?(?:yes|ok)\b)"
)
_SOLE = r"(?:\s+(?:me|us|please|pls|is|are|messages?|contact))*\s+(?:only|exclusively|alone|and nothing else)\b"
_REFUSED_AFTER = (
    r"\s*(?:is|are|=|:)\s*(?:an?\s+)?(?:no|nope|never|out|not)\b"
    r"(?! (?:problem|worries|prob|issue|right|correct|mine|complete|working|valid|up to date))"
)
_CLAUSES = re.compile(r"[.;!?\n]+|\b(?:but|though|although|however|because|cause|cuz|since)\b")
_EMAIL = re.compile(r"\be[\s-]mail")
_ADDRESS = re.compile(r"(?<!\S)\S*@\S*")


@dataclass(frozen=True)
class WayWords:
    """The ways by the words that mean them, and the patterns around these."""

    words: Mapping[Way, Sequence[str]]
    refusing: re.Pattern[str]
    only: re.Pattern[str]
    sole: re.Pattern[str]

    def named(self, text: str) -> frozenset[Way]:
        """The ways that a text names, refused or not."""
        return self._in([_tidy(text)])

    def refused(self, text: str) -> frozenset[Way]:
        """The ways that a text says no to."""
        return self._in(found[0] for clause in _clauses(text) for found in self.refusing.finditer(clause))

    def only_ways(self, text: str) -> frozenset[Way]:
        """The ways that a text leaves as the only ones; none where it leaves all of them."""
        said = [*_clauses(text)]
        found = [found[0] for clause in said for kind in (self.only, self.sole) for found in kind.finditer(clause)]
        return self._in(found) - self.refused(text)

    def left(self, text: str) -> frozenset[Way]:
        """The ways that a text names and does not refuse."""
        return self.named(text) - self.refused(text)

    def bare(self, said: str, way: Way) -> bool:
        """Whether plain words say nothing but a way ("call me please")."""
        rest = set(said.split()) - _FILLERS
        own = {part for name in self.words[way] for part in name.split()}
        return bool(rest) and rest <= own

    def _in(self, texts: Iterable[str]) -> frozenset[Way]:
        joined = " ; ".join(texts)
        return frozenset(way for way in WAYS if re.search(rf"\b(?:{'|'.join(self.words[way])})\b", joined))


# Words beside a way that change nothing: "you can call me".
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        """a alright am an and appreciated are at be best better by can cool do fine for go good great happy i id ill im
        is it just like lovely me most my nice of ok okay on only over please pls plz prefer preferred rather send sure
        take thank thanks that thats the through to u use very via want we welcome will with work works would you
        your""",
    )
)


def way_words(form: Form) -> WayWords:
    """The words of a form's consents."""
    return _built(tuple((way, form.consents.of(way).names) for way in WAYS))


@lru_cache(maxsize=4)
def _built(names: tuple[tuple[Way, tuple[str, ...]], ...]) -> WayWords:
    listed = sorted((name for _, some in names for name in some), key=len, reverse=True)
    way = rf"\b(?:{'|'.join(listed)})\b"
    more = rf"(?:(?:\s*(?:,|/|\+|&)\s*(?:and |or |nor )?|\s+(?:and|or|nor|n)\s+)(?:no\s+)?{_BETWEEN}{way}{_MEANT})*"
    end = rf"{_CONDITION}{_CALLED}"
    return WayWords(
        words=dict(names),
        refusing=re.compile(rf"\b{_NEVER}\s+{_BETWEEN}{way}{_WRONG}{more}{end}|{way}{_REFUSED_AFTER}"),
        only=re.compile(rf"\b{_ONLY}\s+{_BETWEEN}{way}{more}{end}"),
        sole=re.compile(rf"{way}(?:\s*(?:,|/|\s(?:and|or|n)\s)\s*{way})*{_SOLE}{end}"),
    )


def _tidy(text: str) -> str:
    """A text in small letters without apostrophes and addresses."""
    said = _ADDRESS.sub(" ", text.casefold().replace("'", "").replace("’", ""))
    return " ".join(_EMAIL.sub("email", said).split())


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSES.split(_COMPLAINT.sub(" ", _tidy(text))) if clause.strip()]
