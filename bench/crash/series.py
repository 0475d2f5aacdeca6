"""The two ways to crash: each step once, and seeded random steps."""

import random
from collections.abc import Iterator, Sequence

from bench.crash.child import Round
from bench.crash.faults import Fault, Strike
from bench.crash.stage import Stage
from bench.processes import Show

CROWDS = (1, 2, 3)
AGAIN = 0.3
TWICE = 0.3
VERIFY_EVERY = 50


def faults_on(url: str) -> tuple[Fault, ...]:
    """The faults that a database can have."""
    return ("kill", "cut", "end") if url.startswith("postgresql") else ("kill", "cut")


def steps_of(stage: Stage, crowd: int = 1, together: bool = False) -> list[str]:
    """The names of the steps that it takes to hand a crowd over, and to deliver that to a receiver that is well."""
    before = len(stage.log.of("step"))
    stage.play([Round(stage.new_conversations(crowd), together=together, calm=True)], every=True)
    return [name for (name,) in stage.log.of("step")[before:]]


def each_step(stage: Stage, faults: Sequence[Fault]) -> list[str]:
    """Strike at each step of one submit and its delivery, once, with the `faults` in turn; returns the steps.

    After a kill, another child takes over. The receiver takes the first try of a delivery that is struck, so that a
    step has the same number in every run. A conversation is named after its fault, and the verdict is on all of them.
    """
    steps = steps_of(stage)
    rounds = []
    for number, name in enumerate(steps, 1):
        fault = faults[number % len(faults)]
        conversations = stage.new_conversations(1, f"{fault} at {name}")
        rounds.append(Round(conversations, calm=name.startswith("delivery"), fault=fault, at=number))
    stage.play(rounds)
    stage.check("each step")
    return steps


def at_random(stage: Stage, times: int, seed: int, show: Show) -> None:
    """Strike `times` times at random steps, while some visitors hand themselves over, a few by a double click, and
    deliveries go on; now and then a child is struck that takes over from one that was killed."""
    chance = random.Random(seed)  # noqa: S311  # faults, not secrets
    lengths = {crowd: len(steps_of(stage, crowd, together=True)) for crowd in CROWDS}
    verified = 0
    while (done := stage.tally.struck) < times:
        conversations = stage.new_conversations(chance.choice(CROWDS))
        twice = [one for one in conversations if chance.random() < TWICE]
        strikes = list(_strikes(chance, faults_on(stage.url), lengths[len(conversations)]))[: times - done]
        fault, at = strikes[0]
        stage.play([Round(conversations, twice, together=True, fault=fault, at=at)], strikes[1:])
        done = stage.tally.struck
        chain = done >= times or done - verified >= VERIFY_EVERY
        verified = done if chain else verified
        stage.check(f"crash {done}, {strikes}", chain)
        show(done, times)


def _strikes(chance: random.Random, faults: tuple[Fault, ...], steps: int) -> Iterator[Strike]:
    yield chance.choice(faults), chance.randint(1, steps)
    while chance.random() < AGAIN:
        yield chance.choice(faults), chance.randint(1, steps)
