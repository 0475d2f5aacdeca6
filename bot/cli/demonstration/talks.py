"""What invented visitors say: questions of all sorts, checks that end in every way, and requests for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.cli.demonstration.people import Person

QUESTIONS = (
    "how much does it cost", "does it hurt?", "is it fda approved", "how many sessions would I need",
    "what are the side effects", "does it work for women", "what is prp", "is prp just the cheap version",
    "stem cells vs minoxidil", "is it better than a transplant", "how long until I see results", "does it last forever",
    "will my insurance pay for it", "what are exosomes", "are exosomes legal", "how do I spot a bad clinic",
    "can I keep taking finasteride", "is it taken from my own body", "does it make new follicles", "am I too old",
    "what happens on the day", "how long is the recovery", "can I go back to work the next day", "who shouldn't do it",
    "does it work on a completely bald spot", "what should I ask the doctor", "are there any studies",
    "what about clinics in mexico", "does it cause cancer", "does stress make hair fall out",
    "im terrified of needles, is there any way round", "can prp and stem cells be combined", "are you a real person?",
    "what do you do with my data",
)  # fmt: skip
FOLLOW_UPS = ("who says that?", "why?", "how long?", "what's the source", "and for women?", "is it risky?")
UNCLEAR = (
    "is it good", "what about the blue light thing", "and the other one?", "shots vs surgery or what", "the new thing",
    "scalp thing price or risk", "cells from belly or hip, and does it matter which", "is it real",
)  # fmt: skip
BESIDE = (
    "stem cell treatment for my torn rotator cuff", "do you sell shampoo", "haircut near me", "explain recursion",
    "can my dog have it", "who won the game last night", "what is the capital of peru", "do you sell wigs",
    "cuánto cuesta el tratamiento", "wie viel kostet das?", "do you have a job for me", "is turmeric good for my liver",
    "knock knock, anybody home", "can you cure my diabetes", "are hair gummies with biotin vegan",
)  # fmt: skip
DANGERS = (
    "I have chest pain right now and can't breathe",
    "my scalp is hot and swollen with pus since the injections last week",
    "i dont want to live anymore looking like this", "my face went numb and I can't lift my arm",
)  # fmt: skip
CAREFUL = (
    {"medications": "eliquis since my stroke"}, {"conditions": "lupus"}, {"conditions": "I get keloids"},
    {"medications": "methotrexate once a week"}, {"conditions": "breast cancer, ten years ago"},
    {"hair_loss_pattern": "Round or patchy spots, or sudden"}, {"conditions": "hemophilia"},
    {"medications": "I'd rather not say"}, {"medications": "warfarin"}, {"conditions": "allergic to lidocaine"},
)  # fmt: skip
NOT_NOW = (
    {"pregnancy_or_breastfeeding": "I'm 14 weeks pregnant"},
    {"pregnancy_or_breastfeeding": "still breastfeeding"},
)
CONFLICT = {"conditions": "hemophilia", "expectations": "more hair. and forget the hemophilia, i dont have hemophilia"}
USUAL: Mapping[str, Sequence[str]] = {
    "hair_loss_pattern": ("Slow thinning over years", "Slow thinning over years", "Shedding all over", "I'm not sure"),
    "duration": ("3 years", "about 18 months", "10 yrs", "since I was 25", "5 years maybe"),
    "prior_treatments": ("Nothing so far", "minoxidil for a year", "finasteride, 2 years", "laser cap, did nothing"),
    "conditions": ("None", "None", "None", "diabetes, well controlled", "asthma"),
    "medications": ("None", "None", "vitamin d", "lisinopril"),
    "pregnancy_or_breastfeeding": ("No", "Does not apply to me"),
    "scalp_symptoms": ("None", "None", "a bit of dandruff"),
    "expectations": ("Somewhat thicker hair", "to stop losing more", "my hair like at 20"),
    "timeline": ("Just looking", "in the next three months", "this year"),
}
PREFERENCES = ("Morning", "Afternoon", "after 5 pm", "any time")
YES, NO = "Yes", "No"
CHECK, PERSON, OFFERED = "start the suitability check", "I want to talk to a person", "Yes, please"


@dataclass(frozen=True)
class Step:
    """A message of the visitor, and what they answer to each question that follows, until `until` is asked."""

    says: str
    answers: Mapping[str, str] = field(default_factory=dict)
    until: str | None = None


Talk = Sequence[Step]


def questions(chance: Random, number: int) -> list[Step]:
    """Some questions; now and then one that goes on from the answer, and one that is not understood."""
    steps = [Step(text) for text in chance.sample(QUESTIONS, number)]
    for texts, likely in ((FOLLOW_UPS, 0.35), (UNCLEAR, 0.25), (BESIDE, 0.25)):
        if chance.random() < likely:
            steps.insert(chance.randrange(len(steps)) + 1, Step(chance.choice(texts)))
    return steps


def check(chance: Random, until: str | None = None, **answers: str) -> Step:
    """The check, with usual answers but for some; `summary` confirms it."""
    usual = {name: chance.choice(texts) for name, texts in USUAL.items()}
    return Step(CHECK, {"age": str(chance.randrange(21, 69)), **usual, "summary": "yes", **answers}, until)


def person(chance: Random, who: Person, says: str = PERSON, **answers: str) -> Step:
    """The request for a person, with the consents and details of somebody."""
    by_mail, by_phone = chance.choice(((YES, YES), (YES, NO), (NO, YES)))
    ways = {"consent_email": by_mail, "consent_phone": by_phone, "consent_text": chance.choice((YES, NO, NO))}
    preferred = "E-mail" if by_mail == YES else "Phone"
    details = {
        "age": str(chance.randrange(21, 69)),
        "consent_share": YES,
        **ways,
        "name": who.name,
        "email": who.email,
        "phone": who.phone,
        "preferred_contact": preferred,
        "preferred_time": chance.choice(PREFERENCES),
        "summary": "yes",
    }
    return Step(says, {**details, **answers})


def purposes(chance: Random, count: int) -> list[str]:
    """What so many visitors come for: everything once, where they are enough, and the rest as often as is usual."""
    weights = [weight for weight, _ in KINDS.values()]
    found = [*KINDS, *chance.choices(tuple(KINDS), weights, k=count)][:count]
    chance.shuffle(found)
    return found


def talk(chance: Random, who: Person, purpose: str) -> Talk:
    """One visitor's whole conversation."""
    return KINDS[purpose][1](chance, who)


