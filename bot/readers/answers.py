"""Answers that hold no fact: a plain "none of it", a refusal, and not knowing."""

import re

from bot.assessment.questions import plain


def _listed(text: str) -> tuple[str, ...]:
    """The phrases of a list with commas, the longest first."""
    return tuple(sorted((" ".join(phrase.split()) for phrase in text.split(",")), key=len, reverse=True))


# What may stand around the words that count, and changes nothing.
AROUND = frozenset(
    _listed(
        """a, ah, all, am, and, anything, any, as, at, atm, bless, bro, but, by, currently, dear, do, dont, doc, doctor,
        er, far, for, from, fortunately, god, gods, grace, guess, haha, have, having, hello, hey, hi, hmm, honestly, i,
        im, ill, is, it, its, just, know, lol, luckily, maam, me, mate, more, much, my, nah, no, nope, not, now, of, oh,
        ok, okay, on, one, or, other, else, phew, please, pls, really, right, side, sir, so, sorry, still, tbh, afaik,
        thank, thankfully, thanks, that, thats, the, there, think, this, those, these, to, touch, um, very, well,
        whatsoever, wood, yeah, yes, yet, you, your, knock, here, with, in, body, both, either, way, man, dude, buddy,
        happily"""
    )
)
NONE_AT_ALL = _listed(
    """no, none, nope, nah, nothing, nil, na, n a, zero, zilch, nada, never, neither, negative, not any, not one, naw,
    noo, not a thing, not a single one, not a sausage, no sir, no to all, no to everything, no across the board,
    non, nein, nothing to report, nothing to declare, nothing special, nothing serious, nothing major, nothing
    important, nothing big, nothing wrong with me, nothing i know of, nothing that i know of, nothing im aware of,
    not that i know of, not sick, not that im aware of, not that i am aware of, not to my knowledge, not as far as i
    know, none that i know of, none that im aware of, none i know of, none known, none to my knowledge, no issues,
    no problems, nothing worth mentioning, no conditions, no illnesses, no illness, no disease, no diseases, no
    health issues, no health problems, no health conditions, no medical conditions, no medical issues, no medical
    history, no medical problems, no meds, no medicine, no medicines, no medication, no medications, no drugs, no
    pills, no tablets, no symptoms, no complaints, no allergies, no such thing, no chronic illness, no chronic
    conditions, no known conditions, no known illnesses, nothing of note, not on anything, not taking anything, not
    on any meds, not on any medication, not taking any, take nothing, no surgeries, dont take anything, dont take
    any, dont have any, not having any disease, not having any, free of everything, i think not, healthy, fit,
    healthy as a horse, healthy as an ox, fit as a fiddle, fit as a flea, fit as a butchers dog, right as rain,
    strong as an ox, strong as a horse, picture of health, the picture of health, perfect health, good health,
    excellent health, clean bill of health, clean bill, clean as a whistle, all good, all clear, all fine, fine,
    good, fighting fit, never been sick, never sick, never ill, not a pill, nothing but vitamins, vitamins only,
    only vitamins, just vitamins, nowt, nix, nuffin, nothin, nuthin, nuttin, notin, nothing comes to mind, cant
    think of any, cant think of anything, doesnt apply, does not apply, not applicable, not me, none at all, not at
    all, not really, none of the above, none of those, none of these, none of them, none of that, none of it,
    nothing like that, nothing of the sort, no medical condition, not a smoker, nothing else, never had any, no
    known, i dont think so, dont think so, perfectly healthy, completely healthy, totally healthy, very healthy,
    pretty healthy, perfectly fine, in great shape"""
)
REFUSALS = _listed(
    """skip, pass, lady never tells, gentleman never tells, next, private,
    personal, confidential, decline, refuse, nunya, next question, rather not, prefer
    not, none of your business, none of ur business, not your business, not ur business, none of your concern, none
    of your beeswax, mind your own business, thats private, its private, this is private, that is private, too
    private, too personal, thats personal, its personal, no comment, not telling, wont say, wont tell, wont answer,
    not answering, i refuse, refuse to answer, refuse to say, decline to answer, decline to say, i decline, dont
    want to say, dont want to answer, dont want to tell, dont want to share, dont want to talk about, dont wish to,
    do not wish to, do not want to say, do not want to answer, not comfortable, uncomfortable sharing, uncomfortable
    answering, not sharing, not going to share, wont share, dont feel like answering, dont feel like sharing, move
    on, ask me something else, not saying, not for you to know, thats confidential, why would i tell you, like to
    skip, want to skip, can i skip, can we skip, keep that to myself, keep it to myself, keep this to myself, keep
    that private, keep it private, leave that out, leave it blank, leave that blank, leave blank, no answer, not
    gonna say, not going to say, not gonna tell, not gonna answer, not going to tell, not going to answer, only with
    a doctor, only tell a doctor, tell the doctor, discuss that with a doctor, skip this, skip it, skip that, skip
    please, pass on that, pass on this, pass on this one, ill pass, next one, none of yours, nobodys business, no
    ones business, my business, thats between me and my doctor, between me and my doctor"""
)
UNSURE = _listed(
    """unsure, dunno, idk, donno, maybe, perhaps, possibly, unknown, unclear, forgot, not sure, no idea, no clue, dont
    know, do not know, not certain, cant say, cant tell, could be, might be, hard to say, hard to tell, who knows,
    cant remember, dont remember, i forget, beats me, havent a clue, havent got a clue, havent checked, never
    checked, never tested, ask me later, havent been tested, not tested, need to check, have to ask my doctor, have
    to check, not quite sure, not really sure, search me, your guess is as good as mine, couldnt tell you, couldnt
    say, god knows, lord knows, no way to know, wouldnt know, not 100, no earthly idea, cant recall, dont recall,
    not entirely sure, what do i know, only god knows, how should i know"""
)
LONGEST = 14
CROSSED = re.compile("^(?=\\s*[👎🙅❌✖🚫])[👎🙅❌✖🚫\ufe0f\u200d♀♂\U0001f3fb-\U0001f3ff\\s]+$")


