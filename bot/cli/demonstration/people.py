"""People who do not exist: names nobody has, addresses at example domains, numbers that are kept for stories."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

FIRST = (
    "Nora", "Tobias", "Zoë", "Marguerite", "Odell", "Priya", "Casimir", "Lucinda", "Bram", "Ottilie", "Jonas", "Amara",
    "Fergus", "Ines", "Rosalind", "Kwame", "Petra", "Silas", "Yara", "Leopold", "Maren", "Dashiell", "Imogen", "Hugo",
)  # fmt: skip
LAST = (
    "Quillfeather", "Fernwhistle", "Marblethwaite", "Oddlington", "Penhallowby", "Thistledown", "Wickerbee",
    "Copperpot", "Brindlewick", "Snowpenny", "Applegarthe", "Featherstoke", "Hollybrookes", "Merriweathers",
    "Rumbleton", "Sandpiperly", "Tumbledale", "Underbough", "Velvetine", "Whiskerby", "Yellowhammer", "Zephyrson",
)  # fmt: skip
AREAS = (202, 303, 415, 512, 617, 702, 813, 919)


@dataclass(frozen=True)
class Person:
    """Somebody invented; `phone` is as they would write it."""

    name: str
    email: str
    phone: str


def people(chance: Random) -> Iterator[Person]:
    """People without end, each with a name of their own until all are used."""
    names = [(first, last) for first in FIRST for last in LAST]
    chance.shuffle(names)
    while True:
        for first, last in names:
            email = f"{first}.{last}@mail.example".lower().replace("ë", "e")
            phone = f"({chance.choice(AREAS)}) 555-01{chance.randrange(100):02d}"
            yield Person(f"{first} {last}", email, phone)