def _asks(chance: Random, _who: Person) -> Talk:
    return questions(chance, chance.randrange(1, 5))


def _asks_beside(chance: Random, _who: Person) -> Talk:
    return [Step(text) for text in chance.sample(BESIDE + UNCLEAR, 2)]


def _is_in_danger(chance: Random, _who: Person) -> Talk:
    return [*questions(chance, 1), Step(chance.choice(DANGERS))]


def _leaves_the_check(chance: Random, _who: Person) -> Talk:
    return [check(chance, until=chance.choice(("duration", "conditions", "medications", "expectations", "summary")))]


def _only_checks(chance: Random, _who: Person) -> Talk:
    return [check(chance, **chance.choice(({}, {}, *CAREFUL))), Step("No, thank you")]


def _is_a_minor(chance: Random, _who: Person) -> Talk:
    return [*questions(chance, 1), check(chance, age="16")]


def _refuses(chance: Random, who: Person) -> Talk:
    return [*questions(chance, 1), person(chance, who, consent_share=NO)]


def _is_sent_on(chance: Random, who: Person, **answers: str) -> Talk:
    return [*questions(chance, chance.randrange(1, 3)), check(chance, **answers), person(chance, who, OFFERED)]


def _careful(chance: Random, who: Person) -> Talk:
    return _is_sent_on(chance, who, **chance.choice(CAREFUL))


def _not_now(chance: Random, who: Person) -> Talk:
    return [check(chance, **chance.choice(NOT_NOW)), person(chance, who)]


def _contradicts(chance: Random, who: Person) -> Talk:
    return _is_sent_on(chance, who, **CONFLICT)


def _asks_for_a_person(chance: Random, who: Person) -> Talk:
    return [*questions(chance, chance.randrange(1, 3)), person(chance, who)]


def _takes_it_back(chance: Random, who: Person) -> Talk:
    return [*_asks_for_a_person(chance, who), Step("do not contact me any more")]


# How often, and what.
KINDS = {
    "asks": (70, _asks),
    "asks beside": (22, _asks_beside),
    "danger": (10, _is_in_danger),
    "leaves the check": (26, _leaves_the_check),
    "only checks": (14, _only_checks),
    "minor": (4, _is_a_minor),
    "refuses": (8, _refuses),
    "qualified": (38, _is_sent_on),
    "careful": (30, _careful),
    "not now": (6, _not_now),
    "contradicts": (8, _contradicts),
    "asks for a person": (58, _asks_for_a_person),
    "takes it back": (6, _takes_it_back),
}