# "None, thank you, the last one was years ago" begins with all that counts; "none, but my heart" does not.
_BEGINS = re.compile(
    r"^\W*(?:(?:ok|okay|well|um|so|nah|no|yes|yeah|fine|right|er|oh)\W+)*"
    r"(?:none(?! of (?:your|ur|yo\b|you))|nothing|nope|nil|nada|clean bill|all clear|healthy|fit as|im (?:fit"
    r"|healthy|well|fine)"
    r"|i (?:take|have|use|am on|got|have got) (?:no|none|nothing)\b|no (?:\w+ ){0,2}(?:tablets?|pills?|meds|medicines?"
    r"|medications?|drugs|illness(?:es)?|conditions?|diseases?|problems?|issues|symptoms))\b(?P<rest>.*)$",
    re.DOTALL,
)
_EXCEPTS = re.compile(
    r"\b(?:but|except|apart|besides|other than|only|just|though|although|unless|still|have|take|takes"
    r"|taking|took|use|using|on|diagnosed|with|works?|worked|helps?|helped|cures?|syndrome|failure|disease|since)\b|\?"
)
MOST_WORDS = 16


def begins_with_none(text: str) -> bool:
    """Whether a short answer begins by denying it all, and goes on to nothing that may be an exception."""
    words = re.sub(r"['’`]", "", text.casefold())
    found = _BEGINS.match(words)
    return bool(found and len(words.split()) <= MOST_WORDS and not _EXCEPTS.search(found["rest"]))


def denies_all(text: str) -> bool:
    """Whether an answer says "none of it" and names nothing."""
    rest, found = f" {plain(text)} ", bool(CROSSED.match(text))
    for words in NONE_AT_ALL:
        if f" {words} " in rest:
            rest, found = rest.replace(f" {words} ", "  "), True
            rest = f" {' '.join(rest.split())} "
    return found and "?" not in text and AROUND.issuperset(rest.split())


def refuses(text: str) -> bool:
    """Whether somebody will not answer."""
    return _says(text, REFUSALS)


def is_unsure(text: str) -> bool:
    """Whether somebody does not know the answer."""
    return _says(text, UNSURE)


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a short text holds one of `phrases`; one of a single word has to be all that it says."""
    words = plain(text).split()
    said = f" {' '.join(words)} "
    alone = set(words) - AROUND
    return len(words) <= LONGEST and any(
        f" {phrase} " in said if " " in phrase else alone == {phrase} for phrase in phrases
    )
