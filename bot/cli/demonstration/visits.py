"""Who comes when, by which channel, and what for: people who do not exist, over the last four weeks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.cli.demonstration.people import Person, people
from bot.cli.demonstration.talks import Talk, purposes, talk
from bot.transcripts.demonstration import identifier

CHANNELS = ("web",) * 7 + ("whatsapp", "whatsapp", "telegram", "messenger", "sms", "slack")
SPAN = timedelta(days=28)
LATELY = timedelta(hours=6)
# How many of the conversations were led within the last hours, and how many people come twice.
FRESH, AGAIN = 0.05, 0.05


@dataclass(frozen=True)
class Visit:
    """A conversation that is to be led, from a time (UTC) on."""

    conversation: str
    channel: str
    began: datetime
    talk: Talk


def visits(count: int, chance: Random, now: datetime) -> list[Visit]:
    """So many visits within the last four weeks, the oldest first."""
    strangers, known = people(chance), list[Person]()
    times = sorted(_time(chance, now) for _ in range(count))
    made = []
    for number, (began, purpose) in enumerate(zip(times, purposes(chance, count), strict=True), start=1):
        comes_again = known and chance.random() < AGAIN
        who = chance.choice(known) if comes_again else next(strangers)
        known.append(who)
        made.append(Visit(identifier(number), chance.choice(CHANNELS), began, talk(chance, who, purpose)))
    return made


def _time(chance: Random, now: datetime) -> datetime:
    """Some time gone by: now and then of the last hours, else of any day, rather by day than at night."""
    if chance.random() < FRESH:
        return now - chance.uniform(0.1, 1) * LATELY
    day = now - LATELY - chance.random() * (SPAN - LATELY)
    return min(now - LATELY, day.replace(hour=round(chance.triangular(6, 23, 16)), minute=chance.randrange(60)))
